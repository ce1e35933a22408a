import type { AgentRecord } from '../../../core/agents/agentRecord';
import type { Clock } from '../../../core/base/clock';
import { DisposableStore, type DisposableLike, type EventLike } from '../../../core/base/disposable';
import type { Logger } from '../../../core/base/logger';
import { SerialQueue } from '../../../core/base/serialQueue';
import { Throttle } from '../../../core/base/throttle';
import { errorMessage } from '../../../core/errors/tacoError';
import type { StateStore } from '../../../core/team/ports';
import type { AgentRegistry } from '../agentRegistry';
import type { PendingPatches } from './pendingPatches';

/**
 * Minimum time between two reads of changed agents, milliseconds; the first change after a pause is read at once.
 * Working agents change all the time.
 */
const PACE_MS = 500;
/**
 * Interval at which all agents are read, milliseconds; longer where there are many. An event is only a wake-up and
 * can be lost.
 */
const POLL_INTERVAL_MS = 2000;
const POLL_INTERVAL_MS_PER_AGENT = 20;

export interface RemoteAgentCacheOptions {
  readonly store: Pick<StateStore, 'agents' | 'agent' | 'onEvent'>;
  readonly agents: Pick<AgentRegistry, 'all' | 'get' | 'isHere' | 'applyRemote' | 'discard'>;
  readonly pending: Pick<PendingPatches, 'settle' | 'apply'>;
  /** Fires on connection changes: events during a disconnection are lost. */
  readonly onConnection: EventLike<boolean>;
  readonly clock: Clock;
  readonly log: Logger;
  /** True on a host that joined: agents appear there without a notice to it. */
  readonly meetsAll: boolean;
  /** Called when an agent has reported done or lost its done flag: agents that wait for it are checked. */
  readonly onDone: () => void;
}

/**
 * Caches remote agents as Redis has them: for `depends_on`, and for the members of the team. Sends nothing to Redis
 * while there are none, and reads only changed agents. The cost grows with the number of changes, not with the size
 * of the team.
 */
export class RemoteAgentCache implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly changed = new Set<number>();
  private readAt: number;

  constructor(private readonly options: RemoteAgentCacheOptions) {
    const { store, agents, onConnection, clock, log, meetsAll } = options;
    this.readAt = clock.now();
    const sequence = this.disposables.add(
      new SerialQueue((error) => log.debug('mirror', { error: errorMessage(error) })),
    );
    const readChanged = sequence.shared(() => this.readChanged());
    const readAll = sequence.shared(() => this.readAll());
    const pace = this.disposables.add(new Throttle(clock, () => PACE_MS, readChanged));
    this.disposables.add(
      store.onEvent((event) => {
        if (event.kind !== 'agent' || !this.concerns(event.window)) return;
        this.changed.add(event.window);
        pace.ask();
      }),
    );
    this.disposables.add(onConnection((up) => (up && (meetsAll || this.others.length > 0) ? readAll() : undefined)));
    const timer = setInterval(() => {
      if (
        (meetsAll || this.others.length > 0) &&
        clock.now() - this.readAt >= agents.all.length * POLL_INTERVAL_MS_PER_AGENT
      )
        readAll();
    }, POLL_INTERVAL_MS);
    this.disposables.add({ dispose: () => clearInterval(timer) });
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private get others(): readonly AgentRecord[] {
    const { agents } = this.options;
    return agents.all.filter((record) => !agents.isHere(record));
  }

  private concerns(window: number): boolean {
    const { agents, meetsAll } = this.options;
    const record = agents.get(window);
    return record ? !agents.isHere(record) : meetsAll;
  }

  private async readChanged(): Promise<void> {
    const windows = [...this.changed];
    this.changed.clear();
    await this.options.pending.settle();
    const records = await Promise.all(windows.map((window) => this.options.store.agent(window)));
    records.forEach((record, i) => {
      const window = windows[i] ?? 0;
      // The agent may have been launched here since.
      if (!this.concerns(window)) return;
      if (record) this.take(record);
      else this.options.agents.discard(window);
    });
  }

  private async readAll(): Promise<void> {
    const { store, agents, clock } = this.options;
    this.readAt = clock.now();
    this.changed.clear();
    await this.options.pending.settle();
    const known = this.others.map(({ window }) => window);
    const records = await store.agents();
    for (const record of records) this.take(record);
    const there = new Set(records.map(({ window }) => window));
    for (const window of known) if (!there.has(window)) agents.discard(window);
  }

  private take(read: AgentRecord): void {
    const { agents, meetsAll, onDone, pending } = this.options;
    if (agents.isHere(read)) return;
    const record = pending.apply(read);
    const known = agents.get(record.window);
    const before = known && !agents.isHere(known) ? known : undefined;
    if (before ? JSON.stringify(before) !== JSON.stringify(record) : meetsAll) agents.applyRemote(record);
    if (before && before.done !== record.done) onDone();
  }
}

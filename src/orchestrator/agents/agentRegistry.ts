import { DisposableStore, Emitter, type DisposableLike } from '../../core/base/disposable';
import { errorMessage } from '../../core/base/errors';
import type { AgentRecord } from '../../core/models';
import type { Logger } from '../../core/team/ports';

/** What the record of an agent says that was stopped on purpose: nothing brings it back unasked. */
export const STOPPED = 'stopped by the person';

/** The team as one process knows it: agents whose panes it has, and those elsewhere, as Redis has them. */
export class AgentRegistry implements DisposableLike {
  protected readonly agents = new Map<number, AgentRecord>();
  protected readonly store = new DisposableStore();
  protected readonly changed = this.emitter<AgentRecord>();
  protected readonly crashes = this.emitter<AgentRecord>();
  /** Fires after an agent's record changed. */
  readonly onChanged = this.changed.event;
  /** Fires when an agent's process ended and nobody had asked for it. */
  readonly onCrash = this.crashes.event;

  constructor(
    /** The host that joined whose agents are here; empty: the leader's own. */
    private readonly host: string,
    private readonly logger: Logger,
  ) {}

  get all(): readonly AgentRecord[] {
    return [...this.agents.values()].sort((a, b) => a.window - b.window);
  }

  /** Those whose panes are in this session. A pane's id does not say whose tmux it is of, so no other may be looked for by it. */
  get here(): readonly AgentRecord[] {
    return this.all.filter((record) => this.isHere(record));
  }

  isHere({ host = '' }: Pick<AgentRecord, 'host'>): boolean {
    return host === this.host;
  }

  get(window: number): AgentRecord | undefined {
    return this.agents.get(window);
  }

  /** An agent that runs already, and whose record is in Redis. */
  upsert(record: AgentRecord): void {
    this.agents.set(record.window, record);
    this.changed.fire(record);
  }

  /** What has become of an agent elsewhere. */
  applyRemote(record: AgentRecord): AgentRecord {
    const before = this.agents.get(record.window);
    this.upsert(record);
    const ended =
      before !== undefined && before.status !== 'exited' && record.status === 'exited' && record.pane !== '';
    if (ended && record.exitCode !== '0' && record.activity !== STOPPED) this.crashes.fire(record);
    return record;
  }

  /** Who was elsewhere is there no more. */
  discard(window: number): void {
    this.agents.delete(window);
  }

  /** What Redis did not take has not happened: whoever found it out finds it again, and else nobody would ever see it. */
  protected rollback(before: AgentRecord, tried: AgentRecord): void {
    const now = this.agents.get(before.window);
    if (now?.startedAt !== before.startedAt) return;
    const later = Object.entries(now).filter(([field, value]) => value !== tried[field as keyof AgentRecord]);
    this.agents.set(before.window, { ...before, ...(Object.fromEntries(later) as Partial<AgentRecord>) });
  }

  dispose(): void {
    this.store.dispose();
  }

  protected emitter<T>(): Emitter<T> {
    return this.store.add(
      new Emitter<T>((error) => this.logger.error('agent.listener', { error: errorMessage(error) })),
    );
  }
}

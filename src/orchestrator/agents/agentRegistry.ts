import type { AgentRecord } from '../../core/agents/agentRecord';
import { DisposableStore, Emitter, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';

/** Activity in the record of an agent that was stopped on purpose; no crash policy starts it again. */
export const STOPPED = 'stopped by the person';

/** The team as one process knows it: agents with panes here, and remote agents as Redis has them. */
export class AgentRegistry implements DisposableLike {
  protected readonly agents = new Map<number, AgentRecord>();
  protected readonly store = new DisposableStore();
  protected readonly changed = this.emitter<AgentRecord>();
  protected readonly crashes = this.emitter<AgentRecord>();
  /** Fires after an agent's record changed. */
  readonly onChanged = this.changed.event;
  /** Fires when an agent's process ended unexpectedly. */
  readonly onCrash = this.crashes.event;

  constructor(
    /** The joined host whose agents run here; empty on the leader's own host. */
    private readonly host: string,
    private readonly logger: Logger,
  ) {}

  get all(): readonly AgentRecord[] {
    return [...this.agents.values()].sort((a, b) => a.window - b.window);
  }

  /**
   * Returns the agents with panes in this session. A pane id does not name its tmux server, so other agents must not
   * be looked up by it.
   */
  get here(): readonly AgentRecord[] {
    return this.all.filter((record) => this.isHere(record));
  }

  isHere({ host = '' }: Pick<AgentRecord, 'host'>): boolean {
    return host === this.host;
  }

  get(window: number): AgentRecord | undefined {
    return this.agents.get(window);
  }

  /** Adds an agent that runs already and whose record is in Redis. */
  upsert(record: AgentRecord): void {
    this.agents.set(record.window, record);
    this.changed.fire(record);
  }

  /** Applies the current record of a remote agent. */
  applyRemote(record: AgentRecord): AgentRecord {
    const before = this.agents.get(record.window);
    this.upsert(record);
    const ended =
      before !== undefined && before.status !== 'exited' && record.status === 'exited' && record.pane !== '';
    if (ended && record.exitCode !== '0' && record.activity !== STOPPED) this.crashes.fire(record);
    return record;
  }

  /** Drops a remote agent that no longer exists. */
  discard(window: number): void {
    this.agents.delete(window);
  }

  /** Rolls back a local change that Redis rejected; the next poll detects it again. */
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

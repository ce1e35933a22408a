import type { AgentRecord } from '../../core/agents/agentRecord';
import { DisposableStore, Emitter, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';

/** Activity in the record of an agent that was stopped on purpose; no crash policy starts it again. */
export const STOPPED = 'stopped by the user';

/** The team as one process knows it: agents with panes here, and remote agents as Redis has them. */
export class AgentRegistry implements DisposableLike {
  private readonly agents = new Map<number, AgentRecord>();
  private readonly disposables = new DisposableStore();
  private readonly changed = this.emitter();
  private readonly crashes = this.emitter();
  /** Fires after an agent's record changed. */
  readonly onChanged = this.changed.event;
  /** Fires when an agent's process ended unexpectedly. */
  readonly onCrash = this.crashes.event;

  constructor(
    /** The joined host whose agents run here; empty on the leader's own host. */
    private readonly host: string,
    private readonly log: Logger,
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

  /** Sets a record without a notice to the listeners. */
  set(record: AgentRecord): void {
    this.agents.set(record.window, record);
  }

  /** Adds or replaces an agent whose record is in Redis. */
  upsert(record: AgentRecord): void {
    this.set(record);
    this.notify(record);
  }

  /** Applies the current record of a remote agent. */
  applyRemote(record: AgentRecord): AgentRecord {
    const before = this.agents.get(record.window);
    this.upsert(record);
    const ended =
      before !== undefined && before.status !== 'exited' && record.status === 'exited' && record.pane !== '';
    if (ended && record.exitCode !== '0' && record.activity !== STOPPED) this.reportCrash(record);
    return record;
  }

  /** Drops an agent that no longer exists. */
  discard(window: number): void {
    this.agents.delete(window);
  }

  /** Notifies the listeners of a change that the record may not show, such as copy mode. */
  notify(record: AgentRecord): void {
    this.changed.fire(record);
  }

  reportCrash(record: AgentRecord): void {
    this.crashes.fire(record);
  }

  /** Rolls back a local change that Redis rejected; the next poll detects it again. */
  rollback(before: AgentRecord, tried: AgentRecord): void {
    const now = this.agents.get(before.window);
    if (now?.startedAt !== before.startedAt) return;
    const later = Object.entries(now).filter(([field, value]) => value !== tried[field as keyof AgentRecord]);
    this.set({ ...before, ...(Object.fromEntries(later) as Partial<AgentRecord>) });
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private emitter(): Emitter<AgentRecord> {
    return this.disposables.add(
      new Emitter<AgentRecord>((error) => this.log.error('agent.listener', { error: errorMessage(error) })),
    );
  }
}

import type { Clock } from '../../core/base/clock';
import { goOnAfterPause } from '../../core/plan/prompts';
import type { SessionState } from '../../core/team/session';
import type { AgentManager } from '../agents/agentManager';
import type { LimitNotifier } from './limitNotifier';

export interface TeamPauseOptions {
  readonly store: {
    session(): Promise<SessionState | null>;
    setSession(patch: Partial<SessionState>): Promise<void>;
    note(text: string): Promise<void>;
  };
  readonly agents: Pick<AgentManager, 'stopWork'>;
  readonly notifier: Pick<LimitNotifier, 'goOn'>;
  readonly epoch: number;
  /** Wakes all deliveries. */
  readonly wake: () => void;
  readonly clock: Pick<Clock, 'now'>;
}

/** The texts that the user reads while the team is paused. */
const PAUSED =
  'You paused the team: nothing is typed into any agent until you resume it (taco resume, or TACO: Resume Team)';

/**
 * Pauses a team at the user's request: nothing is typed into any agent, and working agents are interrupted. Its state is
 * in Redis: another leader, and the hosts, continue it.
 */
export class TeamPause {
  private paused = false;

  constructor(private readonly options: TeamPauseOptions) {}

  get isPaused(): boolean {
    return this.paused;
  }

  /** Reads whether the user paused the team; hosts call it whenever the session changed. */
  async follow(): Promise<void> {
    const paused = Boolean((await this.options.store.session())?.paused);
    if (paused === this.paused) return;
    this.paused = paused;
    if (paused) await this.interrupt();
    else this.options.wake();
  }

  /** Idempotent: a repeat keeps the time of the first pause. */
  async pause(): Promise<void> {
    const { store, clock } = this.options;
    // The gate closes first: the stop frees held messages, which must not be typed.
    this.paused = true;
    const before = await store.session();
    await store.setSession({ paused: before?.paused || String(clock.now()), detail: PAUSED });
    await this.interrupt();
    if (!before?.paused) await store.note('The team is paused');
  }

  /** Idempotent: "go on" is sent before the gate opens, under ids that derive from the pause. */
  async resume(): Promise<void> {
    const { store, notifier, wake } = this.options;
    const session = await store.session();
    if (session?.paused) {
      for (const window of windowsOf(session))
        await notifier.goOn(window, `resume:${session.paused}:${window}`, goOnAfterPause());
      await store.setSession({ paused: '', pausedWindows: '', detail: '' });
      await store.note('The team goes on');
    }
    this.paused = false;
    wake();
  }

  private async interrupt(): Promise<void> {
    const { store, agents, epoch } = this.options;
    const stopped = await agents.stopWork(epoch, 'stopped: the team is paused');
    if (stopped.length === 0) return;
    const before = windowsOf(await store.session());
    await store.setSession({ pausedWindows: [...new Set([...before, ...stopped])].join(',') });
  }
}

function windowsOf(session: SessionState | null): readonly number[] {
  return (session?.pausedWindows ?? '').split(',').filter(Boolean).map(Number);
}

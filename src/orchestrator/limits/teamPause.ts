import type { SessionState } from '../../core/team/session';

export interface TeamPauseOptions {
  readonly store: {
    session(): Promise<SessionState | null>;
    setSession(patch: Partial<SessionState>): Promise<void>;
    note(text: string): Promise<void>;
  };
  /** Interrupts the working agents of this host and returns their windows. */
  readonly stopWork: () => Promise<readonly number[]>;
  /** Asks an interrupted agent to continue; a repeat with the same `key` has no effect. */
  readonly goOn: (window: number, key: string) => Promise<void>;
  /** Wakes all deliveries. */
  readonly wake: () => void;
  readonly now: () => number;
}

/** What the user reads while the team is paused. */
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
    const { store, now } = this.options;
    // The gate closes first: the stop frees held messages, which must not be typed.
    this.paused = true;
    const before = await store.session();
    await store.setSession({ paused: before?.paused || String(now()), detail: PAUSED });
    await this.interrupt();
    if (!before?.paused) await store.note('The team is paused');
  }

  /** Idempotent: "go on" is sent before the gate opens, under ids that derive from the pause. */
  async resume(): Promise<void> {
    const { store, goOn, wake } = this.options;
    const session = await store.session();
    if (session?.paused) {
      for (const window of windowsOf(session)) await goOn(window, `resume:${session.paused}:${window}`);
      await store.setSession({ paused: '', pausedWindows: '', detail: '' });
      await store.note('The team goes on');
    }
    this.paused = false;
    wake();
  }

  private async interrupt(): Promise<void> {
    const { store, stopWork } = this.options;
    const stopped = await stopWork();
    if (stopped.length === 0) return;
    const before = windowsOf(await store.session());
    await store.setSession({ pausedWindows: [...new Set([...before, ...stopped])].join(',') });
  }
}

function windowsOf(session: SessionState | null): readonly number[] {
  return (session?.pausedWindows ?? '').split(',').filter(Boolean).map(Number);
}

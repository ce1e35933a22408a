import type { ReadingKind } from './agentProfile';
import type { AgentProfile } from './agentProfile';
import type { AgentRecord } from './agentRecord';

/**
 * Idle time that ends a turn after the screen showed work, milliseconds. No hook reports a turn that the user stopped.
 */
const RESTS_AFTER_WORK = 3000;
/**
 * Idle time after the first hook report, milliseconds. The CLI then redraws its input box for the last time; text typed
 * before that is lost.
 */
const RESTS_AFTER_START = 1500;

/**
 * Busy state of a CLI whose screen looks idle while it reads no key (`busyByHooks`). Its hooks report two such times:
 * from the start to the first report, and from a prompt to its answer. The screen overrides the hooks only after it was
 * idle for longer than the CLI ever freezes.
 */
export class HookBusyState {
  private worked = false;
  private started = false;
  private readySince: number | undefined;

  /** @param patienceMs maximum time in which the CLI draws nothing, milliseconds */
  constructor(
    private phase: 'starting' | 'busy' | null,
    private readonly patienceMs: number,
  ) {}

  /** Reason why TACO may not type yet; null: the screen decides. */
  get says(): 'starting' | 'busy' | null {
    return this.phase;
  }

  /** @param refused true if the prompt check kept the prompt from the model */
  onHook(event: string, refused: boolean): void {
    if (event === 'UserPromptSubmit' && !refused) this.begin('busy');
    else if (event === 'Stop' || event === 'StopFailure') this.begin(null);
    else if (event === 'SessionStart' && this.phase === 'starting') {
      this.started = true;
      this.readySince = undefined;
    }
  }

  /** Returns the reading that counts for this screen. `now`: milliseconds of one clock. */
  onScreen(kind: ReadingKind, now: number): ReadingKind {
    if (this.phase === null) return kind;
    if (kind !== 'ready') {
      this.readySince = undefined;
      this.worked ||= kind === 'busy' || kind === 'dialog';
      return kind;
    }
    this.readySince ??= now;
    const rest =
      this.phase === 'busy' && this.worked
        ? RESTS_AFTER_WORK
        : this.phase === 'starting' && this.started
          ? RESTS_AFTER_START
          : this.patienceMs;
    if (now - this.readySince < rest) return this.phase;
    this.begin(null);
    return kind;
  }

  private begin(phase: 'starting' | 'busy' | null): void {
    this.phase = phase;
    this.worked = false;
    this.readySince = undefined;
  }
}

/** One busy state per launch; a relaunch resets it. */
export class HookBusyStates {
  private readonly words = new Map<number, { readonly startedAt: number; readonly word: HookBusyState }>();

  /** Returns null for an agent whose screen is more reliable. */
  of({ window, startedAt, status, adopted }: AgentRecord, { busyByHooks, typing }: AgentProfile): HookBusyState | null {
    if (!busyByHooks || adopted) return null;
    const known = this.words.get(window);
    if (known?.startedAt === startedAt) return known.word;
    const word = new HookBusyState(status === 'starting' || status === 'busy' ? status : null, typing.patienceMs ?? 0);
    this.words.set(window, { startedAt, word });
    return word;
  }
}

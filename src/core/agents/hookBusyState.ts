import type { ReadingKind } from './agentProfile';

/** A screen that has shown work since the prompt and rests this long means it: no hook tells of a turn that a person has stopped. */
const RESTS_AFTER_WORK = 3000;
/** Its first word comes before its composer is drawn anew for the last time, and what is typed in between is lost: by then it stands, milliseconds. */
const RESTS_AFTER_START = 1500;

/**
 * What the hooks of a CLI say whose screen looks idle while it reads no key (`busyByHooks`): from its start to its first word, and from
 * a prompt to its answer. Its screen counts against them only when it has stayed idle for longer than the CLI ever freezes.
 */
export class HookBusyState {
  private worked = false;
  private started = false;
  private readySince: number | undefined;

  /** @param patienceMs how long the CLI may draw nothing, milliseconds */
  constructor(
    private phase: 'starting' | 'busy' | null,
    private readonly patienceMs: number,
  ) {}

  /** Why nothing may be typed yet; null: the screen decides. */
  get says(): 'starting' | 'busy' | null {
    return this.phase;
  }

  /** @param refused the door kept the prompt from the model */
  onHook(event: string, refused: boolean): void {
    if (event === 'UserPromptSubmit' && !refused) this.begin('busy');
    else if (event === 'Stop') this.begin(null);
    else if (event === 'SessionStart' && this.phase === 'starting') {
      this.started = true;
      this.readySince = undefined;
    }
  }

  /** What the screen is to be taken for. `now`: milliseconds of one clock. */
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

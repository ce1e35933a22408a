import { render, localizable, type Translate, type LocalizableText } from '../base/localizedText';

/**
 * All failures that TACO reports. Each has one code, one factory, one sentence for users and one hint.
 * `isTacoError(error, 'tmux-missing')` tests for one; the CLI prints `{code, message, hint}`.
 */
export type TacoErrorCode =
  | 'tmux-missing'
  | 'tmux-too-old'
  | 'tmux-failed'
  | 'redis-missing'
  | 'redis-unreachable'
  | 'redis-failed'
  | 'cli-missing'
  | 'cli-not-logged-in'
  | 'no-project'
  | 'no-session'
  | 'home-unusable'
  | 'session-exists'
  | 'session-lost'
  | 'session-unreachable'
  | 'session-older'
  | 'agents-running'
  | 'stop-incomplete'
  | 'session-starting'
  | 'session-stopping'
  | 'team-launching'
  | 'state-lost'
  | 'unknown-agent'
  | 'agent-elsewhere'
  | 'unknown-host'
  | 'host-there'
  | 'message-empty'
  | 'message-too-long'
  | 'quota-exceeded'
  | 'fate-unknown'
  | 'sender-refused'
  | 'type-refused'
  | 'unknown-command-id'
  | 'message-in-flight'
  | 'need-gone'
  | 'answer-refused'
  | 'plan-invalid'
  | 'plan-missing'
  | 'plan-replaced'
  | 'approval-unproven'
  | 'plan-not-delivered'
  | 'not-leader'
  | 'launch-failed'
  | 'memory-low'
  | 'adopt-refused'
  | 'check-refused'
  | 'service-refused'
  | 'worktree-refused'
  | 'worktree-conflict'
  | 'gh-missing'
  | 'gh-not-logged-in'
  | 'pull-request-refused'
  | 'cancelled'
  | 'timeout'
  | 'usage'
  | 'internal';

/** An error with a `code`, the failed subject in its message, and a `hint` for the user. */
export class TacoError extends Error {
  override readonly name = 'TacoError';
  readonly hint: string;
  readonly #words: { readonly message: string | LocalizableText; readonly hint: string | LocalizableText };

  constructor(
    readonly code: TacoErrorCode,
    message: string | LocalizableText,
    hint: string | LocalizableText,
    options?: { cause?: unknown; details?: unknown },
  ) {
    super(render(message), options?.cause === undefined ? undefined : { cause: options.cause });
    this.hint = render(hint);
    this.details = options?.details;
    this.#words = { message, hint };
  }

  /** Returns `message` and `hint` in the user's language; the members themselves are English. */
  localized(say: Translate): { readonly message: string; readonly hint: string } {
    return { message: render(this.#words.message, say), hint: render(this.#words.hint, say) };
  }

  /** `message` and `hint` for a view that translates them when it shows them. */
  get words(): { readonly message: LocalizableText; readonly hint: LocalizableText } {
    const { message, hint } = this.#words;
    return { message: localizable`${message}`, hint: localizable`${hint}` };
  }

  /** Structured facts for `--json` (for example the list of plan problems); undefined when there are none. */
  readonly details: unknown;

  toJSON(): { code: TacoErrorCode; message: string; hint: string; details?: unknown } {
    return {
      code: this.code,
      message: this.message,
      hint: this.hint,
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}

/**
 * Returns whether `error` is a TacoError, and has `code` if given. It compares by name, because each bundle has its own
 * class.
 */
export function isTacoError(error: unknown, code?: TacoErrorCode): error is TacoError {
  return (
    error instanceof Error && error.name === 'TacoError' && (code === undefined || (error as TacoError).code === code)
  );
}

/** Returns the message of any thrown value. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Returns a TacoError unchanged; wraps anything else with the code `internal`. */
export function toTacoError(error: unknown): TacoError {
  if (isTacoError(error)) return error;
  return new TacoError('internal', errorMessage(error), localizable`See the TACO log for the full trace.`, {
    cause: error,
  });
}

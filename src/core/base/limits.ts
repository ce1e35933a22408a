/** Global numbers and patterns. This module does not load zod, so that `taco send` and `taco hook` start fast. */

/** Reserved windows: 0 is Mother, 1 the monitor. */
export const MOTHER_WINDOW = 0;
export const MONITOR_WINDOW = 1;
export const FIRST_AGENT_WINDOW = 2;
export const MAX_WINDOW = 9999;

/** Characters (code points, as zod counts them) of an agent's role. */
export const MAX_ROLE_LENGTH = 4000;
/** The same of a task, a goal, a note to Mother and a report of finished work. */
export const MAX_TASK_LENGTH = 32_000;
/** The same of a text that holds a plan. */
export const MAX_PLAN_LENGTH = 1_000_000;
/** The same of an answer to an input request, and of the reason of a denial. */
export const MAX_ANSWER_LENGTH = 8000;
/** Bytes of one control request as JSON. */
export const MAX_REQUEST_BYTES = 2 * 1024 * 1024;

/** Arguments of a check, the program included, and the characters of one. */
export const MAX_CHECK_ARGUMENTS = 64;
export const MAX_CHECK_ARGUMENT = 4096;
/** Globs of the files that an agent owns, and the characters of one. */
export const MAX_OWNED_GLOBS = 200;
export const MAX_GLOB_LENGTH = 500;

/** Bytes of a sender's text, without the envelope that TACO puts before it. */
export const MAX_MESSAGE_BYTES = 64 * 1024;
/** Bytes of a text with its envelope: `[AGENT-9999 → AGENT-9999]: ` has 28. */
export const MAX_ENVELOPED_BYTES = MAX_MESSAGE_BYTES + 64;
export const MAX_ATTEMPTS = 3;
/** Wait between text and Enter in the three steps, milliseconds. */
export const STEP_DELAY_MS = 200;

/** A letter, then letters, digits, `_` or `-`; at most 32 characters. */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,31}$/;
/** Name of an entry of `taco.accounts`. */
export const ACCOUNT_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
export const AGENT_NAME = NAME;
/** Branch, tag or commit; git checks the rest. A leading dash would be an option of git. */
export const GIT_BASE = /^[A-Za-z0-9_./@][A-Za-z0-9_./@+#-]{0,199}$/;
/** Name of a joined machine or tmux server. */
export const HOST_NAME = NAME;
export const COMMAND_ID = /^cmd_[A-Za-z0-9_-]{6,64}$/;
/** `SESSION:WINDOW`, on a joined host `SESSION@HOST:WINDOW`. The only other target is `user`. */
export const TMUX_TARGET = /^[^:]+:\d+$/;
export const SENDER = /^(AGENT-\d+|MOTHER|USER|TACO)$/;

/** Returns whether a text has at most so many characters, counted as zod does: an emoji outside the basic plane is one. */
export function fits(text: string, limit: number): boolean {
  return text.length <= limit || lengthOf(text) <= limit;
}

/** Characters of a text, as the limits above count them. */
export function lengthOf(text: string): number {
  return [...text].length;
}

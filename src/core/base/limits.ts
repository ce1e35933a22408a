/**
 * Numbers and patterns that hold everywhere. They need no zod, so that the light paths of the `taco` command
 * (`send`, `hook`) can use them without loading it.
 */

/** Windows that are never an agent's: 0 is Mother, 1 the monitor. */
export const MOTHER_WINDOW = 0;
export const MONITOR_WINDOW = 1;
export const FIRST_AGENT_WINDOW = 2;

export const MAX_MESSAGE_BYTES = 64 * 1024;
export const MAX_ATTEMPTS = 3;
/** The mandated wait between text and Enter, milliseconds (seed document, "3-step protocol"). */
export const STEP_DELAY_MS = 200;

/** An agent's name: a letter, then letters, digits, `_` or `-`, 32 characters at most. */
export const AGENT_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,31}$/;
/** A machine (or tmux server) that joined a project: like an agent's name. */
export const HOST_NAME = AGENT_NAME;
export const COMMAND_ID = /^cmd_[A-Za-z0-9_-]{6,64}$/;
/** `SESSION:WINDOW`, on a host that joined `SESSION@HOST:WINDOW`; the other target is `user`. */
export const TMUX_TARGET = /^[^:]+:\d+$/;
export const SENDER = /^(AGENT-\d+|MOTHER|USER|TACO)$/;

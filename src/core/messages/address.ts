import { MOTHER_WINDOW } from '../base/limits';

/** `MOTHER` for window 0, else `AGENT-<window>` (seed document, message format). */
export function labelOfWindow(window: number): string {
  return window === MOTHER_WINDOW ? 'MOTHER' : `AGENT-${window}`;
}

/** The text as it is typed: `[AGENT-4 → AGENT-3]: text`. */
export function envelope(from: string, to: string, text: string): string {
  return `[${from} → ${to}]: ${text}`;
}

/** The text without its envelope, for where it is shown beside who told whom. */
export function bodyOf(message: string): string {
  return message.replace(/^\[[A-Z0-9-]+ → [A-Z0-9-]+\]: /, '');
}

/** The tmux session of a host that joined: no session of the leader's has an `@` in its name. */
export function sessionOn(tmuxSession: string, host: string): string {
  return host === '' ? tmuxSession : `${tmuxSession}@${host}`;
}

/**
 * `SESSION:WINDOW`, the seed's target format. Who reads it needs no other record to know which queue a command goes into: an agent's host
 * is fixed for its life.
 */
export function targetOf(tmuxSession: string, window: number, host = ''): string {
  return `${sessionOn(tmuxSession, host)}:${window}`;
}

/** The host of a target; empty: the leader's own. */
export function hostOfTarget(target: string): string {
  return /@([A-Za-z][A-Za-z0-9_-]{0,31}):\d+$/.exec(target)?.[1] ?? '';
}

/** The window of a `SESSION:WINDOW` target; null for `user` or anything else. */
export function windowOfTarget(target: string): number | null {
  const match = /:(\d+)$/.exec(target);
  return match ? Number(match[1]) : null;
}

/** `AGENT-4`, `MOTHER` or `USER`: who a target is, as envelopes name it. */
export function labelOfTarget(target: string): string {
  const window = windowOfTarget(target);
  return window === null ? target.toUpperCase() : labelOfWindow(window);
}

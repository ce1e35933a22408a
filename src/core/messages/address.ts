import { MOTHER_WINDOW } from '../base/limits';

/** Returns `MOTHER` for window 0, else `AGENT-<window>`. */
export function labelOfWindow(window: number): string {
  return window === MOTHER_WINDOW ? 'MOTHER' : `AGENT-${window}`;
}

/** Returns the recipient of a message to this window: `mother`, or the window's number. */
export function recipientOf(window: number): string {
  return window === MOTHER_WINDOW ? 'mother' : String(window);
}

/** Returns the text as it is typed: `[AGENT-4 → AGENT-3]: text`. */
export function envelope(from: string, to: string, text: string): string {
  return `[${from} → ${to}]: ${text}`;
}

/** Returns the text without its envelope, for views that show sender and receiver separately. */
export function bodyOf(message: string): string {
  return message.replace(/^\[[A-Z0-9-]+ → [A-Z0-9-]+\]: /, '');
}

/** Returns the tmux session name on a joined host. A session name of the leader never contains `@`. */
export function sessionOn(tmuxSession: string, host: string): string {
  return host === '' ? tmuxSession : `${tmuxSession}@${host}`;
}

/** Returns the target `SESSION:WINDOW`. The target alone selects the queue, because an agent's host never changes. */
export function targetOf(tmuxSession: string, window: number, host = ''): string {
  return `${sessionOn(tmuxSession, host)}:${window}`;
}

/** Returns the host of a target; empty: the leader's own host. */
export function hostOfTarget(target: string): string {
  return /@([A-Za-z][A-Za-z0-9_-]{0,31}):\d+$/.exec(target)?.[1] ?? '';
}

/** Returns the window of a `SESSION:WINDOW` target; null for `user` or anything else. */
export function windowOfTarget(target: string): number | null {
  const match = /:(\d+)$/.exec(target);
  return match ? Number(match[1]) : null;
}

/** Returns the label of a target in envelopes: `AGENT-4`, `MOTHER` or `USER`. */
export function labelOfTarget(target: string): string {
  const window = windowOfTarget(target);
  return window === null ? target.toUpperCase() : labelOfWindow(window);
}

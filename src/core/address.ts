import { MOTHER_WINDOW } from './limits';

/** `MOTHER` for window 0, else `AGENT-<window>` (seed document, message format). */
export function labelOfWindow(window: number): string {
  return window === MOTHER_WINDOW ? 'MOTHER' : `AGENT-${window}`;
}

/** The text as it is typed: `[AGENT-4 → AGENT-3]: text`. */
export function envelope(from: string, to: string, text: string): string {
  return `[${from} → ${to}]: ${text}`;
}

/** `SESSION:WINDOW`, the seed's target format. */
export function targetOf(tmuxSession: string, window: number): string {
  return `${tmuxSession}:${window}`;
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

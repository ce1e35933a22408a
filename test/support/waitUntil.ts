/** The only wait of the tests: for a condition, never for a fixed time. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** Pause between two checks, milliseconds. */
  readonly pauseMs?: number;
  /** Returns lines for the error: the last state of what was waited for. */
  readonly details?: () => string | Promise<string>;
}

/** Checks a condition until it returns something truthy, and returns that. Throws after `timeoutMs`. */
export async function waitUntil<T>(
  condition: () => Promise<T> | T,
  timeoutMs = 5000,
  what = 'the condition',
  { pauseMs = 10, details }: WaitOptions = {},
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline)
      throw new Error(`Within ${timeoutMs} ms ${what} did not come true.${details ? `\n${await details()}` : ''}`);
    await sleep(pauseMs);
  }
}

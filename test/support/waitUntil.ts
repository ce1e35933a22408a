/** The only wait of the tests: for a condition, never for a fixed time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SLOW_MACHINE_FACTOR } from './slowMachine';

/** Shortest time limit of a wait, milliseconds: a starved process may stand still for many seconds. */
const SHORTEST_LIMIT_MS = 60_000;

export interface WaitOptions {
  /** Pause between two checks, milliseconds. */
  readonly pauseMs?: number;
  /** Returns lines for the error: the last state of what was waited for. */
  readonly details?: () => string | Promise<string>;
  /** Factor on the limit for a loaded machine; 1 for a caller that knows its machine. */
  readonly slowness?: number;
}

/**
 * Checks a condition until it returns something truthy, and returns that. Throws after `timeoutMs` of a quiet machine,
 * and not before {@link SHORTEST_LIMIT_MS}.
 */
export async function waitUntil<T>(
  condition: () => Promise<T> | T,
  timeoutMs = 5000,
  what = 'the condition',
  { pauseMs = 10, details, slowness = SLOW_MACHINE_FACTOR }: WaitOptions = {},
): Promise<NonNullable<T>> {
  const limitMs = slowness === 1 ? timeoutMs : Math.max(timeoutMs * slowness, SHORTEST_LIMIT_MS);
  const deadline = Date.now() + limitMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline)
      throw new Error(`Within ${limitMs} ms ${what} did not come true.${details ? `\n${await details()}` : ''}`);
    await sleep(pauseMs);
  }
}

const FIRST_MS = 1000;
const MAX_DELAY_MS = 30_000;

/**
 * Returns the milliseconds to wait before the next attempt after `attempts` failed ones. The wait is exponential with
 * jitter in its upper half, so that attempts that failed together are not retried together.
 * @param random uniform in [0, 1)
 */
export function retryDelay(attempts: number, random: () => number = Math.random): number {
  const ceiling = Math.min(FIRST_MS * 2 ** Math.max(0, attempts - 1), MAX_DELAY_MS);
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}

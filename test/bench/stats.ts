/** Summary of a list of measurements, in the unit of the values. */
export interface Stats {
  readonly n: number;
  readonly p50: number;
  readonly p99: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Returns nearest-rank percentiles: for fewer than a hundred values the 99th is the greatest. Throws when there are
 * none.
 */
export function statsOf(values: readonly number[]): Stats {
  if (values.length === 0) throw new Error('nothing was measured');
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { n: sorted.length, p50: at(0.5), p99: at(0.99), min: at(0), max: at(1) };
}

/**
 * Runs `floor` and `ours` in turn, `runs` times each after `warmUp` of both, so that other load on the machine affects
 * both. Values in milliseconds.
 */
export async function interleaved(
  runs: number,
  warmUp: number,
  floor: (i: number) => Promise<number> | number,
  ours: (i: number) => Promise<number> | number,
): Promise<{ readonly floor: Stats; readonly ours: Stats }> {
  const floors: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < warmUp + runs; i++) {
    // The first one alternates, because the second finds caches that the first has warmed.
    const pair = i % 2 === 0 ? [await floor(i), await ours(i)] : [await ours(i), await floor(i)].reverse();
    if (i < warmUp) continue;
    floors.push(pair[0] ?? 0);
    values.push(pair[1] ?? 0);
  }
  return { floor: statsOf(floors), ours: statsOf(values) };
}

/** Returns the duration, milliseconds. */
export async function timed(work: () => unknown): Promise<number> {
  const since = performance.now();
  await work();
  return performance.now() - since;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

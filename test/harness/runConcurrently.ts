/**
 * Runs work concurrently: a free lane takes the next item, so that all lanes end at about the same time, whatever the
 * duration of each item.
 */

/**
 * Returns results in the order of the items. Runs at most `lanes` at once; when one item throws, no other is started.
 */
export async function inLanes<T, R>(
  lanes: number,
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  // All lanes share it: no other lane sees an item that one took. A generator, since a failing lane closes it for the
  // others.
  const queue = (function* () {
    yield* items.entries();
  })();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
  return results;
}

/** Places for what may run at once in all suites together. A free place goes to the piece of work that waited longest. */
export class Slots {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free++;
    }
  }
}

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

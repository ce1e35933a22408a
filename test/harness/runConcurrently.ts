/** Work side by side: a lane that is free takes what is next, so that all lanes end at about the same time, however long each piece takes. */

/** Results in the order of the items. Never more than `lanes` at once; when one piece throws, nothing more is begun. */
export async function inLanes<T, R>(
  lanes: number,
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  // One for all lanes: what one took, no other sees. A generator, since a lane that fails closes it for the others.
  const queue = (function* () {
    yield* items.entries();
  })();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
  return results;
}

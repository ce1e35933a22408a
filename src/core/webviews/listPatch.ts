/** Difference between two lists of rows, so that only changes are sent and drawn. */
export interface ListPatch<T> {
  /** Rows that are new or changed. */
  readonly changed: readonly T[];
  /** Keys of all rows in order; absent while the order is unchanged. */
  readonly order?: readonly (string | number)[];
}

/** Returns the difference; null when nothing changed. Rows are plain data. */
export function listPatch<T extends object>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (row: T) => string | number,
): ListPatch<T> | null {
  const known = new Map(before.map((row) => [keyOf(row), row]));
  const changed = after.filter((row) => !isSame(known.get(keyOf(row)), row));
  const sameOrder =
    before.length === after.length && before.every((row, index) => keyOf(row) === keyOf(after[index] as T));
  if (sameOrder && changed.length === 0) return null;
  return sameOrder ? { changed } : { changed, order: after.map(keyOf) };
}

function isSame(a: object | undefined, b: object): boolean {
  return a === b || (a !== undefined && JSON.stringify(a) === JSON.stringify(b));
}

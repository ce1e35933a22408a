import { lstat, readFile } from 'node:fs/promises';

/** Size up to which the contents of two files are compared, bytes. */
const MAX_COMPARED_BYTES = 10 * 1024 * 1024;

/** Returns whether a path is a regular file: agents can make links and devices, which are never read. */
export async function isFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

/** Returns whether two regular files have the same contents; false for large ones, which are not read. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  try {
    const [a, b] = await Promise.all([lstat(one), lstat(other)]);
    if (a.size !== b.size || a.size > MAX_COMPARED_BYTES) return false;
    const [left, right] = await Promise.all([readFile(one), readFile(other)]);
    return left.equals(right);
  } catch {
    return false;
  }
}

import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes the oldest files of a folder until at most `max` are left. */
export async function pruneFolder(folder: string, max: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  if (names.length <= max) return;
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(folder, name)).catch(() => null))?.mtimeMs ?? 0 })),
  );
  for (const { name } of dated.sort((a, b) => b.at - a.at).slice(max)) await rm(join(folder, name), { force: true });
}

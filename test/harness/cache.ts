/** Stores big downloads outside the repository, by version; an incomplete one is never visible. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { onEnd } from './processes';

/** Returns `${XDG_CACHE_HOME:-~/.cache}/taco/…parts`. */
export function cachePath(...parts: readonly string[]): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'taco', ...parts);
}

/**
 * Returns the folder `target`. `make` creates it in a temporary sibling folder, which is renamed when complete. An
 * existing folder is used only if `verify` accepts it; any other is created again.
 */
export async function cached(
  target: string,
  verify: (dir: string) => Promise<boolean>,
  make: (dir: string) => Promise<void>,
): Promise<string> {
  if (existsSync(target)) {
    if (await verify(target)) return target;
    rmSync(target, { recursive: true, force: true });
  }
  mkdirSync(dirname(target), { recursive: true });
  const workshop = mkdtempSync(`${target}.making-`);
  const forget = onEnd(() => rmSync(workshop, { recursive: true, force: true }));
  try {
    await make(workshop);
    if (!(await verify(workshop))) throw new Error(`What was installed for ${target} does not work.`);
    try {
      renameSync(workshop, target);
    } catch (error) {
      // Another run was faster: its copy is equally good.
      if (!(existsSync(target) && (await verify(target)))) throw error;
    }
    return target;
  } finally {
    forget();
    rmSync(workshop, { recursive: true, force: true });
  }
}

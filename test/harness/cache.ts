/** Big downloads live outside the repo, keyed by version; a half-made one is never seen. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { onEnd } from './processes';

/** `${XDG_CACHE_HOME:-~/.cache}/taco/…parts`. */
export function cachePath(...parts: readonly string[]): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'taco', ...parts);
}

/**
 * The folder `target`, made by `make` in a temporary neighbour and renamed when complete. What is there is used only
 * if `verify` says so; anything else is made anew.
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
      // Another run was faster: its copy is as good.
      if (!(existsSync(target) && (await verify(target)))) throw error;
    }
    return target;
  } finally {
    forget();
    rmSync(workshop, { recursive: true, force: true });
  }
}

import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TacoPaths } from '../core/paths';

/**
 * Writes the `taco` command that goes first on each agent's PATH. It runs our bundle with the Node we run on; in a
 * desktop VS Code that is Electron, which is Node only when told so.
 * @param tacoCommand argument array, `[node, dist/taco.js]`
 */
export async function writeShim(paths: TacoPaths, tacoCommand: readonly string[]): Promise<void> {
  await mkdir(paths.binDir, { recursive: true, mode: 0o700 });
  const words = tacoCommand.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const file = join(paths.binDir, 'taco');
  const draft = `${file}.${process.pid}`;
  // Renamed into place: an agent may run it at this very moment.
  await writeFile(draft, `#!/bin/sh\n# Written by TACO at each start.\nELECTRON_RUN_AS_NODE=1 exec ${words} "$@"\n`, { mode: 0o700 });
  await chmod(draft, 0o700);
  await rename(draft, file);
}

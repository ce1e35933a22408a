/** The folders that whatever runs tests has for itself. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** A temporary folder, a tmux server folder and a TACO home below `scratch`, which is made: as variables of an environment. */
export function ownFolders(scratch: string): NodeJS.ProcessEnv {
  const temp = join(scratch, 't');
  mkdirSync(temp, { recursive: true, mode: 0o700 });
  return { TMPDIR: temp, TMUX_TMPDIR: temp, TACO_HOME: join(scratch, 'home') };
}

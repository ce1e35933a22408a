/** Private folders for each test run. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Creates a temporary folder, a tmux server folder and a TACO home below `scratch`; returns them as environment
 * variables.
 */
export function ownFolders(scratch: string): NodeJS.ProcessEnv {
  const temp = join(scratch, 't');
  mkdirSync(temp, { recursive: true, mode: 0o700 });
  return { TMPDIR: temp, TMUX_TMPDIR: temp, TACO_HOME: join(scratch, 'home') };
}

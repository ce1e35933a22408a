/** Paths of tmux sockets. */
import { lstatSync, realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { errors } from '../../core/errors/errors';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Returns the full path of the socket that tmux uses for a name (`-L`) in this environment; returns a path unchanged.
 * TACO always addresses a server by this path (`-S`), so another TMUX_TMPDIR never selects another server.
 */
export function socketPath(socket: string, env: Env): string {
  if (isAbsolute(socket)) return socket;
  return join(real(env['TMUX_TMPDIR'] || '/tmp'), `tmux-${process.getuid?.() ?? 0}`, socket);
}

/** Creates the socket's folder as tmux itself does. Throws TacoError tmux-failed when other users may enter it. */
export async function makeSocketFolder(path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  if (!/\/tmux-\d+$/.test(folder)) return;
  if (uid !== process.getuid?.() || (mode & 0o007) !== 0)
    throw errors.tmuxFailed('use its socket folder', `${folder} must belong to you alone (chmod 700)`);
}

function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

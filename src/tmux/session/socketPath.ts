/** Where a tmux server listens. */
import { lstatSync, realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { errors } from '../../core/base/errors';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Full path of the socket that tmux takes for a name (`-L`) in this environment; a path stays as it is. TACO always names
 * a server by this path (`-S`), so that another TMUX_TMPDIR never means another server.
 */
export function socketPath(socket: string, env: Env): string {
  if (isAbsolute(socket)) return socket;
  return join(real(env['TMUX_TMPDIR'] || '/tmp'), `tmux-${process.getuid?.() ?? 0}`, socket);
}

/** Makes the socket's folder as tmux itself does. Throws TacoError tmux-failed when others may enter it. */
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

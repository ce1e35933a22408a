import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** With less free space a log or a spooled message may not fit any more, bytes. */
const LEAST_FREE = 1024 * 1024;

/** Why nothing can be written into a folder (its disk is full or read-only, or another user owns it); null while it can be. Never throws. */
export async function storageTrouble(dir: string): Promise<string | null> {
  try {
    await access(dir, constants.W_OK);
    const { bavail, bsize } = await statfs(dir);
    return bavail * bsize < LEAST_FREE ? `ENOSPC: no space left on the disk of ${dir}` : null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // One that is not there yet can be made where its parent can be written.
    if (code === 'ENOENT') return dirname(dir) === dir ? null : await storageTrouble(dirname(dir));
    if (code === 'EROFS') return `EROFS: ${dir} is on a read-only disk`;
    if (code === 'EACCES') return `EACCES: this user may not write into ${dir}`;
    return null;
  }
}

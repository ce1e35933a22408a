import { copyFile, mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Git } from './git';

/**
 * Returns the id of a git tree that holds every file of a working tree that git does not ignore, committed or not; null
 * when git cannot read it. Writes objects that no branch has, and neither files nor the index.
 */
export async function treeOfFiles(git: Git, folder: string): Promise<string | null> {
  const status = await git.run(folder, ['status', '--porcelain', '-z', '--ignore-submodules=dirty'], {
    env: { GIT_OPTIONAL_LOCKS: '0' },
  });
  if (!status.ok) return null;
  if (status.raw === '') {
    const head = await git.run(folder, ['rev-parse', '--verify', '--quiet', 'HEAD^{tree}']);
    return head.ok ? head.out : null;
  }
  const scratch = await mkdtemp(join(tmpdir(), 'taco-tree-'));
  try {
    const index = (await git.run(folder, ['rev-parse', '--git-path', 'index'])).out;
    const own = join(scratch, 'index');
    const source = isAbsolute(index) ? index : join(folder, index);
    // A copy knows which files are unchanged, so that only the others are read. It must not look newer than the
    // index: git reads the files again that changed at the time of the index or later.
    const times = await stat(source).catch(() => null);
    if (times !== null) {
      await copyFile(source, own);
      await utimes(own, Math.floor(times.mtimeMs / 1000), Math.floor(times.mtimeMs / 1000));
    }
    const env = { GIT_INDEX_FILE: own };
    const added = await git.run(folder, ['-c', 'core.safecrlf=false', 'add', '--all', ':/'], { env });
    const tree = await git.run(folder, ['write-tree'], { env });
    return added.ok && tree.ok ? tree.out : null;
  } catch {
    return null; // the folder is being removed
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

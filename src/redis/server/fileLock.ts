import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { errors } from '../../core/errors/errors';
import { isRunning } from './processes';

/**
 * Runs `work` while only this process holds the lock file. Removes the lock of a dead process. Throws TacoError timeout
 * when a living process holds it for longer than `timeoutMs`.
 */
export async function withFileLock<T>(path: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  const mine = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(mine, String(process.pid), { mode: 0o600 });
  try {
    // Creating a link is atomic, so a reader never sees a lock file without its owner.
    while (!(await tryLink(mine, path))) {
      if (Date.now() > deadline) throw errors.timeout(`The lock ${path}`, timeoutMs / 1000);
      await removeIfDead(path);
      await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 20));
    }
    try {
      return await work();
    } finally {
      await rm(path, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function removeIfDead(path: string): Promise<void> {
  if (!(await isDead(path))) return;
  // Only one of several processes that see the dead holder moves the file away. That process checks the moved file
  // again, because the file may already be the next holder's lock.
  const aside = `${path}.dead.${randomBytes(4).toString('hex')}`;
  try {
    await rename(path, aside);
    if (!(await isDead(aside))) await tryLink(aside, path);
    await rm(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function isDead(path: string): Promise<boolean> {
  try {
    return !isRunning(Number(await readFile(path, 'utf8')));
  } catch {
    return false;
  }
}

import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, rmdir, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

const SUFFIX = '.json';
let written = 0;
/** Keeps the order of this process's files when the clock is set back. */
let latest = 0;

/** Attempts to create the folder again for one file when another process removes it. */
const TRIES = 10;

/** Result for one text: taken, left for the next drain, or refused for good. */
export type DrainOutcome = 'taken' | 'left' | 'refused';

/** JSON texts that wait on disk for Redis: one private file each in a private folder, in the order of their `put`. */
export class DiskQueue {
  constructor(
    private readonly dir: string,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Writes a text. It is on disk when this resolves, and readers see it whole or not at all. `id` becomes part of the
   * file name.
   */
  async put(id: string, text: string): Promise<void> {
    latest = Math.max(latest, this.now());
    const order = `${String(latest).padStart(15, '0')}-${String(written++).padStart(6, '0')}`;
    const name = `${order}-${process.pid}-${id}${SUFFIX}`;
    const temporary = `.${name}.${randomBytes(4).toString('hex')}`;
    const file = await this.create(temporary);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(join(this.dir, temporary), join(this.dir, name));
  }

  /** Returns the names of the waiting files, oldest first. */
  async list(): Promise<readonly string[]> {
    return (await listDirectory(this.dir)).filter((name) => name.endsWith(SUFFIX) && !name.startsWith('.')).sort();
  }

  /**
   * Passes each text to `take`, in order, and removes a taken text's file only afterwards. A refused text stays beside
   * the others as `NAME.refused` for the user. Several processes may drain at once. Rethrows an error of `take` and
   * then leaves that text unchanged.
   */
  async drain(
    take: (text: string, name: string) => Promise<DrainOutcome>,
  ): Promise<Readonly<Record<DrainOutcome, number>>> {
    const counts = { taken: 0, left: 0, refused: 0 };
    for (const name of await this.list()) {
      const text = await this.read(name);
      if (text === null) continue; // another process drained it
      const fate = await take(text, name);
      if (fate === 'taken') await this.remove(name);
      if (fate === 'refused')
        await rename(join(this.dir, name), join(this.dir, `${name}.refused`)).catch(() => undefined);
      counts[fate]++;
    }
    return counts;
  }

  /** Another text in the place of one that waits. */
  async replace(name: string, text: string): Promise<void> {
    const temporary = join(this.dir, `.${name}.${randomBytes(4).toString('hex')}`);
    await writeFile(temporary, text, { mode: 0o600, flush: true });
    await rename(temporary, join(this.dir, name));
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.dir, name), { force: true });
  }

  /** Removes the folder if it is empty. */
  async removeIfEmpty(): Promise<void> {
    await rmdir(this.dir).catch(() => undefined);
  }

  /** Removes the folder and all its files. */
  async clear(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }

  private async create(name: string): Promise<FileHandle> {
    for (let left = TRIES; ; left--) {
      await mkdir(this.dir, { recursive: true, mode: 0o700 });
      try {
        return await open(join(this.dir, name), 'wx', 0o600);
      } catch (error) {
        if (left === 0 || !isGone(error)) throw error;
      }
    }
  }

  private async read(name: string): Promise<string | null> {
    try {
      return await readFile(join(this.dir, name), 'utf8');
    } catch (error) {
      if (isGone(error)) return null;
      throw error;
    }
  }
}

/** Returns the names in a folder; empty when the folder does not exist. */
export async function listDirectory(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, rmdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

const SUFFIX = '.json';
let written = 0;
/** A clock that is set back changes no order among what this process has put. */
let latest = 0;

/** How often a folder that another process tidies away is made again for one file. */
const TRIES = 10;

/** What became of one text: taken, left for the next time, or of no use to anybody. */
export type DrainOutcome = 'taken' | 'left' | 'refused';

/** JSON texts that wait on disk for Redis: one private file each in a private folder, in the order they were put. */
export class DiskQueue {
  constructor(
    private readonly dir: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** The text is on disk, and seen whole or not at all, when this resolves. `id` goes into the file's name. */
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

  /** Names of the files that wait, oldest first. */
  async list(): Promise<readonly string[]> {
    return (await listDirectory(this.dir)).filter((name) => name.endsWith(SUFFIX) && !name.startsWith('.')).sort();
  }

  /**
   * Gives each text to `take`, in order; a taken one's file goes only then, and what is refused stays beside the others as `NAME.refused`, for the
   * person. Several may drain at once. Throws what `take` throws, and then has not touched that text.
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

  async remove(name: string): Promise<void> {
    await rm(join(this.dir, name), { force: true });
  }

  /** The folder, if nothing is in it. */
  async removeIfEmpty(): Promise<void> {
    await rmdir(this.dir).catch(() => undefined);
  }

  /** All of it. */
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

/** What a folder holds; nothing when it is not there. */
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

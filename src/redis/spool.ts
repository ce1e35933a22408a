import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isTacoError } from '../core/errors';
import type { CommandProducer, NewCommand } from '../core/ports';
import { isPassing } from './client/caller';
import { checkCommand } from './producer';

/** What became of the spool: how many went into the queue and were refused for good, and whether others still wait. */
export interface DrainResult {
  readonly sent: number;
  readonly refused: number;
  /** Targets whose quota is full: what the spool holds for them waits on. */
  readonly full: ReadonlySet<string>;
}

const SUFFIX = '.json';
let written = 0;
/** A clock that is set back changes no order among what this process has put. */
let latest = 0;

/**
 * Commands that could not be enqueued because Redis was away: one private file each, in the order they were made.
 * A command is in the queue, in the spool or (after a crash in between) in both, and then the queue's memory of
 * ids makes one of it.
 */
export class Spool {
  constructor(private readonly dir: string, private readonly now: () => number = Date.now) {}

  /** Keeps a command until Redis is back; it is on disk when this resolves. Throws TacoError for one that would be refused anyway. */
  async put(command: NewCommand): Promise<void> {
    checkCommand(command);
    await mkdir(this.dir, { recursive: true, mode: 0o700 });
    latest = Math.max(latest, this.now());
    const order = `${String(latest).padStart(15, '0')}-${String(written++).padStart(6, '0')}`;
    const name = `${order}-${process.pid}-${command.id}${SUFFIX}`;
    const temporary = join(this.dir, `.${name}.${randomBytes(4).toString('hex')}`);
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(JSON.stringify(command));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, join(this.dir, name));
  }

  /** The files that wait, oldest first. */
  async list(): Promise<readonly string[]> {
    try {
      return (await readdir(this.dir)).filter((name) => name.endsWith(SUFFIX) && !name.startsWith('.')).sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  /**
   * Enqueues what waits, in order; a file goes only after the answer. Where a target's quota is full, what is for that
   * target waits on. What is refused for good, or cannot be read, is set aside as `*.refused`. Several may drain at once.
   * Throws when Redis is away (again).
   */
  async drain(producer: CommandProducer, onRefused: (file: string, error: unknown) => void = () => undefined): Promise<DrainResult> {
    const full = new Set<string>();
    let sent = 0;
    let refused = 0;
    for (const file of await this.list()) {
      const path = join(this.dir, file);
      let target = '';
      try {
        const text = await readUnlessGone(path);
        if (text === null) continue; // another process drained it
        const command = JSON.parse(text) as NewCommand;
        target = String(command.target);
        if (full.has(target)) continue;
        await producer.enqueue(command);
        await rm(path, { force: true });
        sent++;
      } catch (error) {
        if (isPassing(error)) throw error;
        if (isTacoError(error, 'quota-exceeded')) {
          full.add(target);
          continue;
        }
        onRefused(file, error);
        await rename(path, `${path}.refused`).catch(() => undefined);
        refused++;
      }
    }
    return { sent, refused, full };
  }
}

/**
 * Enqueues, or spools when Redis is away. What the spool holds goes first, so that nothing overtakes it; where the
 * target's quota keeps some of it there, the new command waits behind it. Throws what `enqueue` throws, but for Redis
 * being away. `producer` is null when there is no connection.
 */
export async function enqueueOrSpool(
  producer: CommandProducer | null, spool: Spool, command: NewCommand,
): Promise<{ readonly duplicate: boolean; readonly spooled: boolean }> {
  if (producer) {
    try {
      const full = (await spool.list()).length > 0 ? (await spool.drain(producer)).full : null;
      if (!full?.has(command.target)) return { ...(await producer.enqueue(command)), spooled: false };
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
  }
  await spool.put(command);
  return { duplicate: false, spooled: true };
}

async function readUnlessGone(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

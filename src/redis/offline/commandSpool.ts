import { isTacoError } from '../../core/base/errors';
import type { CommandProducer, NewCommand } from '../../core/team/ports';
import { isTransient } from '../client/redisCommands';
import { checkCommand } from '../queue/commandProducer';
import { DiskQueue } from './diskQueue';

/** What became of the spool: how many went into the queue and were refused for good, and whether others still wait. */
export interface DrainResult {
  readonly sent: number;
  readonly refused: number;
  /** Targets whose quota is full: what the spool holds for them waits on. */
  readonly full: ReadonlySet<string>;
}

/**
 * Commands that could not be enqueued because Redis was away: one private file each, in the order they were made.
 * A command is in the queue, in the spool or (after a crash in between) in both, and then the queue's memory of
 * ids makes one of it.
 */
export class CommandSpool {
  private readonly files: DiskQueue;

  constructor(dir: string, now: () => number = Date.now) {
    this.files = new DiskQueue(dir, now);
  }

  /** Keeps a command until Redis is back; it is on disk when this resolves. Throws TacoError for one that would be refused anyway. */
  async put(command: NewCommand): Promise<void> {
    checkCommand(command);
    await this.files.put(command.id, JSON.stringify(command));
  }

  /** The files that wait, oldest first. */
  list(): Promise<readonly string[]> {
    return this.files.list();
  }

  /**
   * Enqueues what waits, in order; a file goes only after the answer. Where a target's quota is full, what is for that
   * target waits on. What is refused for good, or cannot be read, is set aside as `*.refused`. Several may drain at once.
   * Throws when Redis is away (again).
   */
  async drain(
    producer: CommandProducer,
    onRefused: (file: string, error: unknown) => void = () => undefined,
  ): Promise<DrainResult> {
    const full = new Set<string>();
    const { taken, refused } = await this.files.drain(async (text, file) => {
      try {
        const command = JSON.parse(text) as NewCommand;
        const target = String(command.target);
        if (full.has(target)) return 'left';
        try {
          await producer.enqueue(command);
        } catch (error) {
          if (!isTacoError(error, 'quota-exceeded')) throw error;
          full.add(target);
          return 'left';
        }
        return 'taken';
      } catch (error) {
        if (isTransient(error)) throw error;
        onRefused(file, error);
        return 'refused';
      }
    });
    return { sent: taken, refused, full };
  }
}

/**
 * Enqueues, or spools when Redis is away. What the spool holds goes first, so that nothing overtakes it; where the
 * target's quota keeps some of it there, the new command waits behind it. Throws what `enqueue` throws, but for Redis
 * being away. `producer` is null when there is no connection.
 */
export async function enqueueOrSpool(
  producer: CommandProducer | null,
  spool: CommandSpool,
  command: NewCommand,
): Promise<{ readonly duplicate: boolean; readonly spooled: boolean }> {
  if (producer) {
    try {
      const full = (await spool.list()).length > 0 ? (await spool.drain(producer)).full : null;
      if (!full?.has(command.target)) return { ...(await producer.enqueue(command)), spooled: false };
    } catch (error) {
      if (!isTransient(error)) throw error;
    }
  }
  await spool.put(command);
  return { duplicate: false, spooled: true };
}

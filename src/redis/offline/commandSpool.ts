import { isTacoError } from '../../core/errors/tacoError';
import type { NewCommand } from '../../core/messages/newCommand';
import type { CommandProducer } from '../../core/team/ports';
import { isUnsure } from '../client/redisCommands';
import { isTransient } from '../client/redisCommands';
import { checkCommand } from '../queue/commandProducer';
import { DiskQueue } from './diskQueue';

/** Result of a drain: how many commands were enqueued, how many were refused for good, and which targets must wait. */
export interface DrainResult {
  readonly sent: number;
  readonly refused: number;
  /** Targets whose quota is full; their spooled commands keep waiting. */
  readonly full: ReadonlySet<string>;
}

/**
 * Commands that could not be enqueued because Redis was away: one private file each, in the order they were made.
 * A command is in the queue, in the spool or (when an answer was lost) in both, and then the queue's memory of ids makes one of
 * it. A file says when that may be so (`unsure`): where the queue's memory does not reach back so far, it is set aside for the user.
 */
export class CommandSpool {
  private readonly files: DiskQueue;

  constructor(dir: string, now: () => number = Date.now) {
    this.files = new DiskQueue(dir, now);
  }

  /**
   * Spools a command until Redis is reachable again; it is on disk when this resolves. Throws TacoError for a command
   * that the queue would refuse anyway.
   */
  async put(command: NewCommand): Promise<void> {
    checkCommand(command);
    await this.files.put(command.id, JSON.stringify(command));
  }

  /** Returns the waiting files, oldest first. */
  list(): Promise<readonly string[]> {
    return this.files.list();
  }

  /**
   * Enqueues the spooled commands in order, and removes a file only after Redis has answered. Commands for a target
   * with a full quota stay in the spool. A command that is refused for good, or cannot be read, is renamed to
   * `*.refused`. Several processes may drain at once. Throws when Redis is unreachable.
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
          if (isUnsure(error)) await this.files.replace(file, JSON.stringify({ ...command, unsure: true }));
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
 * Enqueues a command, or spools it while Redis is unreachable. Drains the spool first to preserve the order. If the
 * target's full quota leaves some of its commands in the spool, the new command is spooled behind them. Throws all
 * errors of `enqueue` except unreachable Redis. `producer` is null when there is no connection.
 */
export async function enqueueOrSpool(
  producer: CommandProducer | null,
  spool: CommandSpool,
  command: NewCommand,
): Promise<{ readonly duplicate: boolean; readonly spooled: boolean }> {
  let tried = command;
  if (producer) {
    try {
      const full = (await spool.list()).length > 0 ? (await spool.drain(producer)).full : null;
      if (!full?.has(command.target)) {
        tried = { ...command, unsure: true };
        return { ...(await producer.enqueue(command)), spooled: false };
      }
    } catch (error) {
      if (!isTransient(error)) throw error;
      if (!isUnsure(error)) tried = command;
    }
  }
  await spool.put(tried);
  return { duplicate: false, spooled: true };
}

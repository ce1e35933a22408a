import type { Clock } from '../../core/base/clock';
import { MAX_ATTEMPTS } from '../../core/base/limits';
import type { Logger } from '../../core/base/logger';
import type { MessageState } from '../../core/messages/messageState';
import { type Command, commandSchema } from '../../core/models';
import { DEFAULT_HISTORY, type HistoryLimits } from '../../core/team/history';
import type { CommandConsumer, PendingCommand } from '../../core/team/ports';
import type { RedisConnection } from '../client/connection';
import type { Keys } from '../client/keys';
import { toEntries, type StreamEntry } from '../client/redisCommands';
import { messageStateSchema } from '../decode/schemas';
import { EpochFence } from '../leadership/fence';
import { scripts } from '../scripts/scripts';

/** Longest blocking read, milliseconds: a blocked connection notices a dead peer only afterwards. */
const MAX_BLOCK_MS = 2000;
const PAGE = 100;
const MAX_INBOX = 1000;

/**
 * The consumer's side of `commands:queue`. Every write goes through a script that compares the lease's epoch. A former
 * leader therefore writes nothing and takes nothing out of the queue.
 *
 * `read` may return a command twice. After Redis lost the group, or a reply was lost, it returns the pending commands
 * again with the ledger's state. A caller that already holds the command's id ignores it.
 */
export class RedisCommandConsumer implements CommandConsumer {
  /** Stream id of the last entry that `read` returned. */
  private last = '0-0';
  /** Stream id after which a read waits for new entries. */
  private waitFrom = '0-0';
  private readonly fence: EpochFence;

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keys,
    /** Returns the lease's epoch, or null when the lease is not held. */
    epoch: () => number | null,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly logger: Logger,
    private readonly history: HistoryLimits = DEFAULT_HISTORY,
  ) {
    this.fence = new EpochFence(redis, keys, epoch);
  }

  async recover(): Promise<readonly PendingCommand[]> {
    const recovered: PendingCommand[] = [];
    this.last = '0-0';
    for (;;) {
      const entries = await this.take(PAGE, 'own');
      if (entries.length === 0) return recovered;
      recovered.push(...(await this.accept(entries)));
      this.last = entries.at(-1)?.id ?? this.last;
      this.waitFrom = this.last;
    }
  }

  async read(count: number, blockMs: number): Promise<readonly PendingCommand[]> {
    let entries = await this.take(count, 'new');
    if (entries.length === 0 && blockMs > 0) {
      // Waits without taking: Redis would still serve a blocking group read after the lease has ended.
      const woken = await this.wait(Math.min(blockMs, MAX_BLOCK_MS));
      entries = await this.take(count, 'new');
      // Another consumer took the entry; waiting after it prevents a busy loop.
      if (entries.length === 0 && woken !== null) this.waitFrom = woken;
    }
    const commands = await this.accept(entries);
    this.last = entries.at(-1)?.id ?? this.last;
    if (entries.length > 0) this.waitFrom = this.last;
    return commands;
  }

  async phase(id: string, state: MessageState, reason = ''): Promise<boolean> {
    const { keys } = this;
    const answer = await this.fence.run(
      scripts.phase,
      [keys.command(id), keys.states],
      [id, state, reason, this.clock.now(), keys.events],
    );
    return answer === 'ok' || answer === 'same';
  }

  async done(pending: PendingCommand, state: 'received' | 'delivered', receipt = ''): Promise<void> {
    await this.finish(pending, state, [], receipt);
  }

  async amend(id: string, receipt: string): Promise<void> {
    const { keys } = this;
    await this.fence.run(scripts.amend, [keys.command(id)], [id, receipt, keys.events]);
  }

  /** Ends a command with the target `user` and adds it to the user's inbox in the same step. */
  async deliverToUser(pending: PendingCommand): Promise<void> {
    await this.finish(pending, 'received', [this.keys.userInbox], '');
  }

  async fail(pending: PendingCommand, reason: string, notBefore: number, final = false): Promise<'retrying' | 'dead'> {
    const { keys } = this;
    const { id } = pending.command;
    const answer = await this.fence.run(
      scripts.fail,
      [keys.command(id), keys.queue, keys.dead, keys.depth, keys.states, keys.failedTotal, keys.completed],
      [
        id,
        pending.streamId,
        pending.attempts,
        reason,
        Math.ceil(notBefore),
        final ? 1 : MAX_ATTEMPTS,
        this.clock.now(),
        keys.group,
        keys.events,
        ...this.limits,
      ],
    );
    // A command that has ended otherwise must not be retried either.
    return answer === 'retrying' ? 'retrying' : 'dead';
  }

  async uncertain(pending: PendingCommand, reason: string): Promise<void> {
    const { keys } = this;
    const { id } = pending.command;
    await this.fence.run(
      scripts.uncertain,
      [keys.command(id), keys.queue, keys.dead, keys.depth, keys.states, keys.completed],
      [id, pending.streamId, reason, this.clock.now(), keys.group, keys.events, ...this.limits],
    );
  }

  /** Lets ended messages go that are too old or too many: to be called now and then, since otherwise only the end of another does. */
  async forgetEnded(): Promise<void> {
    const { maxMessages, maxAgeMs } = this.history;
    const args = [maxMessages, this.clock.now() - maxAgeMs];
    while (Number(await this.fence.run(scripts.forget, [this.keys.completed], args)) > 0);
  }

  private get limits(): readonly [number, number] {
    return [this.history.maxMessages, this.history.maxAgeMs];
  }

  private async finish(
    { command, streamId }: PendingCommand,
    state: MessageState,
    inbox: readonly string[],
    receipt: string,
  ): Promise<void> {
    const { keys } = this;
    await this.fence.run(
      scripts.done,
      [keys.command(command.id), keys.queue, keys.completed, keys.depth, keys.states, keys.executedTotal, ...inbox],
      [command.id, streamId, state, this.clock.now(), keys.group, keys.events, ...this.limits, MAX_INBOX, receipt],
    );
  }

  /** Returns the id of the first entry after `waitFrom` once there is one; null after the time limit. */
  private async wait(blockMs: number): Promise<string | null> {
    const reply = await this.redis.blockingCall(
      blockMs,
      'XREAD',
      'COUNT',
      1,
      'BLOCK',
      blockMs,
      'STREAMS',
      this.keys.queue,
      this.waitFrom,
    );
    const [stream] = (reply ?? []) as [string, unknown][];
    return toEntries(stream?.[1])[0]?.id ?? null;
  }

  private async take(count: number, mode: 'new' | 'own'): Promise<StreamEntry[]> {
    const { keys } = this;
    return toEntries(
      await this.fence.run(scripts.read, [keys.queue], [keys.group, keys.consumer, count, this.last, mode]),
    );
  }

  /** Reads the ledger of each entry. Moves entries that are no command of TACO to the dead letters. */
  private async accept(entries: readonly StreamEntry[]): Promise<PendingCommand[]> {
    if (entries.length === 0) return [];
    const { keys } = this;
    const ledgers = await this.redis.pipeline(
      entries.map(
        ({ fields }) =>
          ['HMGET', keys.command(fields?.['id'] ?? ''), 'streamId', 'ended', 'state', 'attempts', 'notBefore'] as const,
      ),
    );
    const commands: PendingCommand[] = [];
    for (const [i, entry] of entries.entries()) {
      const accepted = acceptEntry(entry, ledgers[i] as Ledger);
      if (typeof accepted !== 'string') commands.push(accepted);
      else if (accepted === ENDED)
        await this.redis.pipeline([
          ['XACK', keys.queue, keys.group, entry.id],
          ['XDEL', keys.queue, entry.id],
        ]);
      else await this.poison(entry, accepted);
    }
    return commands;
  }

  private async poison(entry: StreamEntry, reason: string): Promise<void> {
    const { keys } = this;
    const claimed = entry.fields?.['id'] ?? '';
    this.logger.warn('queue.poison', { streamId: entry.id, reason });
    await this.fence.run(
      scripts.poison,
      [keys.queue, keys.dead, keys.failedTotal, keys.command(claimed), keys.depth, keys.states],
      [entry.id, claimed, reason, JSON.stringify(entry.fields), this.clock.now(), keys.group, keys.events],
    );
  }
}

type Ledger = readonly [
  streamId: string | null,
  ended: string | null,
  state: string | null,
  attempts: string | null,
  notBefore: string | null,
];

const ENDED = 'ended';

/**
 * Returns the command of an entry, `ENDED` when only its bookkeeping remains, or the reason why it is no command of
 * TACO.
 */
function acceptEntry(
  { id: streamId, fields }: StreamEntry,
  [ledgerId, ended, state, attempts, notBefore]: Ledger,
): PendingCommand | string {
  if (fields === null) return ENDED;
  const parsed = commandSchema.safeParse(fields);
  if (!parsed.success)
    return `malformed: ${parsed.error.issues
      .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
      .join('; ')
      .slice(0, 500)}`;
  // Only the enqueue script writes the ledger, and it verifies the sender. An entry without a ledger bypassed it.
  if (ledgerId === null) return 'not enqueued by TACO: it has no ledger';
  if (ledgerId !== streamId) return 'a second entry of the same id';
  if (ended !== null) return ENDED;
  const known = messageStateSchema.safeParse(state);
  const command: Command = { ...parsed.data, retry_count: Number(attempts) };
  return { command, streamId, state: known.data ?? 'queued', attempts: Number(attempts), notBefore: Number(notBefore) };
}

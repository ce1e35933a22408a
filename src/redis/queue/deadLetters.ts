import type { Clock } from '../../core/base/clock';
import { errors } from '../../core/errors/errors';
import { hostOfTarget, windowOfTarget } from '../../core/messages/address';
import { commandSchema, type Command } from '../../core/models';
import { DEFAULT_HISTORY } from '../../core/team/history';
import type { MessageView } from '../../core/team/snapshot';
import { keysFor, type Keys } from '../client/keys';
import { runScript, toEntries, type RedisCaller } from '../client/redisCommands';
import { parseHistory } from '../decode/messageView';
import { parseJson } from '../decode/schemas';
import { scripts } from '../scripts/scripts';

/** A command or queue entry that the user has to decide on. */
export interface DeadLetter {
  /** The command's id; for a malformed entry the stream id of the dead letter. */
  readonly id: string;
  readonly state: 'dead' | 'uncertain' | 'malformed';
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly attempts: number;
  /** Null for a malformed entry. */
  readonly command: Command | null;
  /** The queue entry as JSON. */
  readonly payload: string;
  readonly history: MessageView['history'];
}

const DEAD_LETTER_ID = /^\d+-\d+$/;

/** Lists, retries and drops dead letters and uncertain commands for the user, regardless of which process leads. */
export class DeadLetters {
  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** Oldest first. */
  async list(limit = 1000): Promise<readonly DeadLetter[]> {
    return toEntries(await this.redis.call('XRANGE', this.keys.dead, '-', '+', 'COUNT', limit)).map(({ id, fields }) =>
      toDeadLetter(id, fields ?? {}),
    );
  }

  /**
   * Puts a command at the end of the queue again, with its own id and zero attempts. Idempotent: a command in flight
   * stays unchanged. Throws TacoError unknown-command-id for a command that is neither dead nor uncertain, and
   * unknown-host when the receiver's host was removed.
   */
  async retry(id: string): Promise<void> {
    const { keys } = this;
    const target = (await this.redis.call('HGET', keys.command(id), 'target')) as string | null;
    const host = hostOfTarget(target ?? '');
    if (host !== '' && (await this.redis.call('HEXISTS', keys.hosts, host)) === 0) throw errors.unknownHost(host, []);
    const window = windowOfTarget(target ?? '');
    const inflight = window === null ? [] : [keys.inflight(window)];
    const answer = await runScript(
      this.redis,
      scripts.retryDeadLetter,
      [keys.command(id), keysFor(keys, target ?? '').queue, keys.dead, keys.depth, keys.states, ...inflight],
      [id, this.clock.now(), keys.events],
    );
    if (answer !== 'ok' && answer !== 'already') throw errors.unknownCommandId(id);
  }

  /**
   * Ends a waiting, dead or uncertain command permanently. Idempotent. Throws TacoError unknown-command-id when there is
   * none, and message-in-flight when it is being typed or has arrived.
   */
  async drop(id: string): Promise<void> {
    const { keys } = this;
    const [command, letter] = DEAD_LETTER_ID.test(id) ? ['', id] : [id, ''];
    const target = command === '' ? null : await this.redis.call('HGET', keys.command(command), 'target');
    const { queue } = keysFor(keys, typeof target === 'string' ? target : '');
    const answer = await runScript(
      this.redis,
      scripts.drop,
      [keys.command(command), keys.dead, keys.states, keys.completed, queue, keys.depth],
      [command, letter, this.clock.now(), keys.events, DEFAULT_HISTORY.maxAgeMs, keys.group],
    );
    if (answer === 'in-flight') throw errors.messageInFlight(id);
    if (answer !== 'ok' && answer !== 'already') throw errors.unknownCommandId(id);
  }
}

function toDeadLetter(entryId: string, fields: Record<string, string>): DeadLetter {
  const payload = fields['payload'] ?? '';
  const state = fields['state'] === 'dead' || fields['state'] === 'uncertain' ? fields['state'] : 'malformed';
  return {
    id: fields['id'] || entryId,
    state,
    reason: fields['reason'] ?? '',
    at: Number(fields['at'] ?? 0),
    attempts: Number(fields['attempts'] ?? 0),
    command: state === 'malformed' ? null : parseJson(commandSchema, payload),
    payload,
    history: parseHistory(fields['history'] ?? ''),
  };
}

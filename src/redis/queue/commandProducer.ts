import { createHash } from 'node:crypto';
import { errors } from '../../core/base/errors';
import { COMMAND_ID, MAX_MESSAGE_BYTES, SENDER, TMUX_TARGET } from '../../core/base/limits';
import { hostOfTarget } from '../../core/messages/address';
import type { CommandProducer, NewCommand } from '../../core/team/ports';
import { keysFor, type Keys } from '../client/keys';
import { runScript, type RedisCaller } from '../client/redisCommands';
import { lightScripts } from '../scripts/lightScripts';

/** Limits of waiting messages: per target, and in total. */
export interface Quotas {
  readonly perTarget: number;
  readonly total: number;
}

export const DEFAULT_QUOTAS: Quotas = { perTarget: 1000, total: 100_000 };
/** Seconds for which an id is remembered after enqueueing, and a ledger after its end. */
export const MEMORY_SECONDS = 24 * 60 * 60;

/** Returns the hash that identifies an agent's secret. TACO never stores the secret itself. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Throws TacoError for a command that both the queue and the spool refuse. */
export function checkCommand(command: NewCommand): void {
  if (command.message.length === 0) throw errors.messageEmpty();
  const bytes = Buffer.byteLength(command.message);
  if (bytes > MAX_MESSAGE_BYTES) throw errors.messageTooLong(bytes, MAX_MESSAGE_BYTES);
  if (!SENDER.test(command.sender)) throw errors.senderRefused(JSON.stringify(command.sender));
  if (!COMMAND_ID.test(command.id))
    throw errors.usage(`"${command.id}" is no message id.`, 'An id is cmd_ and 6 to 64 letters, digits, _ or -.');
  if (command.target !== 'user' && !TMUX_TARGET.test(command.target)) {
    throw errors.usage(`"${command.target}" is no target.`, 'A target is SESSION:WINDOW or user.');
  }
}

/**
 * The producer's side of `commands:queue`, or of a host's own queue for that host's agents. Works with any Redis
 * client.
 */
export class RedisCommandProducer implements CommandProducer {
  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
    private readonly quotas: Quotas = DEFAULT_QUOTAS,
    private readonly now: () => number = Date.now,
  ) {}

  async enqueue(command: NewCommand): Promise<{ readonly duplicate: boolean }> {
    checkCommand(command);
    const { id, type, target, message, priority, timestamp, sender, secret } = command;
    const { keys, quotas } = this;
    const host = hostOfTarget(target);
    const answer = await runScript(
      this.redis,
      lightScripts.enqueue,
      [
        keysFor(keys, target).queue,
        keys.command(id),
        keys.dedupe(id),
        keys.depth,
        keys.states,
        keys.senders,
        keys.enqueuedTotal,
        keys.activity,
        ...(host === '' ? [] : [keys.hosts]),
      ],
      [
        id,
        type,
        target,
        message,
        priority,
        timestamp,
        sender,
        secret === null ? '' : hashSecret(secret),
        this.now(),
        quotas.perTarget,
        quotas.total,
        keys.events,
        MEMORY_SECONDS,
        host,
      ],
    );
    switch (answer) {
      case 'ok':
        return { duplicate: false };
      case 'duplicate':
        return { duplicate: true };
      case 'sender':
        throw errors.senderRefused(sender);
      case 'type':
        throw errors.typeRefused(type, sender);
      case 'host':
        throw errors.unknownHost(host, []);
      case 'quota-target':
        throw errors.quotaExceeded(target, quotas.perTarget);
      case 'quota-all':
        throw errors.quotaExceeded('this project', quotas.total);
      default:
        throw errors.redisFailed('enqueue', `it answered ${JSON.stringify(answer)}`);
    }
  }
}

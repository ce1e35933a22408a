import { createHash } from 'node:crypto';
import { COMMAND_ID, MAX_ENVELOPED_BYTES, SENDER, TMUX_TARGET } from '../../core/base/limits';
import { errors } from '../../core/errors/errors';
import { hostOfTarget } from '../../core/messages/address';
import type { NewCommand } from '../../core/messages/newCommand';
import type { CommandProducer } from '../../core/team/ports';
import { keysFor, type Keys } from '../client/keys';
import { runScript, type RedisCaller } from '../client/redisCommands';
import { lightScripts } from '../scripts/lightScripts';

/** Limits of waiting messages: per target, and in total. */
export interface Quotas {
  readonly perTarget: number;
  readonly total: number;
}

export const DEFAULT_QUOTAS: Quotas = { perTarget: 1000, total: 100_000 };
/** An id is known until at least so many later ones were enqueued: some 90 bytes in Redis each, of twice as many. */
const IDS_KNOWN = 25_000;

/** Returns the hash that identifies an agent's secret. TACO never stores the secret itself. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Throws TacoError for a command that both the queue and the spool refuse. */
export function checkCommand(command: NewCommand): void {
  if (command.message.length === 0) throw errors.messageEmpty();
  const bytes = Buffer.byteLength(command.message);
  if (bytes > MAX_ENVELOPED_BYTES) throw errors.messageTooLong(bytes, MAX_ENVELOPED_BYTES);
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
    private readonly idsKnown: number = IDS_KNOWN,
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
        keys.ids,
        keys.depth,
        keys.states,
        keys.senders,
        keys.enqueuedTotal,
        keys.activity,
        keys.earlierIds,
        keys.idsSince,
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
        this.idsKnown,
        host,
        command.unsure ? '1' : '',
        Date.parse(timestamp) || 0,
        command.when ?? '',
        MAX_ENVELOPED_BYTES,
      ],
    );
    switch (answer) {
      case 'ok':
        return { duplicate: false };
      case 'duplicate':
        return { duplicate: true };
      case 'unknown':
        throw errors.fateUnknown(id);
      case 'sender':
        throw errors.senderRefused(sender);
      case 'type':
        throw errors.typeRefused(type, sender);
      case 'host':
        throw errors.unknownHost(host, []);
      case 'too-long':
        throw errors.messageTooLong(Buffer.byteLength(message), MAX_ENVELOPED_BYTES);
      case 'quota-target':
        throw errors.quotaExceeded(target, quotas.perTarget);
      case 'quota-all':
        throw errors.quotaExceeded('this project', quotas.total);
      default:
        throw errors.redisFailed('enqueue', `it answered ${JSON.stringify(answer)}`);
    }
  }
}

import { randomBytes } from 'node:crypto';
import type { NewCommand } from '../../src/core/messages/newCommand';
import { systemClock } from '../../src/environment/systemClock';
import type { RedisConnection } from '../../src/redis/client/connection';
import type { Keys } from '../../src/redis/client/keys';
import { RedisLease } from '../../src/redis/leadership/lease';
import { RedisCommandConsumer } from '../../src/redis/queue/redisQueue';
import { silentLogger } from './loggers';

let made = 0;

export function newCommand(patch: Partial<NewCommand> = {}): NewCommand {
  return {
    id: `cmd_${randomBytes(5).toString('hex')}_${made++}`,
    type: 'tmux_message',
    target: 'taco-test:3',
    message: '[USER → AGENT-3]: hello',
    priority: 'normal',
    timestamp: new Date().toISOString(),
    sender: 'USER',
    secret: null,
    ...patch,
  };
}

/** Returns a consumer that leads. */
export async function leadingConsumer(
  redis: RedisConnection,
  keys: Keys,
): Promise<{ consumer: RedisCommandConsumer; lease: RedisLease }> {
  const lease = new RedisLease(redis, keys, systemClock, silentLogger);
  const epoch = await lease.acquire();
  if (epoch === null) throw new Error('Another process leads.');
  const consumer = new RedisCommandConsumer(redis, keys, () => lease.epoch, systemClock, silentLogger);
  return { consumer, lease };
}

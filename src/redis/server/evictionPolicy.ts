import type { RedisCaller } from '../client/redisCommands';

/** `maxmemory-policy` of a Redis that removes keys when its memory is full; null for one that never does. Throws what `call` throws. */
export async function evictionPolicy(redis: RedisCaller): Promise<string | null> {
  return evictionPolicyOf(String(await redis.call('INFO', 'memory')));
}

/** The same from the text of `INFO memory`. Without a limit (`maxmemory` 0) nothing is ever removed. */
function evictionPolicyOf(info: string): string | null {
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction';
  const limit = Number(/^maxmemory:(\d+)/m.exec(info)?.[1] ?? 0);
  return limit > 0 && policy !== 'noeviction' ? policy : null;
}

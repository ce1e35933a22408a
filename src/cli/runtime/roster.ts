import type { Roster } from '../../core/messages/recipients';
import type { Keys } from '../../redis/client/keys';
import type { RedisCaller } from '../../redis/client/redisCommands';

/** Reads the roster that `taco send` needs, in two round trips for any number of agents. */
export async function rosterFromRedis(redis: RedisCaller, keys: Keys, tmuxSession: string): Promise<Roster> {
  const windows = await redis.call('SMEMBERS', keys.agentWindows);
  if (!Array.isArray(windows)) return { tmuxSession, agents: [] };
  const numbers = windows
    .map(Number)
    .filter((window) => Number.isInteger(window))
    .sort((a, b) => a - b);
  const found = await Promise.all(numbers.map((window) => redis.call('HMGET', keys.agent(window), 'name', 'host')));
  const agents = numbers.flatMap((window, i) => {
    const [name, host] = found[i] as (string | null)[];
    return typeof name === 'string' ? [{ window, name, ...(host ? { host } : {}) }] : [];
  });
  return { tmuxSession, agents };
}

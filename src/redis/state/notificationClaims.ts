import type { NotificationClaims } from '../../core/team/teamClient';
import type { Keys } from '../client/keys';
import { runScript, type RedisCaller } from '../client/redisCommands';
import { scripts } from '../scripts/scripts';

/** Milliseconds until a claim that its window does not renew expires. */
const CALL_TTL_MS = 10_000;
/** Milliseconds for which a finished notification is remembered, for windows that see it late. */
const SHOWN_MARK_MS = 24 * 60 * 60_000;

/** Stores in Redis which of a project's windows shows a notification. Each claim has a time to live. */
export class RedisNotificationClaims implements NotificationClaims {
  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
    private readonly ttlMs: number = CALL_TTL_MS,
  ) {}

  async take(key: string, window: string): Promise<'yours' | 'theirs' | 'told'> {
    return (await runScript(this.redis, scripts.callTake, [this.keys.call(key)], [window, this.ttlMs])) as
      'yours' | 'theirs' | 'told';
  }

  async keep(key: string, window: string): Promise<void> {
    await runScript(this.redis, scripts.callKeep, [this.keys.call(key)], [window, this.ttlMs]);
  }

  async markShown(key: string): Promise<void> {
    await this.redis.call('SET', this.keys.call(key), 'told', 'PX', SHOWN_MARK_MS);
  }
}

import { errors } from '../../src/core/base/errors';
import type { RedisConnection } from '../../src/redis/client/connection';
import type { RedisArgument } from '../../src/redis/client/redisCommands';

/** A call on its way to Redis, as text: the command, or the digest of a script, and its arguments. */
export type Call = readonly [string, ...RedisArgument[]];

/** Stands before one process's connection: keeps calls from Redis, or holds them up, as a broken line does. */
export class FlakyRedis {
  private readonly real: RedisConnection['call'];
  /** Keeps a call from Redis when it says true; nothing is kept while it is null. */
  fails: ((call: Call) => boolean) | null = null;
  /** What a call waits for before it is sent. */
  holds: ((call: Call) => Promise<void> | null) | null = null;
  /** How many calls were kept from Redis. */
  failed = 0;

  constructor(redis: RedisConnection) {
    this.real = redis.call.bind(redis);
    redis.call = async (...call: Call) => {
      await this.holds?.(call);
      if (this.fails?.(call)) {
        this.failed++;
        throw errors.redisUnreachable('the test', new Error('cut'));
      }
      return this.real(...call);
    };
  }

  /** Keeps the first such call, and lets all others through. */
  failOnce(is: (call: Call) => boolean): void {
    this.fails = (call) => {
      if (!is(call)) return false;
      this.fails = null;
      return true;
    };
  }
}

import { errors } from '../../src/core/errors/errors';
import type { RedisConnection } from '../../src/redis/client/connection';
import type { RedisArgument } from '../../src/redis/client/redisCommands';

/** A call in flight to Redis, as text: the command, or the digest of a script, and its arguments. */
export type Call = readonly [string, ...RedisArgument[]];

/** Wraps one process's connection: fails or delays calls to Redis, as a broken line does. */
export class FlakyRedis {
  private readonly real: RedisConnection['call'];
  /** Fails a call when it returns true; while it is null, no call fails. */
  fails: ((call: Call) => boolean) | null = null;
  /** Delays a call until the returned promise resolves. */
  holds: ((call: Call) => Promise<void> | null) | null = null;
  /** Number of failed calls. */
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

  /** Fails the first such call, and lets all others through. */
  failOnce(is: (call: Call) => boolean): void {
    this.fails = (call) => {
      if (!is(call)) return false;
      this.fails = null;
      return true;
    };
  }
}

import { errors } from '../../core/base/errors';
import type { Keys } from '../client/keys';
import { runScript, type RedisArgument, type RedisCaller, type RedisScript } from '../client/redisCommands';

/**
 * The leader's way into Redis: each script is given `lease:epoch` as its first key and the epoch we hold as its first
 * argument, compares the two, and answers `stale` instead of writing when another leads.
 */
export class EpochFence {
  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
    /** The lease's epoch, null when it is not held. */
    private readonly epoch: () => number | null,
  ) {}

  /** Throws TacoError not-leader when the epoch is stale; nothing was written then. */
  async run(script: RedisScript, keys: readonly string[], args: readonly RedisArgument[]): Promise<unknown> {
    const epoch = this.epoch();
    if (epoch === null) throw errors.notLeader();
    const answer = await runScript(this.redis, script, [this.keys.epoch, ...keys], [epoch, ...args]);
    if (answer === 'stale') throw errors.notLeader();
    return answer;
  }
}

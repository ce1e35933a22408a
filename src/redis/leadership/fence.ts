import { errors } from '../../core/errors/errors';
import type { Keys } from '../client/keys';
import { runScript, type RedisArgument, type RedisCaller, type RedisScript } from '../client/redisCommands';

/**
 * Runs the leader's scripts in Redis. Each script gets `lease:epoch` as its first key and this leader's epoch as its
 * first argument. It compares the two and returns `stale` instead of writing when another process leads.
 */
export class EpochFence {
  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
    /** Returns the lease's epoch, or null when the lease is not held. */
    private readonly epoch: () => number | null,
  ) {}

  /** Throws TacoError not-leader when the epoch is stale; nothing is written then. */
  async run(script: RedisScript, keys: readonly string[], args: readonly RedisArgument[]): Promise<unknown> {
    const epoch = this.epoch();
    if (epoch === null) throw errors.notLeader();
    const answer = await runScript(this.redis, script, [this.keys.epoch, ...keys], [epoch, ...args]);
    if (answer === 'stale') throw errors.notLeader();
    return answer;
  }
}

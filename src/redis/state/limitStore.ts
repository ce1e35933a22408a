import { accountLimitSchema, type AccountLimit } from '../../core/limits/accountLimit';
import type { Keys } from '../client/keys';
import { toHash, type RedisCaller } from '../client/redisCommands';
import { parseJson } from '../decode/schemas';
import type { EpochFence } from '../leadership/fence';
import { fencedScripts } from '../scripts/scripts';

/** `limits`: account → its limit, JSON. Only executors write it, behind their fence. */
export class LimitStore {
  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
    private readonly fence: EpochFence,
  ) {}

  async all(): Promise<readonly AccountLimit[]> {
    return limitsOf(await this.redis.call('HGETALL', this.keys.limits));
  }

  /** Throws TacoError not-leader when another process leads. */
  async set(limit: AccountLimit): Promise<void> {
    await this.write('HSET', fieldOf(limit), JSON.stringify(limit));
  }

  /** Throws TacoError not-leader when another process leads. */
  async remove(limit: Pick<AccountLimit, 'account' | 'host'>): Promise<void> {
    await this.write('HDEL', fieldOf(limit));
  }

  private async write(command: 'HSET' | 'HDEL', ...args: readonly string[]): Promise<void> {
    await this.fence.run(fencedScripts.write, [this.keys.limits], [command, ...args]);
    await this.redis.call('PUBLISH', this.keys.events, JSON.stringify({ kind: 'session' }));
  }
}

/** Returns the valid entries of the hash. */
export function limitsOf(reply: unknown): AccountLimit[] {
  return Object.values(toHash(reply)).flatMap((text) => parseJson(accountLimitSchema, text) ?? []);
}

function fieldOf({ account, host }: Pick<AccountLimit, 'account' | 'host'>): string {
  return `${host}/${account}`;
}

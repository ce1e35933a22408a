import * as z from 'zod';
import { sumUsage, usageSchema, type Usage } from '../../core/agents/usage';
import type { Keys } from '../client/keys';
import { toHash, type RedisCaller } from '../client/redisCommands';
import { parseJson } from '../decode/schemas';

const entrySchema = z.object({ window: z.int().min(0), name: z.string(), usage: usageSchema });
/** The usage of one conversation of an agent. */
export type UsageEntry = z.infer<typeof entrySchema>;

/** `usage`: conversation id → its usage. An ended conversation stays, so that a team's sum never shrinks. */
export class UsageStore {
  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
  ) {}

  async set(conversation: string, entry: UsageEntry): Promise<void> {
    await this.redis.call('HSET', this.keys.usage, conversation, JSON.stringify(entry));
  }

  async team(): Promise<Usage> {
    return sumUsage(usageEntries(await this.redis.call('HGETALL', this.keys.usage)).map(({ usage }) => usage));
  }
}

/** Returns the valid entries of the hash. */
export function usageEntries(reply: unknown): UsageEntry[] {
  return Object.values(toHash(reply)).flatMap((text) => parseJson(entrySchema, text) ?? []);
}

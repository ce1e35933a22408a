import * as z from 'zod';
import { sumUsage, usageSchema, type Usage } from '../../core/agents/usage';
import type { Keys } from '../client/keys';
import { toHash, type RedisCaller } from '../client/redisCommands';
import { parseJson } from '../decode/schemas';

const entrySchema = z.object({ window: z.int().min(0), name: z.string(), usage: usageSchema });
/** What one conversation of an agent has used. */
export type UsageEntry = z.infer<typeof entrySchema>;

/** `usage`: conversation id → what it used. A conversation that was ended stays, so a team's sum never shrinks. */
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

/** Entries of the hash; what is none is left out. */
export function usageEntries(reply: unknown): UsageEntry[] {
  return Object.values(toHash(reply)).flatMap((text) => parseJson(entrySchema, text) ?? []);
}

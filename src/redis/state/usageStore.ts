import * as z from 'zod';
import { sumUsage, usageSchema, type Usage } from '../../core/agents/usage';
import type { Clock } from '../../core/base/clock';
import type { Keys } from '../client/keys';
import { runScript, toHash, type RedisCaller } from '../client/redisCommands';
import { parseJson } from '../decode/schemas';
import { scripts } from '../scripts/scripts';

const entrySchema = z.object({
  window: z.int().min(0),
  name: z.string(),
  usage: usageSchema,
  /** Tokens that the model read for its last reply; absent: not known. */
  context: z.int().min(0).optional(),
  /** Time of the write, milliseconds since the epoch. */
  at: z.number().default(0),
});
/** The usage of one conversation of an agent. */
export type UsageEntry = z.infer<typeof entrySchema>;

/** Conversations with an entry of their own; of more the oldest are added up, one sum per agent. */
const MAX_CONVERSATIONS = 500;

/** `usage`: conversation id → its usage. An ended conversation stays, so that a team's sum never shrinks. */
export class UsageStore {
  constructor(
    private readonly redis: RedisCaller,
    private readonly keys: Keys,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async set(conversation: string, entry: Omit<UsageEntry, 'at'>): Promise<void> {
    const text = JSON.stringify({ ...entry, at: this.clock.now() });
    await runScript(this.redis, scripts.usageSet, [this.keys.usage], [conversation, text, MAX_CONVERSATIONS]);
  }

  async team(): Promise<Usage> {
    return sumUsage((await this.all()).map(({ usage }) => usage));
  }

  async all(): Promise<readonly UsageEntry[]> {
    return usageEntries(await this.redis.call('HGETALL', this.keys.usage));
  }
}

/** Returns the valid entries of the hash. */
export function usageEntries(reply: unknown): UsageEntry[] {
  return Object.values(toHash(reply)).flatMap((text) => parseJson(entrySchema, text) ?? []);
}

/** The door, asked about what a hook reports. Loads neither zod nor ioredis, since an agent waits for its hook. */
import { checkPrompt } from '../../core/messages/promptCheck';
import type { HookData } from '../../core/team/ports';
import { sameTextOf } from '../../profiles/textEquality';
import type { Keys } from '../../redis/client/keys';
import type { RedisCaller } from '../../redis/client/redisCommands';
import { readInflight, type HookReport } from '../../redis/queue/hookReports';

/**
 * The report with what the door found of a prompt: the message that it is, or that it was to be. A damaged one is an event of its own only while
 * it can still be kept from the model. Throws TacoError while Redis is away.
 */
export async function verifyPrompt(
  redis: RedisCaller,
  keys: Keys,
  window: number,
  said: HookReport,
  mayRefuse: boolean,
): Promise<HookReport> {
  const { event, data, profile } = said;
  if (event !== 'UserPromptSubmit' || data.prompt === undefined) return said;
  const decision = checkPrompt(await readInflight(redis, keys, window), data.prompt, sameTextOf(profile));
  if (decision.kind === 'receipt') return withData(said, { commandId: decision.id });
  return decision.kind === 'block' && mayRefuse ? withData(said, { blockedId: decision.id }) : said;
}

function withData(said: HookReport, more: Partial<HookData>): HookReport {
  return { ...said, data: { ...said.data, ...more } };
}

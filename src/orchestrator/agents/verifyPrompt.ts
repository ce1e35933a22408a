/** The prompt check of a hook report. Loads neither zod nor ioredis, since an agent waits for its hook. */
import type { HookData, HookReport } from '../../core/agents/hookData';
import { checkPrompt } from '../../core/messages/promptCheck';
import { sameTextOf } from '../../profiles/textEquality';
import type { Keys } from '../../redis/client/keys';
import type { RedisCaller } from '../../redis/client/redisCommands';
import { readInflight } from '../../redis/queue/hookReports';

/**
 * Adds the result of the prompt check to the report: the message that the prompt is, or that it should have been. A
 * damaged prompt is an event of its own only while the hook can still refuse it. Throws TacoError while Redis is
 * unreachable.
 */
export async function verifyPrompt(
  redis: RedisCaller,
  keys: Keys,
  window: number,
  report: HookReport,
  mayRefuse: boolean,
): Promise<HookReport> {
  const { event, data, profile } = report;
  if (event !== 'UserPromptSubmit' || data.prompt === undefined) return report;
  const decision = checkPrompt(await readInflight(redis, keys, window), data.prompt, sameTextOf(profile));
  if (decision.kind === 'receipt') return withData(report, { commandId: decision.id });
  return decision.kind === 'block' && mayRefuse ? withData(report, { blockedId: decision.id }) : report;
}

function withData(report: HookReport, more: Partial<HookData>): HookReport {
  return { ...report, data: { ...report.data, ...more } };
}

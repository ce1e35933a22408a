import type { Keys } from '../client/keys';
import { toEntries, type RedisCaller } from '../client/redisCommands';

/** A permission request that was answered through the CLI's hook. */
export interface Decision {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly window: number;
  readonly agent: string;
  readonly tool: string;
  /** The tool's input as JSON; empty when it is longer than the ledger stores. */
  readonly input: string;
  readonly workspace: string;
  readonly verdict: 'allow' | 'deny';
  /** `user`, or the id of the rule that answered. */
  readonly by: string;
}

/** Decisions that the ledger keeps, and the characters of an input: rules see only inputs that are there whole. */
const MAX_DECISIONS = 1000;
const MAX_INPUT = 8000;

/** Writes a decision to the ledger and to the recent activity. Loads no zod, because the agent's hook calls it. */
export async function recordDecision(redis: RedisCaller, keys: Keys, decision: Decision): Promise<void> {
  const { input, at, agent, tool, verdict, by, ...rest } = decision;
  const whole = input.length <= MAX_INPUT ? input : '';
  const fields = Object.entries({ at, agent, tool, verdict, by, input: whole, ...rest }).flatMap(([name, value]) => [
    name,
    String(value),
  ]);
  await redis.call('XADD', keys.decisions, 'MAXLEN', '~', MAX_DECISIONS, '*', ...fields);
  if (by === 'user') return;
  const words = `${agent}: ${tool} was ${verdict === 'allow' ? 'allowed' : 'denied'} by rule ${by}`;
  await redis.call('XADD', keys.activity, 'MAXLEN', '~', MAX_DECISIONS, '*', 'at', at, 'text', words);
}

/** Returns the newest decisions, newest first. Leaves out entries that are not valid. */
export async function readDecisions(redis: RedisCaller, keys: Keys, count: number): Promise<readonly Decision[]> {
  const reply = await redis.call('XREVRANGE', keys.decisions, '+', '-', 'COUNT', count);
  return toEntries(reply).flatMap(({ fields }) => {
    const { at, window, agent, tool, input, workspace, verdict, by } = fields ?? {};
    if (tool === undefined || input === undefined || (verdict !== 'allow' && verdict !== 'deny')) return [];
    return [
      {
        at: Number(at),
        window: Number(window),
        agent: agent ?? '',
        tool,
        input,
        workspace: workspace ?? '',
        verdict,
        by: by ?? '',
      },
    ];
  });
}

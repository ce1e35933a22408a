/** Answers a permission request by the user's rules, before anybody is asked. */
import { readFileSync } from 'node:fs';
import { permissionRequestOf } from '../../core/requests/permissionHook';
import { decideByRules, parseRules } from '../../core/rules/rules';
import type { Keys } from '../../redis/client/keys';
import type { LightRedis } from '../../redis/client/lightClient';
import { recordDecision } from '../../redis/state/decisionLog';

/** CLIs whose hook takes this decision: Claude Code's protocol, which Codex documents as its own too. */
export const RULED_PROFILES: ReadonlySet<string> = new Set(['claude', 'codex', 'scripted']);

export interface RuleAnswerOptions {
  readonly connect: () => Promise<LightRedis>;
  readonly keys: Keys;
  readonly window: number;
  /** The hook's JSON. */
  readonly input: string;
  readonly rulesFile: string;
  readonly say: (text: string) => Promise<void>;
}

/**
 * Prints the decision of a rule and returns true; returns false when no rule answers. A decision that the ledger cannot
 * take is not given, so throws when Redis is unreachable.
 */
export async function answerByRule(options: RuleAnswerOptions): Promise<boolean> {
  const { connect, keys, window, input, rulesFile, say } = options;
  const rules = parseRules(readOrEmpty(rulesFile));
  const request = rules.length === 0 ? null : permissionRequestOf(input);
  if (request === null) return false;
  const client = await connect();
  try {
    // The record, not the hook's own words: an agent chooses the folder in which its CLI stands.
    const [agent, workspace] = (await client.call('HMGET', keys.agent(window), 'name', 'workspace')) as (
      string | null
    )[];
    if (!agent || !workspace) return false;
    const at = Date.now();
    const verdict = decideByRules(rules, { tool: request.tool, input: request.input, workspace, agent }, at);
    if (verdict.kind === 'ask') return false;
    await recordDecision(client, keys, {
      at,
      window,
      agent,
      tool: request.tool,
      input: JSON.stringify(request.input),
      workspace,
      verdict: verdict.kind,
      by: verdict.rule,
    });
    const decision =
      verdict.kind === 'allow'
        ? { behavior: 'allow' }
        : { behavior: 'deny', message: `A rule of the user (${verdict.rule}) denies this. Continue without it.` };
    await say(JSON.stringify({ hookSpecificOutput: { hookEventName: 'PermissionRequest', decision } }));
    return true;
  } finally {
    client.dispose();
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

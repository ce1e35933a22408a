/** Plays rules on earlier requests. Pure. */
import { decideByRules, patternsOf, type Rule, type Verdict } from './rules';

/** An earlier request with the decision that it got. */
export interface PastRequest {
  readonly at: number;
  readonly agent: string;
  readonly tool: string;
  /** JSON. */
  readonly input: string;
  readonly workspace: string;
  readonly verdict: 'allow' | 'deny';
  readonly by: string;
}

export interface PreviewedRequest extends PastRequest {
  readonly would: Verdict;
}

/** Returns the verdict of the rules on each request whose input is known whole. */
export function previewRules(
  rules: readonly Rule[],
  past: readonly PastRequest[],
  now: number,
): readonly PreviewedRequest[] {
  return past.flatMap((request) => {
    const input = inputOf(request);
    return input === undefined ? [] : [{ ...request, would: decideByRules(rules, { ...request, input }, now) }];
  });
}

/** Equal answers of the user after which a rule is offered. */
const OFFERED_AFTER = 3;

/**
 * Returns the rule to offer after the user has allowed what the newest request wants as often as {@link OFFERED_AFTER}:
 * the same file, or the same command, also as a part of other lines. Null when not, when no rule may answer it, or when
 * the rules allow each of its parts. `past`: newest first.
 */
export function offeredRule(
  past: readonly PastRequest[],
  rules: readonly Rule[],
  now: number,
): Omit<Rule, 'id'> | null {
  const [newest] = past;
  if (!newest || newest.by !== 'user' || newest.verdict !== 'allow') return null;
  const allowed = past.filter(({ tool, by, verdict }) => tool === newest.tool && by === 'user' && verdict === 'allow');
  for (const pattern of patternsOfPast(newest)) {
    if (allowed.filter((each) => patternsOfPast(each).includes(pattern)).length < OFFERED_AFTER) continue;
    const offer = { effect: 'allow', tool: newest.tool, pattern, agents: [], until: 0 } as const;
    if (!rules.some((rule) => isSameGrant(rule, offer, now))) return offer;
  }
  return null;
}

function isSameGrant(rule: Rule, { tool, pattern }: Pick<Rule, 'tool' | 'pattern'>, now: number): boolean {
  const isValid = rule.effect === 'allow' && rule.agents.length === 0 && (rule.until === 0 || rule.until > now);
  return isValid && rule.tool === tool && rule.pattern === pattern;
}

function patternsOfPast(request: PastRequest): readonly string[] {
  const input = inputOf(request);
  return input === undefined ? [] : patternsOf({ ...request, input });
}

function inputOf({ input }: PastRequest): unknown {
  try {
    return input === '' ? undefined : (JSON.parse(input) as unknown);
  } catch {
    return undefined;
  }
}

/** Plays rules on earlier requests. Pure. */
import { decideByRules, patternOf, type Rule, type Verdict } from './rules';

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
 * Returns the rule to offer after the user has allowed the newest request as often as {@link OFFERED_AFTER}; null when
 * not, or when no rule may answer it. `past`: newest first.
 */
export function offeredRule(past: readonly PastRequest[]): Omit<Rule, 'id'> | null {
  const [newest] = past;
  const input = newest && inputOf(newest);
  if (input === undefined || newest?.by !== 'user' || newest.verdict !== 'allow') return null;
  const equal = past.filter(
    ({ tool, input: text, by, verdict }) =>
      tool === newest.tool && text === newest.input && by === 'user' && verdict === 'allow',
  );
  const pattern = equal.length >= OFFERED_AFTER ? patternOf({ ...newest, input }) : null;
  return pattern === null ? null : { effect: 'allow', tool: newest.tool, pattern, agents: [], until: 0 };
}

function inputOf({ input }: PastRequest): unknown {
  try {
    return input === '' ? undefined : (JSON.parse(input) as unknown);
  } catch {
    return undefined;
  }
}

/** Rules that answer permission requests for the user. Pure, without zod: the agent's hook loads it. */
import { floorReason, type ToolCall } from './denyFloor';
import { shellCommands } from './shellWords';

export interface Rule {
  /** `r1`, unique in the project. */
  readonly id: string;
  readonly effect: 'allow' | 'deny';
  /** The exact name of the tool. */
  readonly tool: string;
  /** Words of a command, or a path inside the agent's folder; `*` stands for any word, at the end for any rest. */
  readonly pattern: string;
  /** Names of the agents; empty: all. */
  readonly agents: readonly string[];
  /** Milliseconds since the epoch; 0: without end. */
  readonly until: number;
}

/** A permission request as a rule sees it. */
export interface RuledCall extends ToolCall {
  readonly agent: string;
}

export type Verdict =
  | { readonly kind: 'ask'; /** Why no rule may answer it; empty: none matches. */ readonly floor: string }
  | { readonly kind: 'allow' | 'deny'; readonly rule: string };

const MAX_RULES = 500;

/** Decides by the rules. A denial wins; an allow needs that each command of a line matches; the floor is never crossed. */
export function decideByRules(rules: readonly Rule[], call: RuledCall, now: number): Verdict {
  const parts = partsOf(call);
  const valid = rules.filter(
    ({ tool, agents, until }) =>
      tool === call.tool && (until === 0 || until > now) && (agents.length === 0 || agents.includes(call.agent)),
  );
  const denial = valid.find(
    ({ effect, pattern }) => effect === 'deny' && (pattern === '*' || parts?.some((part) => matches(pattern, part))),
  );
  if (denial) return { kind: 'deny', rule: denial.id };
  const floor = floorReason(call);
  if (floor !== '') return { kind: 'ask', floor };
  const allowing = valid.filter(({ effect }) => effect === 'allow');
  const used = parts?.map((part) => allowing.find(({ pattern }) => matches(pattern, part))) ?? [];
  const [first] = used;
  return first && used.every((rule) => rule !== undefined)
    ? { kind: 'allow', rule: [...new Set(used.map((rule) => rule?.id ?? ''))].join('+') }
    : { kind: 'ask', floor: '' };
}

/**
 * Returns the narrow patterns that together would answer the same call again, one for each command of a line; none when
 * no rule may.
 */
export function patternsOf(call: RuledCall): readonly string[] {
  const parts = floorReason(call) === '' ? (partsOf(call) ?? []) : [];
  // A pattern has no quotes: such a word would be several ones, or stand for others.
  return parts.some((words) => words.some((word) => word === '' || /[\s*]/.test(word)))
    ? []
    : [...new Set(parts.map((words) => words.join(' ')))];
}

/** Returns the rules in the text of `rules.json`; a damaged file holds none, so that the user is asked. */
export function parseRules(text: string): readonly Rule[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.slice(0, MAX_RULES).flatMap((each) => ruleOf(each) ?? []) : [];
  } catch {
    return [];
  }
}

function ruleOf(value: unknown): Rule | null {
  const { id, effect, tool, pattern, agents, until } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || (effect !== 'allow' && effect !== 'deny') || typeof tool !== 'string') return null;
  if (typeof pattern !== 'string' || pattern.trim() === '' || typeof until !== 'number' || !Array.isArray(agents))
    return null;
  if (!agents.every((name) => typeof name === 'string')) return null;
  return { id, effect, tool, pattern, agents, until };
}

/** Returns what the pattern is compared with: the words of each command, the path, or the whole input. */
function partsOf({ input, workspace }: ToolCall): readonly (readonly string[])[] | null {
  const fields = typeof input === 'object' && input !== null ? (input as Readonly<Record<string, unknown>>) : {};
  if (typeof fields['command'] === 'string') return shellCommands(fields['command']);
  const path = fields['file_path'] ?? fields['notebook_path'] ?? fields['path'] ?? fields['url'];
  if (typeof path !== 'string') return [[JSON.stringify(input)]];
  return [[path.startsWith(`${workspace}/`) ? path.slice(workspace.length + 1) : path]];
}

function matches(pattern: string, words: readonly string[]): boolean {
  const wanted = pattern.trim().split(/\s+/);
  const isOpen = wanted.at(-1) === '*';
  const fixed = isOpen ? wanted.slice(0, -1) : wanted;
  if (isOpen ? words.length < fixed.length : words.length !== fixed.length) return false;
  return fixed.every((each, index) => matchesWord(each, words[index] ?? ''));
}

/** `*` stands for any characters of one word. */
function matchesWord(pattern: string, word: string): boolean {
  const expression = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*');
  return new RegExp(`^${expression}$`, 's').test(word);
}

import { showsForm, type PlanBlock } from './planBlocks';

/** Maximum number of unclosed brackets to follow; each costs a scan to the end of the text. */
const MAX_OPEN_WALKS = 4;
/** Maximum number of values to read; the last ones of the text count. */
const MAX_CANDIDATES = 4;
const LINE_WITH_BRACKET = /^[ \t]*(?=[{[])/gm;
const AGENT_MEMBER = /["'“]?\bname["'”]?\s{0,8}:/;

/**
 * Returns the text as a plan without markers if it contains nothing else: JSON, possibly after comments. Null when it
 * begins differently. `isBehindComment` is true when a comment was skipped.
 */
export function bareBlock(text: string): (PlanBlock & { readonly isBehindComment: boolean }) | null {
  const at = skipComments(text);
  const isObject = text[at] === '{' && /["'“]?agents["'”]?\s{0,8}:/.test(text);
  const isList = text[at] === '[' && AGENT_MEMBER.test(text);
  return isObject || isList ? { ...blockOf(text.slice(at)), isBehindComment: /\S/.test(text.slice(0, at)) } : null;
}

/**
 * Returns the values of an exact text that may be plans and begin a line, for example in a code fence or below a
 * sentence; the last first. Linear in the length of the text.
 */
export function unmarkedBlocks(text: string): readonly PlanBlock[] {
  const found: PlanBlock[] = [];
  let openWalks = 0;
  let read = 0;
  for (const { 0: indent, index } of text.matchAll(LINE_WITH_BRACKET)) {
    const from = index + indent.length;
    if (from < read) continue;
    const closing = closingBracket(text, from);
    if (closing === null && ++openWalks > MAX_OPEN_WALKS) break;
    if (closing === null && !/`{3,}[\w-]*[ \t]*\n\s*$/.test(text.slice(Math.max(0, index - 80), index))) continue;
    // An unclosed value ends with its code fence and may be repaired.
    read = closing ?? fenceAfter(text, from);
    const content = text.slice(from, read);
    if (AGENT_MEMBER.test(content) && !showsForm(content, true)) found.push(blockOf(content));
  }
  return found.reverse().slice(0, MAX_CANDIDATES);
}

/** Returns whether each agent of a value has a name and a role or task; prose may contain other lists. */
export function describesAgents(value: unknown): boolean {
  const agents = typeof value === 'object' && value !== null ? (value as { agents?: unknown }).agents : undefined;
  return (
    Array.isArray(agents) &&
    agents.length > 0 &&
    agents.every((agent: unknown) => {
      if (typeof agent !== 'object' || agent === null) return false;
      const { name, role, task } = agent as Record<string, unknown>;
      return typeof name === 'string' && (typeof role === 'string' || typeof task === 'string');
    })
  );
}

function blockOf(content: string): PlanBlock {
  return { content, lead: '', endIndent: null, closed: true };
}

/** Returns the position after whitespace, `//` and `#` lines, and block comments. */
function skipComments(text: string): number {
  let at = 0;
  for (;;) {
    while (at < text.length && /\s/.test(text[at]!)) at++;
    let end = -1;
    if (text[at] === '#' || text.startsWith('//', at)) end = text.indexOf('\n', at);
    else if (text.startsWith('/*', at)) end = text.indexOf('*/', at) + 1;
    else return at;
    if (end <= at) return at;
    at = end + 1;
  }
}

/** Returns the position after the bracket that closes the one at `from`, strings skipped; null when none does. */
function closingBracket(text: string, from: number): number | null {
  let depth = 0;
  let isString = false;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '\\' && isString) at++;
    else if (character === '"') isString = !isString;
    else if (isString) continue;
    else if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1;
  }
  return null;
}

function fenceAfter(text: string, from: number): number {
  const at = text.indexOf('\n```', from);
  return at < 0 ? text.length : at;
}

import { jsonrepair } from 'jsonrepair';
import type { PlanBlock } from './planBlocks';
import { unwrapJson, restoreSpaces, type Unwrapped } from './planUnwrap';
import type { TextSource } from './terminalRows';

/**
 * Maximum length of a text to repair, characters: the time grows with the square of the length. A plan of fifty agents
 * has about 20 KB.
 */
const MAX_REPAIR = 64 * 1024;
/** Characters that a program escapes in Markdown and JSON never escapes. */
const MARKDOWN_ESCAPE = /\\([_*[\]<>~#+.!(){}|-])/g;

export interface JsonValue {
  readonly value: unknown;
  readonly repaired: boolean;
}

/** Reads a block whose JSON needs no repair except its line breaks; undefined for other blocks. */
export function readPlanJson(block: PlanBlock, source: TextSource): JsonValue | undefined {
  const plain = tryJson(block.content);
  if (plain !== undefined) return asPlan(plain, block.isEscaped === true);
  const unwrapped = unwrapJson(unescaped(block), source);
  const value = unwrapped?.whole ? tryJson(unwrapped.json) : undefined;
  if (value === undefined) return undefined;
  return asPlan(restoreSpaces(value), unwrapped?.escaped === true || block.isEscaped === true);
}

/** Repairs a block that is not JSON; returns the value, or the reason for the failure as a phrase. */
export function repairPlanJson(escaped: PlanBlock, source: TextSource): JsonValue | string {
  const block = unescaped(escaped);
  const unwrapped = unwrapJson(block, source);
  if (!unwrapped) return block.content.includes('{') ? 'its brackets nest too deep' : `it has no "{"`;
  const fixed = unwrapJson(block, source, true)?.json ?? '';
  // If quotes are missing, the detected strings may be wrong; then the original block is the better start.
  const asItWas = block.content.slice(block.content.indexOf('{')).replace(/\n[ \t]*`{3,}\s*$/, '');
  const candidates = [() => tryJson(fixed), ...[unwrapped.json, fixed, asItWas].map((text) => () => tryRepair(text))];
  for (const candidate of candidates) {
    const value = candidate();
    if (value !== undefined && hasAgents(asPlan(value, true).value)) return asPlan(restoreSpaces(value), true);
  }
  const tooLong =
    unwrapped.json.length > MAX_REPAIR ? `, and ${unwrapped.json.length} characters are too many to repair` : '';
  return `${whyNot(unwrapped)}${tooLong}`;
}

export function hasAgents(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Array.isArray((value as { agents?: unknown }).agents);
}

function unescaped(block: PlanBlock): PlanBlock {
  return block.isEscaped ? { ...block, content: block.content.replace(MARKDOWN_ESCAPE, '$1') } : block;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function tryRepair(text: string): unknown {
  if (text.length > MAX_REPAIR) return undefined;
  try {
    return JSON.parse(jsonrepair(text)) as unknown;
  } catch {
    return undefined; // beyond repair, or nested too deep for the library
  }
}

function whyNot({ json, whole }: Unwrapped): string {
  try {
    JSON.parse(json);
  } catch (error) {
    if (error instanceof Error) return error.message.slice(0, 160).replace(/\s+/g, ' ');
  }
  return whole ? 'it has no list of agents' : 'brackets are missing';
}

/** Wraps a bare list of agents into a plan. */
function asPlan(value: unknown, repaired: boolean): JsonValue {
  return Array.isArray(value) ? { value: { agents: value as unknown[] }, repaired: true } : { value, repaired };
}

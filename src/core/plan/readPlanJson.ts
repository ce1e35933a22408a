import { jsonrepair } from 'jsonrepair';
import type { PlanBlock } from './planBlocks';
import { unwrapJson, restoreSpaces, type Unwrapped } from './planUnwrap';
import type { TextSource } from './terminalRows';

/** Repairing takes time that grows with the square of the text; a plan of fifty agents has some 20 KB. */
const MAX_REPAIR = 64 * 1024;
/** What a program that escapes Markdown puts a backslash before, and JSON never does. */
const MARKDOWN_ESCAPE = /\\([_*[\]<>~#+.!(){}|-])/g;

export interface JsonValue {
  readonly value: unknown;
  readonly repaired: boolean;
}

/** Reads a block whose JSON needs no repair but that of its line breaks; undefined when it is not such. */
export function readPlanJson(block: PlanBlock, source: TextSource): JsonValue | undefined {
  const plain = tryJson(block.content);
  if (plain !== undefined) return asPlan(plain, block.isEscaped === true);
  const unwrapped = unwrapJson(unescaped(block), source);
  const value = unwrapped?.whole ? tryJson(unwrapped.json) : undefined;
  if (value === undefined) return undefined;
  return asPlan(restoreSpaces(value), unwrapped?.escaped === true || block.isEscaped === true);
}

/** The repaired value of a block that is not JSON, or one phrase that says why there is none. */
export function repairPlanJson(escaped: PlanBlock, source: TextSource): JsonValue | string {
  const block = unescaped(escaped);
  const unwrapped = unwrapJson(block, source);
  if (!unwrapped) return block.content.includes('{') ? 'its brackets nest too deep' : `it has no "{"`;
  const mended = unwrapJson(block, source, true)?.json ?? '';
  // Where quotes are missing, what was taken for a string may be none: then the block as it was is the better start.
  const asItWas = block.content.slice(block.content.indexOf('{')).replace(/\n[ \t]*`{3,}\s*$/, '');
  const candidates = [() => tryJson(mended), ...[unwrapped.json, mended, asItWas].map((text) => () => tryRepair(text))];
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

/** A bare list of agents is taken for the plan that it would be. */
function asPlan(value: unknown, repaired: boolean): JsonValue {
  return Array.isArray(value) ? { value: { agents: value as unknown[] }, repaired: true } : { value, repaired };
}

import { jsonrepair } from 'jsonrepair';
import { cleanText } from '../base/sanitizeText';
import type { Plan, PlanProblem } from '../models';
import { isLegacyTextFormat, readLegacyTextFormat } from './legacyTextFormat';
import { findBlocks, type PlanBlock } from './planBlocks';
import { PLAN_END, PLAN_START } from './planFormat';
import { planProblems } from './planProblems';
import { unwrapJson, restoreSpaces, type Unwrapped } from './planUnwrap';
import { hasWiderRow } from './terminalRows';
import { validatePlan, type PlanOptions } from './validatePlan';

export interface ParsedPlan {
  /** The plan; null when there is any problem. */
  readonly plan: Plan | null;
  readonly problems: readonly PlanProblem[];
  /** True when the JSON was broken and had to be repaired before it could be read. */
  readonly repaired: boolean;
  /** How the plan was written; null when there is none. */
  readonly form: 'json' | 'text' | null;
  /** A plan to offer instead: with new window numbers, or whole although its end marker is missing. */
  readonly proposal: Plan | null;
  /** The JSON value that was judged, as it was written; undefined when nothing could be read. */
  readonly value: unknown;
}

/** Repairing takes time that grows with the square of the text; a plan of fifty agents has some 20 KB. */
const MAX_REPAIR = 64 * 1024;

interface Value {
  readonly value: unknown;
  readonly repaired: boolean;
}

/**
 * Reads Mother's plan from any text: her reply, a pane capture, a file. The last block between the markers counts. Takes out what
 * terminals and models add, repairs slightly broken JSON, accepts the older text form. Never throws; linear in the text's length.
 * Format and problems: docs/plan-format.md.
 */
export function parsePlan(text: string, options: PlanOptions = {}): ParsedPlan {
  const clean = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text) ? cleanText(text) : text;
  const { readings, headless } = findBlocks(clean);
  const block = readings[0] ?? bareBlock(clean);
  if (!block)
    return failed(
      headless ? planProblems.blockHeadless(PLAN_START) : planProblems.blockMissing(PLAN_START, PLAN_END),
      null,
    );

  const isWider = (width: number) => hasWiderRow(clean, width);
  const cutOff = [block, ...readings].some(({ closed }) => !closed);
  const exact = firstExact(readings.length ? readings : [block], isWider);
  if (exact?.block.closed) return validated(exact, options, 'json');
  if (cutOff) {
    const form = block.content.includes('{') ? 'json' : 'text';
    return {
      ...failed(planProblems.blockCutOff(PLAN_END), form),
      proposal: exact ? validatePlan(exact.value, options).plan : null,
      value: exact?.value,
    };
  }
  if (isLegacyTextFormat(block))
    return validated({ value: readLegacyTextFormat(block, isWider), repaired: false }, options, 'text');

  const mended = repair(block, isWider);
  return typeof mended === 'string' ? failed(planProblems.notJson(mended), 'json') : validated(mended, options, 'json');
}

function failed(problem: PlanProblem, form: ParsedPlan['form']): ParsedPlan {
  return { plan: null, problems: [problem], repaired: false, form, proposal: null, value: undefined };
}

function validated({ value, repaired }: Value, options: PlanOptions, form: 'json' | 'text'): ParsedPlan {
  return { ...validatePlan(value, options), repaired, form, value };
}

/** A text that is nothing but a plan, as in a file, needs no markers. */
function bareBlock(text: string): PlanBlock | null {
  const isPlan = /^\s*\{/.test(text) && /["']?agents["']?\s{0,8}:/.test(text);
  return isPlan ? { content: text, lead: '', endIndent: null, closed: true } : null;
}

/** The first reading that is JSON as it stands, or once unwrapped; one that holds agents before one that does not. */
function firstExact(
  readings: readonly PlanBlock[],
  isWider: (width: number) => boolean,
): (Value & { block: PlanBlock }) | null {
  let other: (Value & { block: PlanBlock }) | null = null;
  for (const block of readings) {
    const value = tryJson(block.content) ?? tryUnwrapped(block, isWider);
    if (value === undefined) continue;
    const found = { ...asPlan(value, false), block };
    if (hasAgents(found.value)) return found;
    other ??= found;
  }
  return other;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function tryUnwrapped(block: PlanBlock, isWider: (width: number) => boolean): unknown {
  const unwrapped = unwrapJson(block, isWider);
  const value = unwrapped?.whole ? tryJson(unwrapped.json) : undefined;
  return value === undefined ? undefined : restoreSpaces(value);
}

/** The repaired value, or why there is none. */
function repair(block: PlanBlock, isWider: (width: number) => boolean): Value | string {
  const unwrapped = unwrapJson(block, isWider);
  if (!unwrapped) return block.content.includes('{') ? 'its brackets nest too deep' : `it has no "{"`;
  const mended = unwrapJson(block, isWider, true)?.json ?? '';
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
function asPlan(value: unknown, repaired: boolean): Value {
  return Array.isArray(value) ? { value: { agents: value as unknown[] }, repaired: true } : { value, repaired };
}

function hasAgents(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Array.isArray((value as { agents?: unknown }).agents);
}

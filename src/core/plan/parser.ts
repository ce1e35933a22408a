import { PLAN_END, PLAN_START } from '../base/planMarkers';
import { cleanText, withoutControls } from '../base/sanitizeText';
import type { Plan } from '../models';
import { planProblems } from './planProblems';
import type { PlanProblem } from './planReview';
import { isLegacyTextFormat, readLegacyTextFormat } from './text/legacyTextFormat';
import { findBlocks, type PlanBlock } from './text/planBlocks';
import { hasAgents, readPlanJson, repairPlanJson, type JsonValue } from './text/readPlanJson';
import { hasWiderRow, type TextSource } from './text/terminalRows';
import { bareBlock, describesAgents, unmarkedBlocks } from './text/unmarkedPlan';
import { validatePlan, type PlanOptions } from './validatePlan';

export interface ParsedPlan {
  /** The plan; null when there is any problem. */
  readonly plan: Plan | null;
  readonly problems: readonly PlanProblem[];
  /** True when the text had to be repaired before it could be read, or the plan had no markers. */
  readonly repaired: boolean;
  /** Format of the plan; null when there is none. */
  readonly form: 'json' | 'text' | null;
  /** An alternative plan: with free windows and names, or complete although its end marker is missing. */
  readonly proposal: Plan | null;
  /** The JSON value that was validated, as it was written; undefined when nothing could be read. */
  readonly value: unknown;
}

export interface ParseOptions extends PlanOptions {
  /**
   * True for a terminal capture, whose rows are wrapped and decorated. By default the text is exact (a file, a hook, an
   * editor): its line breaks are preserved.
   */
  readonly isScreen?: boolean;
}

/**
 * Reads Mother's plan from any text: her reply, a file, a capture of her pane. The last block between markers that is a
 * plan counts; in an exact text a plan needs no markers. Removes additions of terminals (screen captures only) and
 * models, repairs slightly broken JSON, accepts the older text format. Never throws; linear in the text's length.
 * Format and problems: docs/plan-format.md.
 */
export function parsePlan(text: string, options: ParseOptions = {}): ParsedPlan {
  const hasControls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text);
  const clean = !hasControls ? text : options.isScreen ? cleanText(text) : withoutControls(text);
  const source: TextSource = { exact: !options.isScreen, isWider: (width) => hasWiderRow(clean, width) };
  const { readings, isExample, headless } = findBlocks(clean);
  const unmarked = readings.length === 0 || isExample ? readUnmarked(clean, source) : null;
  if (unmarked) return validated(unmarked, options, 'json');
  const block = readings[0] ?? bareBlock(clean);
  if (!block)
    return failed(
      headless ? planProblems.blockHeadless(PLAN_START) : planProblems.blockMissing(PLAN_START, PLAN_END),
      null,
    );

  const cutOff = [block, ...readings].some(({ closed }) => !closed);
  const read = firstReadable(readings.length ? readings : [block], source);
  if (read?.block.closed) return validated(read, options, 'json');
  if (cutOff) {
    const form = block.content.includes('{') ? 'json' : 'text';
    return {
      ...failed(planProblems.blockCutOff(PLAN_END), form),
      proposal: read ? validatePlan(read.value, options).plan : null,
      value: read?.value,
    };
  }
  if (isLegacyTextFormat(block, source))
    return validated(
      { value: readLegacyTextFormat(block, source), repaired: block.isEscaped === true },
      options,
      'text',
    );

  const repaired = repairPlanJson(block, source);
  return typeof repaired === 'string'
    ? failed(planProblems.notJson(repaired), 'json')
    : validated(repaired, options, 'json');
}

function failed(problem: PlanProblem, form: ParsedPlan['form']): ParsedPlan {
  return { plan: null, problems: [problem], repaired: false, form, proposal: null, value: undefined };
}

function validated({ value, repaired }: JsonValue, options: PlanOptions, form: 'json' | 'text'): ParsedPlan {
  return { ...validatePlan(value, options), repaired, form, value };
}

/**
 * Reads a plan without markers: the whole text, or the last value in it that is a plan. Returns null when there is
 * none.
 */
function readUnmarked(text: string, source: TextSource): JsonValue | null {
  const bare = bareBlock(text);
  const whole = bare && readPlanJson(bare, source);
  if (whole && hasAgents(whole.value)) return { ...whole, repaired: whole.repaired || bare.isBehindComment };
  if (!source.exact) return null;
  for (const block of unmarkedBlocks(text)) {
    const read = readPlanJson(block, source) ?? repairPlanJson(block, source);
    if (typeof read !== 'string' && describesAgents(read.value)) return { ...read, repaired: true };
  }
  return null;
}

/** Returns the first reading that is JSON, unchanged or unwrapped. A reading with agents takes precedence. */
function firstReadable(
  readings: readonly PlanBlock[],
  source: TextSource,
): (JsonValue & { readonly block: PlanBlock }) | null {
  let other: (JsonValue & { readonly block: PlanBlock }) | null = null;
  for (const block of readings) {
    const read = readPlanJson(block, source);
    if (read === undefined) continue;
    const found = { ...read, block };
    if (hasAgents(found.value)) return found;
    other ??= found;
  }
  return other;
}

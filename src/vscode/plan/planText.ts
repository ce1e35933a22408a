/**
 * The plan as the text of a JSON document: reads it, changes it without touching the rest, completes it. No `vscode`
 * here.
 */
import {
  applyEdits,
  findNodeAtLocation,
  getLocation,
  modify,
  parseTree,
  printParseErrorCode,
  getNodeValue,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { localizable } from '../../core/base/localizedText';
import { parsePlan } from '../../core/plan/parser';
import { editToJsonChanges, draftOf, type DraftEdit, type DraftProblem } from '../../core/plan/planDraft';
import type { PlanCompletion, PlanReading, TextRange } from '../../core/plan/planDraft';
import { planProblems } from '../../core/plan/planProblems';
import type { PlanProblem } from '../../core/plan/planReview';
import type { JsonChange } from '../../core/plan/renameAgent';

const LAYOUT = { formattingOptions: { insertSpaces: true, tabSize: 2, eol: '\n' } };
const RELATIONS: readonly unknown[] = ['depends_on', 'wait_for', 'notifies'];

/** Reads the document. Never throws; takes linear time, except for the repair of a broken text. */
export function readPlanText(text: string, maxAgents: number): PlanReading {
  const errors: ParseError[] = [];
  const root = tree(text, errors);
  const [error] = errors;
  if (root === undefined || error !== undefined) return notJson(text, error, maxAgents);
  const draft = draftOf(valueOf(root), { maxAgents });
  return { ...draft, isJson: true, ranges: draft.problems.map((problem) => rangeOf(root, problem)) };
}

/**
 * Returns the text with the changes made, in the layout of the rest. Throws the JSON library's error on an impossible
 * path.
 */
export function changePlanText(text: string, changes: readonly JsonChange[]): string {
  return changes.reduce(
    (now, { path, value }) =>
      path.length === 0 ? planText(value) : applyEdits(now, modify(now, [...path], value, LAYOUT)),
    text,
  );
}

/** Returns the text with one user's edit made; null when the text that it belongs to has changed. */
export function editPlanText(text: string, edit: DraftEdit): string | null {
  const root = tree(text, []);
  const changes = root === undefined ? null : editToJsonChanges(valueOf(root), edit);
  return changes === null ? null : changePlanText(text, changes);
}

/** Returns the initial text of a plan document. */
export function planText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Returns true when both texts have the same content, whatever their layout. */
export function samePlanText(a: string, b: string): boolean {
  if (a === b) return true;
  const errors: ParseError[] = [];
  const [one, two] = [tree(a, errors), tree(b, errors)];
  return (
    one !== undefined &&
    two !== undefined &&
    errors.length === 0 &&
    JSON.stringify(plain(valueOf(one))) === JSON.stringify(plain(valueOf(two)))
  );
}

/** Returns completions that only the plan itself knows: names of its agents and of the agent CLIs. Null elsewhere. */
export function completePlanText(text: string, offset: number, profiles: readonly string[]): PlanCompletion | null {
  const { path, previousNode } = getLocation(text, offset);
  const [agents, index, field] = path;
  if (agents !== 'agents' || typeof index !== 'number') return null;
  const replaced =
    previousNode?.type === 'string'
      ? { offset: previousNode.offset, length: previousNode.length }
      : { offset, length: 0 };
  if (field === 'profile' && path.length === 3) return { values: profiles, replaced };
  if (!RELATIONS.includes(field) || path.length !== 4) return null;
  const root = tree(text, []);
  const team = root === undefined ? [] : (draftOf(valueOf(root)).agents ?? []);
  const has = team[index]?.[field as 'depends_on'] ?? [];
  return {
    values: team
      .filter((_agent, at) => at !== index)
      .map(({ name }) => name)
      .filter((name) => name !== '' && !has.includes(name)),
    replaced,
  };
}

/** Returns the syntax tree; undefined for an empty text, or one that nests too deep. */
function tree(text: string, errors: ParseError[]): Node | undefined {
  try {
    return parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch {
    return undefined;
  }
}

function valueOf(root: Node): unknown {
  return getNodeValue(root) as unknown;
}

/** Returns the value with an agent's defaults filled in and its members in one order. */
function plain(value: unknown): unknown {
  return draftOf(value).agents ?? value;
}

function notJson(text: string, error: ParseError | undefined, maxAgents: number): PlanReading {
  const { plan, proposal, value } = parsePlan(text, { maxAgents });
  const read = plan ?? proposal ?? value;
  const why =
    error === undefined
      ? localizable`it is empty or nests too deep`
      : localizable`${words(printParseErrorCode(error.error))} in line ${text.slice(0, error.offset).split('\n').length}`;
  const problem: PlanProblem = planProblems.notJson(why);
  const fixed: DraftProblem = {
    ...problem,
    at: [],
    repairs: read === undefined ? [] : [{ title: localizable`Repair the JSON`, changes: [{ path: [], value: read }] }],
  };
  return {
    agents: null,
    plan: null,
    problems: [fixed],
    ranges: [{ offset: error?.offset ?? 0, length: error?.length ?? 0 }],
    isJson: false,
  };
}

/** Turns `CommaExpected` into `comma expected`. */
function words(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

/** Returns the range of the wrong member, otherwise of the agent's name, of the agent, or the start of the document. */
function rangeOf(root: Node, { at, field, code }: DraftProblem): TextRange {
  // The first of several duplicates may stay as it is.
  const index = at.length > 1 && code.endsWith('-doubled') ? at[1] : at[0];
  if (index === undefined) return { offset: root.offset, length: 1 };
  for (const path of [
    ...(field === undefined ? [] : [['agents', index, field]]),
    ['agents', index, 'name'],
    ['agents', index],
  ]) {
    const node = findNodeAtLocation(root, path);
    if (node) return { offset: node.offset, length: Math.min(node.length, 200) };
  }
  return { offset: root.offset, length: 1 };
}

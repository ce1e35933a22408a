import { nameKey } from '../base/agentName';
import type { Plan } from '../models';
import type { PlanProblem } from './planReview';
import { quickFixesOf, type QuickFix } from './quickFixes';
import { removeAgent, renameAgent, type JsonChange, type RawAgent } from './renameAgent';
import { validatePlan, agentLabel, type PlanOptions } from './validatePlan';

/** One agent of a plan that the user edits: its members as text, valid or not. Empty: absent. */
export interface DraftAgent {
  readonly window: string;
  readonly name: string;
  readonly role: string;
  readonly task: string;
  readonly profile: string;
  readonly model: string;
  readonly permission_mode: string;
  readonly worktree: boolean;
  readonly host: string;
  readonly base: string;
  /** A program and its arguments. */
  readonly check: readonly string[];
  readonly owns: readonly string[];
  readonly depends_on: readonly string[];
  readonly wait_for: readonly string[];
  readonly notifies: readonly string[];
}
export type DraftField = keyof DraftAgent;
export type DraftValue = string | boolean | readonly string[];

export interface DraftProblem extends PlanProblem {
  /** Indices in the list of agents, from 0. */
  readonly at: readonly number[];
  readonly repairs: readonly QuickFix[];
}

export interface Draft {
  /** Null when there is no list of agents. */
  readonly agents: readonly DraftAgent[] | null;
  /** Present exactly when `problems` is empty. */
  readonly plan: Plan | null;
  readonly problems: readonly DraftProblem[];
}

/** Reads a plan from a JSON value for editing. Never throws. */
export function draftOf(value: unknown, options: PlanOptions = {}): Draft {
  const { plan, problems } = validatePlan(value, options);
  const raw = rawAgents(value);
  const names = (raw ?? []).map(agentLabel);
  return {
    agents: raw?.map(draftAgent) ?? null,
    plan,
    problems: problems.map((problem) => {
      const at = names.flatMap((name, index) => (problem.agents.includes(name) ? [index] : []));
      return { ...problem, at, repairs: quickFixesOf(problem, at, raw) };
    }),
  };
}

/**
 * An edit of the user to one agent or to the list. `was` is the value that the user saw; if it changed, the edit is
 * refused.
 */
export type DraftEdit =
  | {
      readonly kind: 'set';
      readonly agent: number;
      readonly field: DraftField;
      readonly was: DraftValue;
      readonly value: DraftValue;
    }
  | { readonly kind: 'remove'; readonly agent: number; readonly was: string }
  | { readonly kind: 'add' };

/** Returns the changes of the JSON value for an edit; null when the edited value no longer exists. */
export function editToJsonChanges(value: unknown, edit: DraftEdit): readonly JsonChange[] | null {
  const raw = rawAgents(value);
  if (raw === null) return null;
  const agents = raw.map(draftAgent);
  if (edit.kind === 'add') return [{ path: ['agents', raw.length], value: newAgent(agents) }];
  const agent = agents[edit.agent];
  if (agent === undefined) return null;
  if (edit.kind === 'remove') {
    return agent.name === edit.was ? removeAgent(rawObjects(raw), edit.agent) : null;
  }
  if (!same(agent[edit.field], edit.was)) return null;
  if (edit.field === 'name' && typeof edit.value === 'string')
    return renameAgent(rawObjects(raw), edit.agent, edit.value);
  return [{ path: ['agents', edit.agent, edit.field], value: jsonOf(edit.field, edit.value) }];
}

function same(a: DraftValue, b: DraftValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Returns the JSON value to write into the plan; undefined removes the member. */
function jsonOf(field: DraftField, value: DraftValue): unknown {
  if (field === 'window') return /^\d+$/.test(String(value).trim()) ? Number(value) : String(value);
  if (field === 'worktree') return value === true ? true : undefined;
  if ((field === 'check' || field === 'owns') && Array.isArray(value) && value.length === 0) return undefined;
  if (typeof value !== 'string') return value;
  return value === '' && field !== 'name' && field !== 'role' ? undefined : value;
}

function newAgent(agents: readonly DraftAgent[]): unknown {
  const used = new Set(agents.map(({ window }) => window));
  const names = new Set(agents.map(({ name }) => nameKey(name)));
  let window = 2;
  while (used.has(String(window))) window += 1;
  let number = agents.length + 1;
  while (names.has(`agent_${number}`)) number += 1;
  return { window, name: `agent_${number}`, role: '', depends_on: [], notifies: [], wait_for: [] };
}

function rawAgents(value: unknown): readonly unknown[] | null {
  const agents = isObject(value) ? value['agents'] : undefined;
  return Array.isArray(agents) ? (agents as unknown[]) : null;
}

/** A value that is not an object describes no agent. */
function rawObjects(agents: readonly unknown[]): readonly RawAgent[] {
  return agents.map((agent) => (isObject(agent) ? agent : {}));
}

function draftAgent(raw: unknown): DraftAgent {
  const agent = isObject(raw) ? raw : {};
  const text = (field: string): string => textOf(agent[field]);
  const list = (field: string): readonly string[] =>
    Array.isArray(agent[field]) ? (agent[field] as unknown[]).map(textOf) : [];
  return {
    window: text('window'),
    name: text('name'),
    role: text('role'),
    task: text('task'),
    profile: text('profile'),
    model: text('model'),
    permission_mode: text('permission_mode'),
    worktree: agent['worktree'] === true,
    host: text('host'),
    base: text('base'),
    check: list('check'),
    owns: list('owns'),
    depends_on: list('depends_on'),
    wait_for: list('wait_for'),
    notifies: list('notifies'),
  };
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A range of the text, in UTF-16 code units. */
export interface TextRange {
  readonly offset: number;
  readonly length: number;
}

export interface PlanReading extends Draft {
  /** For each problem, the range where it is shown. */
  readonly ranges: readonly TextRange[];
  /** False while the text is not JSON: then it can only be edited as text. */
  readonly isJson: boolean;
}

export interface PlanCompletion {
  readonly values: readonly string[];
  /** The range that the chosen value replaces, quotes included. */
  readonly replaced: TextRange;
}

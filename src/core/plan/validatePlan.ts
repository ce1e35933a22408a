import type * as z from 'zod';
import { nameKey, RESERVED_NAMES } from '../base/agentName';
import { FIRST_AGENT_WINDOW, MAX_WINDOW } from '../base/limits';
import { localizable, type LocalizableText } from '../base/localizedText';
import { cleanText } from '../base/sanitizeText';
import { type AgentSpec, agentSpecSchema, type PermissionMode, permissionModeSchema, type Plan } from '../models';
import { findCycles } from './findCycles';
import { planProblems, type Relation } from './planProblems';
import { renumbered, withFreeNames } from './planRepairs';
import type { PlanProblem } from './planReview';

/** Default of the setting; a larger plan is most likely a mistake. */
const DEFAULT_MAX_AGENTS = 50;
/** Limit above which a list is not checked agent by agent: thousands of problems help no user. */
const ABSURD = 10_000;

export interface PlanOptions {
  /** Maximum number of agents; 50 when absent. */
  readonly maxAgents?: number | undefined;
  /** Names of the connected hosts; absent: unknown, any host is accepted. */
  readonly hosts?: readonly string[] | undefined;
  /** Returns the permission modes of an agent CLI (undefined: the session's); absent: unknown, any mode is accepted. */
  readonly modesOf?: ((profile: string | undefined) => readonly PermissionMode[]) | undefined;
}

/** Result of a validation; `plan` is present exactly when `problems` is empty. */
export interface ValidatedPlan {
  readonly plan: Plan | null;
  /** Every problem found, in the order of the agents. */
  readonly problems: readonly PlanProblem[];
  /** The plan with free windows and free names, if that alone makes it valid; else null. */
  readonly proposal: Plan | null;
}

const RELATIONS = ['depends_on', 'notifies', 'wait_for'] as const satisfies readonly Relation[];

/** One agent of the plan as it was written, and its readable part. */
interface Draft {
  readonly raw: Readonly<Record<string, unknown>>;
  /** Its name, or `agent #3`. */
  readonly who: string;
  /** The name in lower case, empty when it has none: names are compared without case. */
  readonly key: string;
  readonly window: number | null;
  readonly spec: AgentSpec | null;
}

/** Validates a plan given as a value (editor, CLI, parsed text). Collects every problem; never throws. */
export function validatePlan(value: unknown, options: PlanOptions = {}): ValidatedPlan {
  const refuse = (problem: PlanProblem): ValidatedPlan => ({ plan: null, problems: [problem], proposal: null });
  try {
    const agents = isObject(value) ? value['agents'] : undefined;
    if (!Array.isArray(agents)) return refuse(planProblems.agentsMissing(value));
    if (agents.length === 0) return refuse(planProblems.agentsEmpty());
    const maxAgents = options.maxAgents ?? DEFAULT_MAX_AGENTS;
    if (agents.length > Math.max(maxAgents, ABSURD))
      return refuse(planProblems.tooManyAgents(agents.length, maxAgents));
    const base = isObject(value) ? value['base'] : undefined;
    const validated = validateAgents(agents, maxAgents, options, base);
    if (!validated.problems.some(isNameProblem) || !validated.problems.every(isRepairable)) return validated;
    const repaired = validateAgents(withFreeNames(agents.filter(isObject)), maxAgents, options, base);
    return { ...validated, proposal: repaired.plan ?? repaired.proposal };
  } catch {
    // A value with getters or proxies that throw is not a plan.
    return refuse(planProblems.agentsMissing(undefined));
  }
}

function validateAgents(
  agents: readonly unknown[],
  maxAgents: number,
  { hosts, modesOf }: Pick<PlanOptions, 'hosts' | 'modesOf'>,
  base: unknown,
): ValidatedPlan {
  const problems: PlanProblem[] = [];
  if (agents.length > maxAgents) problems.push(planProblems.tooManyAgents(agents.length, maxAgents));
  const drafts = agents.map((agent, index) => readAgent(agent, index, problems, base));

  problems.push(...duplicateNames(drafts), ...duplicateWindows(drafts));
  const { relations, problems: relationProblems } = resolveRelations(drafts);
  problems.push(...relationProblems, ...cycles(drafts, relations));

  if (hosts)
    problems.push(
      ...drafts.flatMap(({ who, spec }) =>
        spec?.host === undefined || hosts.includes(spec.host) ? [] : [planProblems.unknownHost(who, spec.host, hosts)],
      ),
    );

  if (modesOf)
    problems.push(
      ...drafts.flatMap(({ who, spec }) => {
        const modes = modesOf(spec?.profile);
        const mode = spec?.permission_mode;
        return mode === undefined || modes.includes(mode)
          ? []
          : [planProblems.wrongType(who, 'permission_mode', oneOf(modes, spec?.profile), mode)];
      }),
    );

  const specs = drafts.map((draft, index) => (draft.spec ? { ...draft.spec, ...relations[index] } : null));
  const complete = specs.every((spec) => spec !== null);
  if (problems.length === 0 && complete) return { plan: { agents: specs }, problems, proposal: null };
  return { plan: null, problems, proposal: complete ? proposalFor(drafts, specs, problems) : null };
}

/** Returns the label of an agent in problems: its name, or `agent #3` without one. `index` counts from 0. */
export function agentLabel(agent: unknown, index: number): string {
  const name = isObject(agent) && typeof agent['name'] === 'string' ? agent['name'].trim() : '';
  return cleanText(name.slice(0, 60)).replace(/\s+/g, ' ') || `agent #${index + 1}`;
}

/** Reads one agent; a wrong window number is reported without hiding the other members. */
function readAgent(value: unknown, index: number, problems: PlanProblem[], base: unknown): Draft {
  const who = agentLabel(value, index);
  if (!isObject(value)) {
    problems.push(planProblems.notAnObject(who, value));
    return { raw: {}, who, key: '', window: null, spec: null };
  }
  // Models write null for "nothing", which equals absent.
  const raw = Object.fromEntries(
    Object.entries(base === undefined ? value : { base, ...value }).filter(
      ([field, content]) => content !== null || field === 'name' || field === 'role',
    ),
  );
  const name = typeof raw['name'] === 'string' ? raw['name'].trim() : '';
  const window = readWindow(raw['window'], who, problems);
  const parsed = agentSpecSchema.safeParse({
    ...raw,
    name: typeof raw['name'] === 'string' ? name : raw['name'],
    window: window ?? FIRST_AGENT_WINDOW,
  });

  if (!parsed.success) for (const issue of parsed.error.issues) problems.push(problemOf(issue, who, raw));
  if (RESERVED_NAMES.includes(nameKey(name))) problems.push(planProblems.nameReserved(name));
  return { raw, who, key: nameKey(name), window, spec: parsed.success ? parsed.data : null };
}

function readWindow(value: unknown, who: string, problems: PlanProblem[]): number | null {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > MAX_WINDOW) {
    problems.push(planProblems.windowInvalid(who, value, MAX_WINDOW));
    return null;
  }
  if (value >= FIRST_AGENT_WINDOW) return value;
  problems.push(planProblems.windowReserved(who, value));
  return null;
}

function oneOf(modes: readonly PermissionMode[], profile?: string): LocalizableText {
  const list = modes.join(', ');
  return profile === undefined
    ? localizable`one of ${list}`
    : localizable`one of ${list} (the modes of the agent CLI ${profile})`;
}

const EXPECTED: Readonly<Record<string, LocalizableText>> = {
  name: localizable`a text`,
  role: localizable`a text`,
  task: localizable`a text`,
  profile: localizable`a text of 1 to 64 characters`,
  model: localizable`a text of 1 to 128 characters`,
  permission_mode: oneOf(permissionModeSchema.options),
  worktree: localizable`true or false`,
  base: localizable`the name of a branch, tag or commit`,
  check: localizable`a list of texts: a program and its arguments`,
  owns: localizable`a list of globs`,
  host: localizable`the name of a connected host`,
  account: localizable`the name of an account of the settings`,
  fallback: localizable`a list of {profile, model, account}`,
};

function problemOf(issue: z.core.$ZodIssue, who: string, raw: Readonly<Record<string, unknown>>): PlanProblem {
  const field = String(issue.path[0] ?? '');
  const value = raw[field];
  if (field === 'name' && (value === undefined || value === null || (typeof value === 'string' && !value.trim())))
    return planProblems.nameEmpty(who);
  if (field === 'name' && typeof value === 'string') return planProblems.nameInvalid(who, value);
  if (field === 'role' && (value === undefined || value === null || issue.code === 'too_small'))
    return planProblems.roleEmpty(who);
  if (issue.code === 'too_big' && (field === 'role' || field === 'task'))
    return planProblems.tooLong(who, field, Number(issue.maximum));
  const member = issue.path.length > 1 && Array.isArray(value) ? (value as unknown[])[Number(issue.path[1])] : value;
  return planProblems.wrongType(who, field, EXPECTED[field] ?? localizable`a list of agent names`, member);
}

function duplicateNames(drafts: readonly Draft[]): PlanProblem[] {
  const groups = groupedBy(
    drafts.filter((draft) => draft.key),
    (draft) => draft.key,
  );
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) =>
      planProblems.duplicateName(
        group.map(({ who }) => who),
        group.map(({ window }) => (window === null ? '?' : String(window))),
      ),
    );
}

function duplicateWindows(drafts: readonly Draft[]): PlanProblem[] {
  const groups = groupedBy(
    drafts.filter(({ window }) => window !== null),
    ({ window }) => window,
  );
  return [...groups]
    .filter(([, group]) => group.length > 1)
    .map(([window, group]) =>
      planProblems.duplicateWindow(
        window ?? 0,
        group.map(({ who }) => who),
      ),
    );
}

type Relations = Record<Relation, string[]>;

/**
 * Resolves the lists: each name in its owner's spelling, without repeats. Unknown names and self-references are
 * reported and left out.
 */
function resolveRelations(drafts: readonly Draft[]): { relations: Relations[]; problems: PlanProblem[] } {
  // A duplicate name refers to the first agent; the duplicate is a problem of its own.
  const spelled = new Map(
    drafts
      .filter(({ key }) => key)
      .reverse()
      .map(({ key, who }) => [key, who]),
  );
  const known = [...spelled.values()].reverse();
  const problems: PlanProblem[] = [];
  const relations = drafts.map((draft) => {
    const resolved: Relations = { depends_on: [], notifies: [], wait_for: [] };
    for (const relation of RELATIONS) {
      const list = draft.raw[relation];
      const names = Array.isArray(list) ? list.filter((name): name is string => typeof name === 'string') : [];
      const unknown = names.filter((name) => !spelled.has(nameKey(name)));
      if (unknown.length) problems.push(planProblems.unknownName(draft.who, relation, [...new Set(unknown)], known));
      const keys = new Set(names.map(nameKey).filter((key) => spelled.has(key)));
      if (draft.key && keys.delete(draft.key)) problems.push(planProblems.namesItself(draft.who, relation));
      resolved[relation] = [...keys].map((key) => spelled.get(key) ?? key);
    }
    return resolved;
  });
  return { relations, problems };
}

/** Returns the cycles in each ordering relation, and those that only both together form. `notifies` orders nothing. */
function cycles(drafts: readonly Draft[], relations: readonly Relations[]): PlanProblem[] {
  const indexOf = new Map([...drafts.entries()].reverse().map(([index, { who }]) => [who, index]));
  const edgesOf = (relation: Relation) =>
    relations.map((lists) => lists[relation].map((name) => indexOf.get(name) ?? 0));
  const [depends, waits] = [edgesOf('depends_on'), edgesOf('wait_for')];
  const nameOf = (index: number) => drafts[index]?.who ?? '';

  const dependsCycles = findCycles(depends);
  const waitsCycles = findCycles(waits);
  // A mixed cycle through a cycle of one relation would only repeat that problem.
  const inCycles = new Set([...dependsCycles, ...waitsCycles].flat());
  const mixed = depends.map((list, index) =>
    (inCycles.has(index) ? [] : [...list, ...waits[index]!]).filter((next) => !inCycles.has(next)),
  );
  return [
    ...dependsCycles.map((cycle) => planProblems.cycle('depends_on', cycle.map(nameOf))),
    ...waitsCycles.map((cycle) => planProblems.cycle('wait_for', cycle.map(nameOf))),
    ...findCycles(mixed).map((cycle) => {
      const steps = cycle.map((node, at) => {
        const next = cycle[(at + 1) % cycle.length]!;
        return depends[node]!.includes(next)
          ? localizable`${nameOf(node)} is launched after ${nameOf(next)}`
          : localizable`${nameOf(node)} waits for ${nameOf(next)} to be done`;
      });
      return planProblems.deadlock(cycle.map(nameOf), steps);
    }),
  ];
}

function isWindowProblem({ code }: PlanProblem): boolean {
  return code.startsWith('window-');
}

/** Returns true for an empty, invalid, reserved or duplicate name: a proposal then renames agents. */
export function isNameProblem({ code }: PlanProblem): boolean {
  return code.startsWith('name-');
}

function isRepairable(problem: PlanProblem): boolean {
  return isWindowProblem(problem) || isNameProblem(problem);
}

function proposalFor(
  drafts: readonly Draft[],
  specs: readonly (AgentSpec | null)[],
  problems: readonly PlanProblem[],
): Plan | null {
  if (!problems.every(isWindowProblem)) return null;
  const windows = renumbered(drafts.map(({ window }) => window));
  return { agents: specs.flatMap((spec, index) => (spec ? [{ ...spec, window: windows[index]! }] : [])) };
}

function groupedBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

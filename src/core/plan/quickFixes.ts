import { nameKey } from '../base/agentName';
import { MAX_WINDOW, MAX_TASK_LENGTH, MAX_ROLE_LENGTH, FIRST_AGENT_WINDOW } from '../base/limits';
import { localizable, type LocalizableText } from '../base/localizedText';
import { firstLine } from '../base/truncate';
import type { PlanProblemCode } from './planProblems';
import { freeName, renumbered } from './planRepairs';
import type { PlanProblem } from './planReview';
import { nameOf, renameAgent, RELATIONS, type JsonChange, type RawAgent } from './renameAgent';

/** An edit that fixes a problem, or a part of it. */
export interface QuickFix {
  readonly title: LocalizableText;
  readonly changes: readonly JsonChange[];
}

/** Maximum number of quick fixes for one cycle. */
const MAX_CUTS = 6;
/** Maximum number of names in a title. */
const SHOWN = 3;

/**
 * Returns the quick fixes of a problem; each one is complete in itself. `at` are the indices of the agents concerned in
 * `agents`, the list as it is written (null: there is none). Problems that only the user can decide have none.
 */
export function quickFixesOf(
  problem: PlanProblem,
  at: readonly number[],
  agents: readonly unknown[] | null,
): readonly QuickFix[] {
  if (agents === null)
    return problem.code === 'agents-missing'
      ? [{ title: localizable`Start with an empty list`, changes: [{ path: ['agents'], value: [] }] }]
      : [];
  const list = agents.map((agent) =>
    typeof agent === 'object' && agent !== null && !Array.isArray(agent) ? (agent as RawAgent) : {},
  );
  const [first] = at;
  switch (problem.code as PlanProblemCode) {
    case 'window-invalid':
    case 'window-reserved':
    case 'window-doubled':
      return renumber(list, at);
    case 'name-empty':
    case 'name-invalid':
    case 'name-reserved':
    case 'name-doubled':
      return (problem.code === 'name-doubled' ? at.slice(1) : at).flatMap((index) => rename(list, index));
    case 'role-empty':
      return at.flatMap((index) => roleFromTask(list[index], index));
    case 'too-long':
      return first === undefined || problem.field === undefined ? [] : shorten(list[first], first, problem.field);
    case 'wrong-type':
      return first === undefined ? [] : retype(list[first], first, problem.field);
    case 'unknown-name':
    case 'names-itself':
      return first === undefined || problem.field === undefined ? [] : fixReferences(list, first, problem.field);
    case 'depends-on-cycle':
    case 'wait-for-cycle':
    case 'deadlock':
      return cycleFixes(list, at, problem.field);
    default:
      return [];
  }
}

const namesIn = (agent: RawAgent | undefined, relation: string): readonly string[] => {
  const list = agent?.[relation];
  return Array.isArray(list) ? list.filter((name): name is string => typeof name === 'string') : [];
};

function renumber(agents: readonly RawAgent[], at: readonly number[]): QuickFix[] {
  const windows = agents.map(({ window }) =>
    typeof window === 'number' && Number.isInteger(window) && window >= FIRST_AGENT_WINDOW && window <= MAX_WINDOW
      ? window
      : null,
  );
  const next = renumbered(windows);
  const changed = at.filter((index) => next[index] !== agents[index]?.['window']);
  if (changed.length === 0) return [];
  const examples = changed.slice(0, SHOWN).map((index) => `${nameOf(agents[index]) || `#${index + 1}`} ${next[index]}`);
  return [
    {
      title: localizable`Assign free windows (${joinWithEllipsis(examples, changed.length)})`,
      changes: changed.map((index) => ({ path: ['agents', index, 'window'], value: next[index] })),
    },
  ];
}

/** Joins names: `a, b, c, …`. */
function joinWithEllipsis(shown: readonly string[], count: number): string {
  return [...shown, ...(count > shown.length ? ['…'] : [])].join(', ');
}

function rename(agents: readonly RawAgent[], index: number): QuickFix[] {
  const old = nameOf(agents[index]);
  const name = freeName(agents, index);
  return name === old
    ? []
    : [
        {
          title: old === '' ? localizable`Call agent #${index + 1} ${name}` : localizable`Call #${index + 1} ${name}`,
          changes: renameAgent(agents, index, name),
        },
      ];
}

function roleFromTask(agent: RawAgent | undefined, index: number): QuickFix[] {
  const task = typeof agent?.['task'] === 'string' ? firstLine(agent['task']) : '';
  return task === ''
    ? []
    : [
        {
          title: localizable`Use the first line of its task`,
          changes: [{ path: ['agents', index, 'role'], value: task.slice(0, MAX_ROLE_LENGTH) }],
        },
      ];
}

function shorten(agent: RawAgent | undefined, index: number, field: string): QuickFix[] {
  const limit = field === 'role' ? MAX_ROLE_LENGTH : MAX_TASK_LENGTH;
  const text = agent?.[field];
  return typeof text === 'string'
    ? [
        {
          title: localizable`Shorten to ${limit} characters`,
          changes: [{ path: ['agents', index, field], value: text.slice(0, limit).toWellFormed() }],
        },
      ]
    : [];
}

/**
 * Returns fixes for a value of the wrong type: the intended value if it is obvious; otherwise an optional member can be
 * removed.
 */
function retype(agent: RawAgent | undefined, index: number, field: string | undefined): QuickFix[] {
  if (field === undefined)
    return [{ title: localizable`Remove it`, changes: [{ path: ['agents', index], value: undefined }] }];
  const value = agent?.[field];
  const path = ['agents', index, field];
  if (RELATIONS.some((relation) => relation === field)) {
    const names =
      typeof value === 'string'
        ? value.split(/[,\s]+/).filter((name) => name !== '' && name !== 'none')
        : Array.isArray(value)
          ? value.filter((name) => typeof name === 'string')
          : [];
    return [{ title: localizable`Change it to the list [${names.join(', ')}]`, changes: [{ path, value: names }] }];
  }
  if (field === 'name' || field === 'role')
    return typeof value === 'number'
      ? [{ title: localizable`Write it as text`, changes: [{ path, value: String(value) }] }]
      : [];
  const meant = field === 'worktree' && /^(?:true|yes)$/i.test(String(value));
  return [
    ...(meant ? [{ title: localizable`Change it to true`, changes: [{ path, value: true }] }] : []),
    { title: localizable`Remove "${field}"`, changes: [{ path, value: undefined }] },
  ];
}

/** Returns the list without unknown names; a name close to a known one can be replaced by it. */
function fixReferences(agents: readonly RawAgent[], index: number, relation: string): QuickFix[] {
  const own = nameOf(agents[index]).toLowerCase();
  const known = agents.map(nameOf).filter((name) => name !== '' && name.toLowerCase() !== own);
  const isKnown = (name: string): boolean => known.some((other) => other.toLowerCase() === nameKey(name));
  const names = namesIn(agents[index], relation);
  const bad = names.filter((name) => !isKnown(name));
  const path = ['agents', index, relation];
  const near = bad.flatMap((name) => {
    const meant = known.find((other) => !names.includes(other) && isNear(other.toLowerCase(), nameKey(name)));
    return meant === undefined
      ? []
      : [
          {
            title: localizable`Replace ${name} by ${meant}`,
            changes: [{ path, value: names.map((other) => (other === name ? meant : other)) }],
          },
        ];
  });
  return [
    ...near,
    {
      title: localizable`Remove ${joinWithEllipsis(bad.slice(0, SHOWN), bad.length)} from "${relation}"`,
      changes: [{ path, value: names.filter(isKnown) }],
    },
  ];
}

/**
 * Returns whether two names are equal except for `_`, `-` and spaces, one is a prefix of the other, or one letter
 * differs.
 */
function isNear(a: string, b: string): boolean {
  const [one, two] = [a, b].map((name) => name.replace(/[\s_-]/g, '')) as [string, string];
  if (two.length < 2) return false;
  return one === two || one.startsWith(two) || two.startsWith(one) || oneLetterApart(one, two);
}

function oneLetterApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || Math.min(a.length, b.length) < 3) return false;
  let from = 0;
  while (from < a.length && a[from] === b[from]) from += 1;
  const rest = (text: string, skip: number): string => text.slice(from + skip);
  return rest(a, 1) === rest(b, 1) || rest(a, 1) === rest(b, 0) || rest(a, 0) === rest(b, 1);
}

/** Returns one fix per link of the cycle: the agent no longer waits for the next one. */
function cycleFixes(agents: readonly RawAgent[], at: readonly number[], only: string | undefined): QuickFix[] {
  const members = new Set(at.map((index) => nameOf(agents[index]).toLowerCase()));
  const found = at.flatMap((index) =>
    (['depends_on', 'wait_for'] as const).flatMap((relation) => {
      if (only !== undefined && relation !== only) return [];
      const names = namesIn(agents[index], relation);
      return names
        .filter((name) => members.has(nameKey(name)))
        .map((name) => ({
          title:
            relation === 'depends_on'
              ? localizable`Launch ${nameOf(agents[index])} without waiting for ${name}`
              : localizable`Remove the wait of ${nameOf(agents[index])} for ${name}`,
          changes: [{ path: ['agents', index, relation], value: names.filter((other) => other !== name) }],
        }));
    }),
  );
  return found.slice(0, MAX_CUTS);
}

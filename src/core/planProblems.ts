import type { PlanProblem } from './models';
import { cleanText } from './text';

/** Every way in which a plan can be wrong. Stable: tools and docs/plan-format.md name them. */
export const PLAN_PROBLEM_CODES = [
  'block-missing', 'block-cut-off', 'block-headless', 'not-json', 'agents-missing', 'agents-empty',
  'too-many-agents', 'wrong-type', 'name-empty', 'name-invalid', 'name-reserved', 'name-doubled',
  'role-empty', 'too-long', 'window-invalid', 'window-reserved', 'window-doubled', 'unknown-name',
  'names-itself', 'depends-on-cycle', 'wait-for-cycle', 'deadlock', 'unknown-host',
] as const;
export type PlanProblemCode = (typeof PLAN_PROBLEM_CODES)[number];

/** The three lists of an agent that name other agents. */
export type Relation = 'depends_on' | 'notifies' | 'wait_for';

const SHOWN_VALUE = 60;

/** A value that somebody else wrote, as it may stand in a sentence: one line, quoted, short. */
export function shown(value: unknown): string {
  if (typeof value === 'string') {
    const line = cleanText(value.slice(0, 4 * SHOWN_VALUE)).replace(/\s+/g, ' ');
    return `"${line.length > SHOWN_VALUE ? `${line.slice(0, SHOWN_VALUE)}…`.toWellFormed() : line}"`;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}

function problem(code: PlanProblemCode, message: string, agents: readonly string[] = [], field?: string): PlanProblem {
  return { code, message, agents: [...agents], ...(field === undefined ? {} : { field }) };
}

/** One factory per problem, so that each sentence is written once. `who` is an agent's name, or `agent #3` where it has none. */
export const planProblems = {
  unknownHost: (who: string, host: string, hosts: readonly string[]) =>
    problem(
      'unknown-host',
      `${who} is to run on the host ${shown(host)}, which is not there. ${hosts.length === 0 ? 'No host has joined' : `Joined: ${listed(hosts)}`}; leave "host" out to run it where the team is led.`,
      [who], 'host',
    ),
  blockMissing: (start: string, end: string) =>
    problem('block-missing', `There is no plan in the text. Print the plan between a line ${start} and a line ${end}.`),
  blockCutOff: (end: string) =>
    problem('block-cut-off', `The plan has no end: ${end} is missing, so it was probably cut off. Print the whole plan again, shorter if need be.`),
  blockHeadless: (start: string) =>
    problem('block-headless', `The plan has no beginning: ${start} is missing or has scrolled away. Print the whole plan again.`),
  notJson: (why: string) => problem('not-json', `The plan is not JSON, and could not be repaired: ${why}. Print it again as plain JSON.`),
  agentsMissing: (found: unknown) =>
    problem('agents-missing', `The plan must be an object with a list "agents"; it is ${shown(found)}${typeof found === 'object' && found !== null ? ' without that list' : ''}.`),
  agentsEmpty: () => problem('agents-empty', 'The plan has no agents. Name at least one.'),
  tooManyAgents: (count: number, limit: number) =>
    problem('too-many-agents', `The plan has ${count} agents; at most ${limit} are allowed. Merge some, or raise the limit in the settings.`),
  notAnObject: (who: string, value: unknown) =>
    problem('wrong-type', `${who} is ${shown(value)}; each agent must be an object with window, name and role.`, [who]),
  wrongType: (who: string, field: string, expected: string, value: unknown) =>
    problem('wrong-type', `${who}: "${field}" must be ${expected}, not ${shown(value)}.`, [who], field),
  nameEmpty: (who: string) => problem('name-empty', `${who} has no name. Give it one that is unique.`, [who], 'name'),
  nameInvalid: (who: string, name: string) =>
    problem('name-invalid', `${shown(name)} cannot be a name: use a letter, then letters, digits, _ or -, at most 32 characters.`, [who], 'name'),
  nameReserved: (name: string) => problem('name-reserved', `The name ${shown(name)} is reserved. Give that agent another one.`, [name], 'name'),
  nameDoubled: (names: readonly string[], windows: readonly string[]) =>
    problem('name-doubled', `${names.length} agents are called ${shown(names[0])} (windows ${listed(windows)}; case does not count). Give each a name of its own.`, names, 'name'),
  roleEmpty: (who: string) => problem('role-empty', `${who} has no role. Say in a sentence or more what it is for.`, [who], 'role'),
  tooLong: (who: string, field: string, limit: number) =>
    problem('too-long', `${who}: "${field}" is longer than ${limit} characters. Shorten it.`, [who], field),
  windowInvalid: (who: string, value: unknown, max: number) =>
    problem('window-invalid', `${who}: "window" must be a whole number from 2 to ${max}, not ${shown(value)}.`, [who], 'window'),
  windowReserved: (who: string, window: number) =>
    problem('window-reserved', `${who} asks for window ${window}, which is ${window === 0 ? "Mother's" : "the monitor's"}. Agents have windows from 2 up.`, [who], 'window'),
  windowDoubled: (window: number, names: readonly string[]) =>
    problem('window-doubled', `Window ${window} is given to ${names.length} agents: ${listed(names)}. Give each agent a window of its own.`, names, 'window'),
  unknownName: (who: string, relation: Relation, unknown: readonly string[], known: readonly string[]) =>
    problem(
      'unknown-name',
      `${who}: "${relation}" names ${listed(unknown.slice(0, 20).map(shown))}, ` +
        `${unknown.length > 1 ? 'which are no agents' : 'which is no agent'} of this plan. ${unknownHint(unknown, known)}`,
      [who],
      relation,
    ),
  namesItself: (who: string, relation: Relation) =>
    problem('names-itself', `${who} names itself in "${relation}". Remove it there.`, [who], relation),
  cycle: (relation: 'depends_on' | 'wait_for', cycle: readonly string[]) =>
    problem(
      relation === 'depends_on' ? 'depends-on-cycle' : 'wait-for-cycle',
      `"${relation}" goes in a circle: ${arrows(cycle)}. Remove one of these so that somebody can begin.`,
      cycle,
      relation,
    ),
  deadlock: (cycle: readonly string[], steps: readonly string[]) =>
    problem('deadlock', `"depends_on" and "wait_for" contradict each other: ${arrows(cycle)} (${steps.join('; ')}). Remove one of these.`, cycle),
} as const;

function arrows(cycle: readonly string[]): string {
  return [...cycle, cycle[0]].join(' → ');
}

/** What to write instead; people and models most often name somebody who is always there, or say "none" in words. */
function unknownHint(unknown: readonly string[], known: readonly string[]): string {
  const lower = unknown.map((name) => name.trim().toLowerCase());
  if (lower.every((name) => name === 'none' || name === '')) return 'For nobody, use an empty list: [].';
  if (lower.every((name) => name === 'mother' || name === 'user')) return 'Mother and the person are always told; leave them out.';
  const some = known.slice(0, 20);
  return some.length ? `Known: ${some.join(', ')}${known.length > some.length ? ', …' : ''}.` : 'Name only agents of this plan.';
}

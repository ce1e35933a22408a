import { nameKey } from '../base/agentName';
import { render, localizable, type Translate, type LocalizableText } from '../base/localizedText';
import { cleanText } from '../base/sanitizeText';
import type { PlanProblem } from './planReview';

/** All problem codes of plans. Stable: tools and docs/plan-format.md use them. */
export const PLAN_PROBLEM_CODES = [
  'block-missing',
  'block-cut-off',
  'block-headless',
  'not-json',
  'agents-missing',
  'agents-empty',
  'too-many-agents',
  'wrong-type',
  'name-empty',
  'name-invalid',
  'name-reserved',
  'name-doubled',
  'role-empty',
  'too-long',
  'window-invalid',
  'window-reserved',
  'window-doubled',
  'unknown-name',
  'names-itself',
  'depends-on-cycle',
  'wait-for-cycle',
  'deadlock',
  'unknown-host',
] as const;
export type PlanProblemCode = (typeof PLAN_PROBLEM_CODES)[number];

/** The three members that list other agents. */
export type Relation = 'depends_on' | 'notifies' | 'wait_for';

const SHOWN_VALUE = 60;

/** Returns a foreign value in a form for sentences: one line, quoted, short. */
function shown(value: unknown): string | LocalizableText {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === undefined) return localizable`nothing`;
  if (value === null) return 'null';
  return Array.isArray(value) ? localizable`a list` : typeof value === 'object' ? localizable`an object` : typeof value;
}

function quoted(value: string): string {
  const line = cleanText(value.slice(0, 4 * SHOWN_VALUE)).replace(/\s+/g, ' ');
  return `"${line.length > SHOWN_VALUE ? `${line.slice(0, SHOWN_VALUE)}…`.toWellFormed() : line}"`;
}

/** Joins items: `a`, `a and b`, `a, b and c`. */
function listed(items: readonly string[]): string | LocalizableText {
  return items.length < 2
    ? (items[0] ?? '')
    : localizable`${items.slice(0, -1).join(', ')} and ${items[items.length - 1] ?? ''}`;
}

/**
 * Symbol of the translatable sentence of a problem. It stays in this process: neither Redis nor `--json` gets it. The
 * extension's bundles share it by its name.
 */
const SENTENCE = Symbol.for('taco.sentence');

function problem(
  code: PlanProblemCode,
  message: LocalizableText,
  agents: readonly string[] = [],
  field?: string,
): PlanProblem {
  const made: PlanProblem & { [SENTENCE]: LocalizableText } = {
    code,
    message: render(message),
    agents: [...agents],
    ...(field === undefined ? {} : { field }),
    [SENTENCE]: message,
  };
  return made;
}

/** Returns the problem in the language of the view; English if the problem was read from Redis. */
export function problemInWords(problem: PlanProblem, say: Translate): string {
  return render((problem as PlanProblem & { [SENTENCE]?: LocalizableText })[SENTENCE] ?? problem.message, say);
}

/**
 * One factory per problem, so that each sentence exists once. `who` is an agent's name, or `agent #3` if it has none.
 */
export const planProblems = {
  unknownHost: (who: string, host: string, hosts: readonly string[]) =>
    problem(
      'unknown-host',
      localizable`${who} needs the host ${shown(host)}, which is not connected. ${hosts.length === 0 ? localizable`No host has joined` : localizable`Joined: ${listed(hosts)}`}; remove "host" to run it on the leader's machine.`,
      [who],
      'host',
    ),
  blockMissing: (start: string, end: string) =>
    problem(
      'block-missing',
      localizable`The text contains no plan. Print the plan between a line ${start} and a line ${end}.`,
    ),
  blockCutOff: (end: string) =>
    problem(
      'block-cut-off',
      localizable`The plan has no end: ${end} is missing, so it was probably cut off. Print the whole plan again, shorter if necessary.`,
    ),
  blockHeadless: (start: string) =>
    problem(
      'block-headless',
      localizable`The plan has no start: ${start} is missing or has scrolled away. Print the whole plan again.`,
    ),
  notJson: (why: string | LocalizableText) =>
    problem(
      'not-json',
      localizable`The plan is not JSON, and could not be repaired: ${why}. Print it again as plain JSON.`,
    ),
  agentsMissing: (found: unknown) =>
    problem(
      'agents-missing',
      typeof found === 'object' && found !== null
        ? localizable`The plan must be an object with a list "agents"; it is ${shown(found)} without that list.`
        : localizable`The plan must be an object with a list "agents"; it is ${shown(found)}.`,
    ),
  agentsEmpty: () => problem('agents-empty', localizable`The plan has no agents. Add at least one.`),
  tooManyAgents: (count: number, limit: number) =>
    problem(
      'too-many-agents',
      localizable`The plan has ${count} agents; at most ${limit} are allowed. Merge some, or raise the limit in the settings.`,
    ),
  notAnObject: (who: string, value: unknown) =>
    problem(
      'wrong-type',
      localizable`${who} is ${shown(value)}; each agent must be an object with window, name and role.`,
      [who],
    ),
  wrongType: (who: string, field: string, expected: LocalizableText, value: unknown) =>
    problem('wrong-type', localizable`${who}: "${field}" must be ${expected}, not ${shown(value)}.`, [who], field),
  nameEmpty: (who: string) =>
    problem('name-empty', localizable`${who} has no name. Give it one that is unique.`, [who], 'name'),
  nameInvalid: (who: string, name: string) =>
    problem(
      'name-invalid',
      localizable`Invalid name ${shown(name)}: use a letter, then letters, digits, _ or -, at most 32 characters.`,
      [who],
      'name',
    ),
  nameReserved: (name: string) =>
    problem(
      'name-reserved',
      localizable`The name ${shown(name)} is reserved. Give that agent another one.`,
      [name],
      'name',
    ),
  duplicateName: (names: readonly string[], windows: readonly string[]) =>
    problem(
      'name-doubled',
      localizable`${names.length} agents are named ${shown(names[0])} (windows ${listed(windows)}; case is ignored). Give each agent a different name.`,
      names,
      'name',
    ),
  roleEmpty: (who: string) =>
    problem(
      'role-empty',
      localizable`${who} has no role. Describe the agent's purpose in a sentence or more.`,
      [who],
      'role',
    ),
  tooLong: (who: string, field: string, limit: number) =>
    problem('too-long', localizable`${who}: "${field}" is longer than ${limit} characters. Shorten it.`, [who], field),
  windowInvalid: (who: string, value: unknown, max: number) =>
    problem(
      'window-invalid',
      localizable`${who}: "window" must be a whole number from 2 to ${max}, not ${shown(value)}.`,
      [who],
      'window',
    ),
  windowReserved: (who: string, window: number) =>
    problem(
      'window-reserved',
      window === 0
        ? localizable`${who} asks for window 0, which is Mother's. Use a window from 2 up.`
        : localizable`${who} asks for window ${window}, which is the monitor's. Use a window from 2 up.`,
      [who],
      'window',
    ),
  duplicateWindow: (window: number, names: readonly string[]) =>
    problem(
      'window-doubled',
      localizable`Window ${window} is assigned to ${names.length} agents: ${listed(names)}. Assign a different window to each agent.`,
      names,
      'window',
    ),
  unknownName: (who: string, relation: Relation, unknown: readonly string[], known: readonly string[]) =>
    problem(
      'unknown-name',
      unknown.length > 1
        ? localizable`${who}: "${relation}" names ${listed(unknown.slice(0, 20).map(quoted))}, which are not agents of this plan. ${unknownHint(unknown, known)}`
        : localizable`${who}: "${relation}" names ${listed(unknown.map(quoted))}, which is not an agent of this plan. ${unknownHint(unknown, known)}`,
      [who],
      relation,
    ),
  namesItself: (who: string, relation: Relation) =>
    problem('names-itself', localizable`${who} names itself in "${relation}". Remove it there.`, [who], relation),
  cycle: (relation: 'depends_on' | 'wait_for', cycle: readonly string[]) =>
    problem(
      relation === 'depends_on' ? 'depends-on-cycle' : 'wait-for-cycle',
      localizable`"${relation}" contains a cycle: ${arrows(cycle)}. Remove one entry so that an agent can start.`,
      cycle,
      relation,
    ),
  deadlock: (cycle: readonly string[], steps: readonly LocalizableText[]) =>
    problem(
      'deadlock',
      localizable`"depends_on" and "wait_for" contradict each other: ${arrows(cycle)} (${oneByOne(steps)}). Remove one of these.`,
      cycle,
    ),
} as const;

/** Joins any number of steps without a translatable text in between. */
function oneByOne(steps: readonly LocalizableText[]): LocalizableText {
  return { text: steps.map((_step, at) => `{${at}}`).join('; '), values: steps };
}

function arrows(cycle: readonly string[]): string {
  return [...cycle, cycle[0]].join(' → ');
}

/**
 * Returns a hint about what to write instead. Users and models most often name Mother or the user, who are always
 * notified, or write "none".
 */
function unknownHint(unknown: readonly string[], known: readonly string[]): LocalizableText {
  const lower = unknown.map(nameKey);
  if (lower.every((name) => name === 'none' || name === '')) return localizable`For no agents, use an empty list: [].`;
  if (lower.every((name) => name === 'mother' || name === 'user'))
    return localizable`Mother and the user are always notified; leave them out.`;
  const some = known.slice(0, 20);
  return some.length
    ? localizable`Available: ${[...some, ...(known.length > some.length ? ['…'] : [])].join(', ')}.`
    : localizable`Name only agents of this plan.`;
}

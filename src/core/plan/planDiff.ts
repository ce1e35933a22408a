/** Compares a plan with the running team: the changes that its approval makes. */
import { nameKey } from '../base/agentName';
import { MAX_WINDOW } from '../base/limits';
import { english, type Translate, type LazyLabel } from '../base/localizedText';
import type { AgentSpec, Plan } from '../models';
import { renumbered } from './planRepairs';
import type { PlanChange } from './planReview';

/**
 * Members of a spec that can change, in display order. TACO assigns the window; it never changes while an agent lives.
 */
const FIELDS = [
  'role',
  'task',
  'depends_on',
  'wait_for',
  'notifies',
  'profile',
  'model',
  'permission_mode',
  'worktree',
  'account',
  'fallback',
  'base',
  'check',
  'owns',
] as const satisfies readonly (keyof AgentSpec)[];
type ChangedField = (typeof FIELDS)[number];

/** Members whose change needs a new conversation: another CLI or folder cannot continue the old one. */
const RELAUNCHING_FIELDS: readonly ChangedField[] = ['profile', 'worktree', 'base'];
/** Members that a CLI reads only at its start. */
const RELAUNCHED: readonly ChangedField[] = ['model', 'permission_mode', 'account'];

/**
 * Returns the plan with the windows of the running team. Present agents keep their window and host. A new agent that
 * asks for a window in use, or used earlier, gets the next free number. Thus a message that waits for one agent cannot
 * reach another.
 * @param taken windows that a new agent may not have, besides those of `team`
 */
export function assignTeamWindows(plan: Plan, team: readonly AgentSpec[], taken: readonly number[] = []): Plan {
  const known = new Map(team.map((spec) => [nameKey(spec.name), spec]));
  const fixed = [...new Set([...team.map(({ window }) => window), ...taken])];
  const fresh = plan.agents.filter(({ name }) => !known.has(nameKey(name)));
  // The first entry keeps a number, so the fixed windows come first.
  const numbers = renumbered([...fixed, ...fresh.map(({ window }) => (window <= MAX_WINDOW ? window : null))]).slice(
    fixed.length,
  );
  const given = new Map(fresh.map(({ name }, index) => [nameKey(name), numbers[index]]));
  return {
    agents: plan.agents.map((spec) => {
      const was = known.get(nameKey(spec.name));
      if (!was) return { ...spec, window: given.get(nameKey(spec.name)) ?? spec.window };
      const placed = { ...spec, window: was.window };
      delete placed.host;
      return was.host === undefined ? placed : { ...placed, host: was.host };
    }),
  };
}

/**
 * Returns the changes that the approval of the plan makes. Agents are the same if their names are equal, ignoring case.
 */
export function diffPlan(team: readonly AgentSpec[], plan: Plan): PlanChange {
  const before = new Map(team.map((spec) => [nameKey(spec.name), spec]));
  const wanted = new Set(plan.agents.map(({ name }) => nameKey(name)));
  const change: { -readonly [K in keyof PlanChange]: PlanChange[K][number][] } = {
    added: [],
    removed: team.filter(({ name }) => !wanted.has(nameKey(name))),
    changed: [],
    kept: [],
  };
  for (const after of plan.agents) {
    const was = before.get(nameKey(after.name));
    const fields = was ? changedFields(was, after) : [];
    if (!was) change.added.push(after);
    else if (fields.length === 0) change.kept.push(was.name);
    else change.changed.push({ before: was, after: { ...after, name: was.name }, fields, effect: effectOf(fields) });
  }
  return change;
}

/** Returns the changes of `edited` for the same team for which `plan` gave `change`. */
export function changeOf(plan: Plan, change: PlanChange, edited: Plan): PlanChange {
  const unchanged = new Set(change.kept.map(nameKey));
  const team = [
    ...change.changed.map(({ before }) => before),
    ...change.removed,
    ...plan.agents.filter(({ name }) => unchanged.has(nameKey(name))),
  ];
  return diffPlan(team, assignTeamWindows(edited, team));
}

/** Returns whether approval changes nothing. */
export function isEmptyChange({ added, removed, changed }: PlanChange): boolean {
  return added.length + removed.length + changed.length === 0;
}

function changedFields(before: AgentSpec, after: AgentSpec): ChangedField[] {
  return FIELDS.filter((field) => comparable(before[field]) !== comparable(after[field]));
}

/** Returns a comparable form: lists are sets of names; an absent switch is off. */
function comparable(value: AgentSpec[ChangedField]): string {
  if (Array.isArray(value))
    return JSON.stringify(value.every((each) => typeof each === 'string') ? value.map(nameKey).sort() : value);
  return value === undefined || value === false ? '' : String(value).trim();
}

function effectOf(fields: readonly ChangedField[]): PlanChange['changed'][number]['effect'] {
  if (fields.some((field) => RELAUNCHING_FIELDS.includes(field))) return 'anew';
  if (fields.some((field) => RELAUNCHED.includes(field))) return 'relaunched';
  return fields.includes('task') || fields.includes('role') ? 'told' : 'links';
}

/** Description of each effect for users. */
const EFFECT_WORDS: Readonly<Record<PlanChange['changed'][number]['effect'], LazyLabel>> = {
  told: (say) => say('gets its new task as a message'),
  relaunched: (say) => say('relaunched; its conversation continues'),
  anew: (say) => say('launched again with a new conversation'),
  links: (say) => say('keeps working; only its order or notifications change'),
};

/** Returns one line per agent: `+` added, `-` removed, `~` changed. */
export function changeLines({ added, removed, changed, kept }: PlanChange, say: Translate = english): string[] {
  return [
    ...added.map(({ name, window, role }) => say('+ {0} (window {1}): {2}', name, window, role.replace(/\s+/g, ' '))),
    ...removed.map(({ name, window }) => say('- {0} (window {1}): stops and leaves the team', name, window)),
    ...changed.map(({ after, fields, effect }) =>
      say(
        '~ {0} (window {1}): {2} changed; {3}',
        after.name,
        after.window,
        fields.join(', '),
        EFFECT_WORDS[effect](say),
      ),
    ),
    ...(kept.length > 0 ? [`  ${say('unchanged: {0}', kept.join(', '))}`] : []),
  ];
}

/** Returns `1 added, 2 removed`. */
export function changeSummary({ added, removed, changed }: PlanChange, say: Translate = english): string {
  const parts = [
    added.length > 0 && (added.length === 1 ? say('1 added') : say('{0} added', added.length)),
    removed.length > 0 && (removed.length === 1 ? say('1 removed') : say('{0} removed', removed.length)),
    changed.length > 0 && (changed.length === 1 ? say('1 modified') : say('{0} modified', changed.length)),
  ];
  return parts.filter((part) => part !== false).join(', ');
}

/** Returns `Approve change (1 added, 2 removed)`. */
export function changeLabel(change: PlanChange, say: Translate = english): string {
  return say('Approve change ({0})', changeSummary(change, say));
}

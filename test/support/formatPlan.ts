import { PLAN_END, PLAN_START } from '../../src/core/base/planMarkers';
import type { AgentSpec, Plan } from '../../src/core/models';

/** Order of members in a printed plan; absent ones are omitted. */
const FIELDS = [
  'window',
  'name',
  'role',
  'task',
  'depends_on',
  'notifies',
  'wait_for',
  'profile',
  'model',
  'permission_mode',
  'worktree',
  'host',
] as const satisfies readonly (keyof AgentSpec)[];

/** Formats the plan as a block with its markers, one agent per line, so that `parsePlan` reads the same plan. */
export function formatPlan(plan: Plan): string {
  const lines = plan.agents.map((agent) => `  ${agentJson(agent)}`);
  return `${PLAN_START}\n{"agents": [\n${lines.join(',\n')}\n]}\n${PLAN_END}`;
}

function agentJson(agent: AgentSpec): string {
  const ordered = Object.fromEntries(
    FIELDS.filter((field) => agent[field] !== undefined).map((field) => [field, agent[field]]),
  );
  // A role may mention the markers; escaped, it cannot be mistaken for one.
  return JSON.stringify(ordered).replace(/(agent)_(spec)/gi, '$1\\u005f$2');
}

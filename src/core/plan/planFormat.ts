import type { AgentSpec, Plan } from '../models';

/** The markers around a plan, as Mother is told to print them. Read in any case (seed document, "Agent Specification Generation"). */
export const PLAN_START = 'AGENT_SPEC_JSON_START';
export const PLAN_END = 'AGENT_SPEC_JSON_END';

/** Member order in which a plan is printed; absent ones are left out. */
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

/** The plan as a block with its markers, one agent a line, so that `parsePlan` reads the same plan back. */
export function formatPlan(plan: Plan): string {
  const lines = plan.agents.map((agent) => `  ${agentJson(agent)}`);
  return `${PLAN_START}\n{"agents": [\n${lines.join(',\n')}\n]}\n${PLAN_END}`;
}

function agentJson(agent: AgentSpec): string {
  const ordered = Object.fromEntries(
    FIELDS.filter((field) => agent[field] !== undefined).map((field) => [field, agent[field]]),
  );
  // A role may speak of the markers; escaped, it cannot be taken for one.
  return JSON.stringify(ordered).replace(/(agent)_(spec)/gi, '$1\\u005f$2');
}

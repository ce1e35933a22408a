import type { AgentRecord } from '../agents/agentRecord';
import type { ServiceRecord } from './serviceRecord';

/** Result of one check: a good answer, a bad answer (HTTP 5xx, too slow), or none (refused, failed command). */
export type HealthCheck = 'good' | 'bad' | 'none';

export interface HealthMemory {
  readonly health: ServiceRecord['health'];
  /** Consecutive checks that contradicted `health`, and the result of the last one. */
  readonly against: number;
  readonly last: HealthCheck | null;
}

export const UNKNOWN_HEALTH: HealthMemory = { health: 'unknown', against: 0, last: null };

/**
 * Consecutive equal checks that change the health; one alone may be a coincidence. The very first check counts at once.
 */
const CHECKS_TO_CHANGE = 2;

const VERDICT: Readonly<Record<HealthCheck, ServiceRecord['health']>> = {
  good: 'healthy',
  bad: 'degraded',
  none: 'down',
};

/** Returns the health after another check, with hysteresis. */
export function nextHealth(memory: HealthMemory, check: HealthCheck): HealthMemory {
  const verdict = VERDICT[check];
  if (memory.health === 'unknown' || verdict === memory.health) return { health: verdict, against: 0, last: check };
  const against = check === memory.last ? memory.against + 1 : 1;
  return against >= CHECKS_TO_CHANGE
    ? { health: verdict, against: 0, last: check }
    : { health: memory.health, against, last: check };
}

/**
 * Returns whether the user approved bypassPermissions for the agent. Its hooks report the mode in which it runs, so
 * they alone grant nothing.
 */
function isApproved({ spec }: Pick<AgentRecord, 'spec'>): boolean {
  try {
    const value = JSON.parse(spec) as { readonly permission_mode?: unknown } | null;
    return value?.permission_mode === 'bypassPermissions';
  } catch {
    return false;
  }
}

/**
 * Returns whether an owner may register a command as a health check: the user, or an agent that runs any command
 * without asking, as the user approved. Every agent may run `taco`, so other agents could use it to bypass their CLI's permission prompts.
 * @param agent the owner's record, if the owner is an agent of the team
 */
export function mayRunChecks(owner: string, agent: Pick<AgentRecord, 'permissionMode' | 'spec'> | undefined): boolean {
  return agent ? agent.permissionMode === 'bypassPermissions' && isApproved(agent) : owner === 'USER';
}

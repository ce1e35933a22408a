import type { AgentRecord, ServiceRecord } from '../models';

/** One look at a service: it answered well, it answered badly (HTTP 5xx, too slow), or not at all (refused, a command that failed). */
export type HealthCheck = 'good' | 'bad' | 'none';

export interface HealthMemory {
  readonly health: ServiceRecord['health'];
  /** Checks in a row that spoke against `health`, and what the last of them said. */
  readonly against: number;
  readonly last: HealthCheck | null;
}

export const UNKNOWN_HEALTH: HealthMemory = { health: 'unknown', against: 0, last: null };

/** One bad check is an accident, two in a row are a fact; the first check of all counts at once. */
const CHECKS_TO_CHANGE = 2;

const VERDICT: Readonly<Record<HealthCheck, ServiceRecord['health']>> = {
  good: 'healthy',
  bad: 'degraded',
  none: 'down',
};

/** Health with hysteresis: what a service is after another check. */
export function nextHealth(memory: HealthMemory, check: HealthCheck): HealthMemory {
  const verdict = VERDICT[check];
  if (memory.health === 'unknown' || verdict === memory.health) return { health: verdict, against: 0, last: check };
  const against = check === memory.last ? memory.against + 1 : 1;
  return against >= CHECKS_TO_CHANGE
    ? { health: verdict, against: 0, last: check }
    : { health: memory.health, against, last: check };
}

/**
 * Who may have TACO run a command as a health check: the person, and an agent that may run anything unasked. `taco` itself is allowed to every
 * agent, so for any other agent it would be a way around the prompts of its CLI.
 * @param agent the owner's record, if the owner is an agent that is there
 */
export function mayRunChecks(owner: string, agent: Pick<AgentRecord, 'permissionMode'> | undefined): boolean {
  return agent ? agent.permissionMode === 'bypassPermissions' : owner === 'USER';
}

import type { Usage } from '../agents/usage';
import type { AgentVitals } from './vitals';

const HOUR = 60 * 60_000;
/** A later end is no news, milliseconds. */
const MAX_AHEAD = 48 * HOUR;

export interface BudgetInput {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly session: { readonly budget?: string | undefined; readonly spent?: string | undefined } | null;
  readonly usage?: Usage | undefined;
  readonly agents: readonly { readonly vitals?: AgentVitals | undefined }[];
}

/** Returns the cost of the team per hour, US dollars; 0 while it is not known. */
export function teamRate(agents: BudgetInput['agents']): number {
  return agents.reduce((sum, { vitals }) => sum + (vitals?.costPerHour ?? 0), 0);
}

/**
 * Returns when the budget is used up at the rate of the last half hour, milliseconds since the epoch; null: there is no
 * budget, it is spent already, or the end is more than two days away.
 */
export function budgetEnd({ at, session, usage, agents }: BudgetInput): number | null {
  const budget = Number(session?.budget ?? 0);
  const left = budget - (usage?.cost ?? 0);
  const rate = teamRate(agents);
  if (budget <= 0 || left <= 0 || rate <= 0) return null;
  const ms = (left / rate) * HOUR;
  return ms > MAX_AHEAD ? null : at + ms;
}

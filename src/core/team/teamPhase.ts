import type { PlanReview } from '../plan/planReview';
import type { SessionState } from './session';

/**
 * Phase of a team, as far as requests depend on it.
 * - `none`: no session; `failed`: the rest of a failed start; `lost`: its tmux session is gone.
 * - `no-plan`: Mother gave no valid plan, or the plan under review has problems.
 * - `review`: a first plan waits; `change-review`: the team works, and a change of it waits.
 * - `paused`: the team is running, and its budget is used up or the user paused it.
 */
export const TEAM_PHASES = [
  'none',
  'failed',
  'starting',
  'planning',
  'no-plan',
  'review',
  'launching',
  'running',
  'change-review',
  'paused',
  'stopping',
  'lost',
] as const;
export type TeamPhase = (typeof TEAM_PHASES)[number];

/** Returns the phase of a team from its state in Redis. */
export function teamPhaseOf(session: SessionState | null, plan: PlanReview | null): TeamPhase {
  if (session === null) return 'none';
  // The plan's review is written shortly before the session's phase.
  const isProposed = plan?.status === 'proposed' && plan.approval === undefined;
  if (isProposed && (session.phase === 'planning' || session.phase === 'running')) return reviewPhase(plan);
  if (session.phase === 'review') return reviewPhase(plan);
  return session.phase === 'running' && (session.spent === 'true' || session.paused) ? 'paused' : session.phase;
}

function reviewPhase(plan: PlanReview | null): TeamPhase {
  if (plan?.status !== 'proposed') return 'no-plan';
  // It is approved, but not yet executed.
  if (plan.approval !== undefined) return 'launching';
  return plan.change === undefined ? 'review' : 'change-review';
}

import type { PlanReview, SessionState } from '../models';

/**
 * Where a team stands, as far as requests differ. `none`: no session; `failed`: what is left of a start that failed; `no-plan`: Mother
 * gave no valid plan, or the plan under review has problems; `review`: a first plan waits; `change-review`: the team works, and a change
 * of it waits; `paused`: it works, and its budget is used up; `lost`: its tmux session is gone.
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

/** The phase of a team by what Redis holds. */
export function teamPhaseOf(session: SessionState | null, plan: PlanReview | null): TeamPhase {
  if (session === null) return 'none';
  // A plan is put under review a moment before the session's phase says so.
  const isProposed = plan?.status === 'proposed' && plan.approval === undefined;
  if (isProposed && (session.phase === 'planning' || session.phase === 'running')) return reviewPhase(plan);
  if (session.phase === 'review') return reviewPhase(plan);
  return session.phase === 'running' && session.spent === 'true' ? 'paused' : session.phase;
}

function reviewPhase(plan: PlanReview | null): TeamPhase {
  if (plan?.status !== 'proposed') return 'no-plan';
  // It was approved, and what it asks for is not made yet.
  if (plan.approval !== undefined) return 'launching';
  return plan.change === undefined ? 'review' : 'change-review';
}

/** The whole state that every view of the extension shows. No `vscode` here. */
import type { TacoError } from '../../core/errors/tacoError';
import { isStuck, canDrop } from '../../core/messages/messageState';
import type { PlanReview } from '../../core/plan/planReview';
import type { InputRequest } from '../../core/requests/inputRequest';
import type { AgentView, MessageView, Snapshot } from '../../core/team/snapshot';

export interface ProjectState {
  readonly snapshot: Snapshot | null;
  /** False while Redis does not answer: the snapshot is old. */
  readonly connected: boolean;
  /** The reason why no team can start; `none` when there is none. */
  readonly missing: 'none' | 'tmux' | 'redis' | 'agent' | 'error';
  readonly error: TacoError | null;
  /** True once every check of a team's requirements has passed. */
  readonly ready: boolean;
}

export const noProject: ProjectState = { snapshot: null, connected: false, missing: 'none', error: null, ready: false };

/** Returns whether a session exists. A failed one is shown for a while, but the user may start a new one. */
export function hasSession({ snapshot }: ProjectState): boolean {
  return snapshot?.session !== null && snapshot?.session !== undefined && snapshot.session.phase !== 'failed';
}

/** Returns true when the session's tmux session is gone: its agents and messages wait for a resume. */
export function isLost({ snapshot }: ProjectState): boolean {
  return snapshot?.session?.phase === 'lost';
}

/** Returns agents whose terminal waits for the user. */
export function agentsWithRequests(state: ProjectState): readonly AgentView[] {
  return state.snapshot?.agents.filter((agent) => agent.status === 'needs-input') ?? [];
}

/** Returns messages that wait for a decision of the user. */
export function stuckMessages(state: Pick<ProjectState, 'snapshot'>): readonly MessageView[] {
  return state.snapshot?.messages.filter(isStuck) ?? [];
}

/** Returns messages that the user can drop: those that wait for a decision first. */
export function droppableMessages({ snapshot }: Pick<ProjectState, 'snapshot'>): readonly MessageView[] {
  const messages = snapshot?.messages.filter(({ state }) => canDrop(state)) ?? [];
  return [...messages.filter(isStuck), ...messages.filter((message) => !isStuck(message))];
}

/**
 * Returns true while Mother's plan waits for the user. A plan just approved stays in review for a moment, without a new
 * notification.
 */
export function planWaits({ snapshot }: ProjectState): boolean {
  return (
    snapshot?.session?.phase === 'review' &&
    snapshot.plan?.status === 'proposed' &&
    snapshot.plan.approval === undefined
  );
}

/**
 * Returns the requests that the user can answer now, each with its agent. A request of an agent that has left the team
 * cannot be answered.
 */
export function requests({
  snapshot,
}: Pick<ProjectState, 'snapshot'>): readonly { readonly request: InputRequest; readonly agent: AgentView }[] {
  return (snapshot?.needs ?? []).flatMap((request) => {
    const agent = snapshot?.agents.find(({ window }) => window === request.window);
    return agent ? [{ request, agent }] : [];
  });
}

export type Step = 'resume' | 'review-plan' | 'answer';

/** Returns the most important step that waits for the user; null: none. */
export function nextStep(state: ProjectState): Step | null {
  if (isLost(state)) return 'resume';
  if (planWaits(state)) return 'review-plan';
  return requests(state).length > 0 ? 'answer' : null;
}

/** Returns the plan once it can be shown: while Mother writes the first one, only the number of the attempt exists. */
export function planToShow({ snapshot }: ProjectState): PlanReview | null {
  const plan = snapshot?.plan ?? null;
  return plan && (plan.plan !== null || plan.proposal !== null || plan.problems.length > 0) ? plan : null;
}

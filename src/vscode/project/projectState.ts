/** What every view of the extension shows, whole. No `vscode` here. */
import type { TacoError } from '../../core/base/errors';
import type { PlanReview } from '../../core/models';
import type { InputRequest } from '../../core/requests/inputRequest';
import type { AgentView, MessageView, Snapshot } from '../../core/team/snapshot';

export interface ProjectState {
  readonly snapshot: Snapshot | null;
  /** False while Redis does not answer: the snapshot is old. */
  readonly connected: boolean;
  /** What keeps a team from being started; `none` when nothing does. */
  readonly needs: 'none' | 'tmux' | 'redis' | 'agent' | 'error';
  readonly error: TacoError | null;
  /** True once everything that a team needs was looked for and found. */
  readonly ready: boolean;
}

export const noProject: ProjectState = { snapshot: null, connected: false, needs: 'none', error: null, ready: false };

/** A failed session is shown for a while, yet a new one may be started. */
export function hasSession({ snapshot }: ProjectState): boolean {
  return snapshot?.session !== null && snapshot?.session !== undefined && snapshot.session.phase !== 'failed';
}

/** True when the session's tmux is gone: its agents and messages wait to be resumed. */
export function isLost({ snapshot }: ProjectState): boolean {
  return snapshot?.session?.phase === 'lost';
}

/** Agents whose terminal waits for a person. */
export function agentsInNeed(state: ProjectState): readonly AgentView[] {
  return state.snapshot?.agents.filter((agent) => agent.status === 'needs-input') ?? [];
}

/** Messages that go nowhere until a person decides. */
export function stuckMessages(state: Pick<ProjectState, 'snapshot'>): readonly MessageView[] {
  return state.snapshot?.messages.filter(isStuck) ?? [];
}

export function isStuck(message: MessageView): boolean {
  return message.state === 'dead' || message.state === 'uncertain';
}

/** True while Mother's plan waits for the person: one whose approval was taken is a moment long still in review, and calls nobody again. */
export function planWaits({ snapshot }: ProjectState): boolean {
  return (
    snapshot?.session?.phase === 'review' &&
    snapshot.plan?.status === 'proposed' &&
    snapshot.plan.approval === undefined
  );
}

/** What can be answered at once, each with who asks it. A request whose agent has left the team is nobody's to answer. */
export function requests({
  snapshot,
}: Pick<ProjectState, 'snapshot'>): readonly { readonly need: InputRequest; readonly agent: AgentView }[] {
  return (snapshot?.needs ?? []).flatMap((need) => {
    const agent = snapshot?.agents.find(({ window }) => window === need.window);
    return agent ? [{ need, agent }] : [];
  });
}

export type Step = 'resume' | 'review-plan' | 'answer';

/** What waits for the person before all else; null: nothing does. */
export function nextStep(state: ProjectState): Step | null {
  if (isLost(state)) return 'resume';
  if (planWaits(state)) return 'review-plan';
  return requests(state).length > 0 ? 'answer' : null;
}

/** The plan once there is something to see of it: while Mother writes the first, there is only the number of the attempt. */
export function planToShow({ snapshot }: ProjectState): PlanReview | null {
  const plan = snapshot?.plan ?? null;
  return plan && (plan.plan !== null || plan.proposal !== null || plan.problems.length > 0) ? plan : null;
}

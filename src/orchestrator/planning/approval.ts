import type { Logger } from '../../core/base/logger';
import { errors } from '../../core/errors/errors';
import { type AgentSpec, COMMON_PERMISSION_MODES, type Plan } from '../../core/models';
import { specsOf } from '../../core/plan/agentSpecs';
import { diffPlan, assignTeamWindows } from '../../core/plan/planDiff';
import type { PlanReview } from '../../core/plan/planReview';
import { isNameProblem, type PlanOptions, validatePlan } from '../../core/plan/validatePlan';
import { systemClock } from '../../environment/systemClock';
import { profilesWith } from '../../profiles/registry';
import { HostStore } from '../../redis/state/hostStore';
import type { EngineSettings } from '../../team/engineSettings';
import type { Team } from '../../team/team';
import type { RunningSession } from '../agents/runningSession';
import type { AgentLauncher } from '../launch/agentLauncher';
import { isCurrentTerm } from '../leadership/leaderTerm';
import { ApprovalRun, TeamLauncher } from './teamLauncher';
import { retiredWindows, TeamUpdater } from './teamUpdater';

export interface ApprovalOptions {
  readonly team: Team;
  readonly launcher: AgentLauncher;
  readonly settings: EngineSettings;
  readonly log: Logger;
  readonly epoch: number;
  readonly currentEpoch: () => number | null;
}

/** An approval in Redis while it is carried out. */
type PendingApproval = PlanReview & { readonly plan: Plan; readonly approval: NonNullable<PlanReview['approval']> };

/**
 * Carries out the user's approval of a plan: the first plan launches the team, a later one changes it. The approval
 * is stored before anything is done, so that a new leader can complete it. Throws TacoError approval-unproven, plan-invalid (the review
 * then lists the problems), cli-missing, cli-not-logged-in, launch-failed.
 * @param id of the request
 */
export async function approvePlan(
  value: unknown,
  id: string,
  { agents, tmux }: RunningSession,
  { team, launcher, settings, log, epoch, currentEpoch }: ApprovalOptions,
): Promise<void> {
  const { store } = team;
  const leads = (): boolean => isCurrentTerm({ epoch, currentEpoch });
  const teamLauncher = new TeamLauncher(team, launcher, tmux, agents, settings, log);
  const changer = new TeamUpdater(team, launcher, agents, settings, log);

  const begin = async (review: PlanReview | null): Promise<PendingApproval> => {
    const running = specsOf(agents.all);
    const { plan, problems, proposal } = validatePlan(value, {
      maxAgents: settings.maxAgents,
      hosts: await hostsOf(team, running, log),
      modesOf: modesOf(settings),
    });
    const wanted = plan ?? (running.length > 0 && !problems.some(isNameProblem) ? proposal : null);
    const attempt = review?.attempt ?? 1;
    if (!wanted) {
      await store.setPlan({
        status: 'invalid',
        plan: null,
        problems: [...problems],
        repaired: false,
        proposal,
        draft: value,
        attempt,
        at: Date.now(),
      });
      throw errors.planInvalid(problems);
    }
    const placed =
      running.length === 0 ? wanted : assignTeamWindows(wanted, running, retiredWindows((await store.session())?.left));
    const change = running.length === 0 ? undefined : diffPlan(running, placed);
    await (change ? changer.check(change) : teamLauncher.check(placed));
    const begun: PendingApproval = {
      status: 'proposed',
      plan: placed,
      problems: [],
      repaired: review?.repaired ?? false,
      proposal: null,
      attempt,
      // The time of the review: an approval that is retried still names it.
      at: review?.at ?? Date.now(),
      ...(review?.change ? { change: review.change } : {}),
      approval: { id, made: false, ...(change ? { change } : {}) },
    };
    await team.approvals.keepPlan(placed);
    await store.setPlan(begun);
    return begun;
  };

  const review = await store.plan();
  const known = isBegun(review) && review.approval.id === id ? review : null;
  if (known?.approval.made) return;
  // The request and the review come from Redis, where more than the user can write.
  if (!(await team.approvals.hasPlan(known ? known.plan : value))) throw errors.approvalUnproven();
  const { approval, change: shown, ...begun } = known ?? (await begin(review));
  const approved = new ApprovalRun(id, team, agents, tmux, leads);
  try {
    if (approval.change) await changer.make(approval.change, begun.plan, approved);
    else await teamLauncher.launch(begun.plan, approved);
    approved.assertLeading();
  } catch (error) {
    // The plan can be approved again, unless another leader carries it out now.
    if (leads()) await store.setPlan({ ...begun, ...(shown ? { change: shown } : {}) });
    throw error;
  }
  await store.setPlan({ ...begun, status: 'approved', at: Date.now(), approval: { id, made: true } });
}

/** Returns true for a stored approval, completed or not. */
export function isBegun(review: PlanReview | null): review is PendingApproval {
  return review !== null && review.plan !== null && review.approval !== undefined;
}

/** Returns the permission modes of each agent CLI. */
export function modesOf({ profile, profiles = [] }: EngineSettings): NonNullable<PlanOptions['modesOf']> {
  const find = profilesWith(profiles);
  return (name) => find(name ?? profile)?.permissionModes ?? COMMON_PERMISSION_MODES;
}

/** Returns the names of the connected hosts, and of those where the team has agents already. */
export async function hostsOf(
  { redis, keys }: Pick<Team, 'redis' | 'keys'>,
  running: readonly AgentSpec[],
  log: Logger,
): Promise<readonly string[]> {
  const hosts = await new HostStore(redis, keys, systemClock, log).list();
  return [
    ...new Set([
      ...hosts.filter(({ awaySince }) => awaySince === null).map(({ name }) => name),
      ...running.flatMap(({ host }) => host ?? []),
    ]),
  ];
}

import type { AgentRecord } from '../../core/agents/agentRecord';
import { MOTHER_WINDOW } from '../../core/base/limits';
import type { Logger } from '../../core/base/logger';
import { errors } from '../../core/errors/errors';
import { errorMessage, isTacoError } from '../../core/errors/tacoError';
import type { AgentSpec, Plan } from '../../core/models';
import { isEmptyChange } from '../../core/plan/planDiff';
import type { PlanChange } from '../../core/plan/planReview';
import { changedTask, openingTask, teamHasChanged, teamWasChanged } from '../../core/plan/prompts';
import { sortByDependencies } from '../../core/plan/sortByDependencies';
import type { EngineSettings } from '../../team/engineSettings';
import type { Team } from '../../team/team';
import type { AgentManager } from '../agents/agentManager';
import type { AgentLauncher } from '../launch/agentLauncher';
import { launchRequestFor, type ApprovalRun } from './teamLauncher';

/** Parses `left` of the session's state into window numbers. */
export function retiredWindows(left: string | undefined): readonly number[] {
  return (left ?? '').split(',').filter(Boolean).map(Number).filter(Number.isInteger);
}

/**
 * Removes an agent from the team, with everything it had.
 * @param remove removes its record, and its window if that is reachable
 * @param notified whether the activity reports it
 */
export async function removeFromTeam(
  { store, ports }: Team,
  { window, name }: Pick<AgentSpec, 'window' | 'name'>,
  remove: () => Promise<void>,
  notified = true,
): Promise<void> {
  const left = retiredWindows((await store.session())?.left);
  // The number is retired first: no later plan may reuse it while messages for this agent are in flight.
  await store.setSession({ left: [...new Set([...left, window])].join(',') });
  const label = `AGENT-${window}`;
  for (const service of await store.services()) if (service.owner === label) await store.removeService(service.name);
  await remove();
  await store.revokeSender(label);
  await ports.freeAll(label);
  if (notified) await store.note(`${name} left the team`);
}

/**
 * Carries out an approved change of a running team. Removed agents stop, changed ones are notified or relaunched, and
 * new ones are launched in the order of the plan. A new leader can repeat each step of a half-made change, and each
 * step takes effect once. An agent that cannot be launched does not block the others.
 */
export class TeamUpdater {
  constructor(
    private readonly team: Team,
    private readonly launcher: AgentLauncher,
    private readonly agents: AgentManager,
    private readonly settings: EngineSettings,
    private readonly log: Logger,
  ) {}

  /** Throws TacoError cli-missing, cli-not-logged-in. */
  async check({ added, changed }: PlanChange): Promise<void> {
    const fresh = [...added, ...changed.filter(({ effect }) => effect === 'anew').map(({ after }) => after)];
    await this.launcher.check(
      fresh.filter(({ host }) => host === undefined).map(({ profile }) => profile ?? this.settings.profile),
    );
  }

  /** @param plan with the windows of the team, as `assignTeamWindows` returns it */
  async make(change: PlanChange, plan: Plan, approved: ApprovalRun): Promise<void> {
    const { store } = this.team;
    await store.setSession({ phase: 'launching', detail: 'Changing the team' });
    await this.remove(change.removed);
    const failed = [...(await this.change(change, plan, approved)), ...(await this.add(change.added, plan, approved))];
    await this.notifyTeam(change, plan, failed, approved);
    const agents = plan.agents.length - failed.filter((name) => change.added.some((spec) => spec.name === name)).length;
    await store.setSession({
      phase: 'running',
      detail: failed.length > 0 ? `Not launched: ${failed.join(', ')}` : '',
      agent_count: agents,
    });
  }

  private async remove(removed: readonly AgentSpec[]): Promise<void> {
    for (const spec of removed) {
      const isThere = this.agents.get(spec.window) !== undefined;
      await removeFromTeam(this.team, spec, () => this.agents.remove(spec.window), isThere);
    }
  }

  /** Returns the names of agents that could not be relaunched. */
  private async change({ changed }: PlanChange, plan: Plan, approved: ApprovalRun): Promise<string[]> {
    const failed: string[] = [];
    for (const { after, fields, effect } of changed) {
      await this.agents.updateSpec(
        after.window,
        after,
        effect === 'anew' || fields.includes('task') || fields.includes('role'),
      );
      if (effect !== 'relaunched' && effect !== 'anew') continue;
      const earlier = effect === 'relaunched' ? (this.agents.get(after.window) ?? null) : null;
      await this.attempt(after, plan, earlier, failed, approved);
    }
    return failed;
  }

  private async add(added: readonly AgentSpec[], plan: Plan, approved: ApprovalRun): Promise<string[]> {
    const failed: string[] = [];
    const names = new Set(added.map(({ name }) => name));
    for (const spec of sortByDependencies(plan.agents)) {
      if (!names.has(spec.name)) continue;
      await this.attempt(spec, plan, null, failed, approved);
      // Its record says failed, and would prevent another attempt at the next submission of the plan.
      if (failed.includes(spec.name)) await this.agents.forget(spec.window);
    }
    return failed;
  }

  private async attempt(
    spec: AgentSpec,
    plan: Plan,
    earlier: AgentRecord | null,
    failed: string[],
    approved: ApprovalRun,
  ): Promise<void> {
    const { name } = spec;
    try {
      await approved.launch(launchRequestFor(spec, plan.agents, this.settings, earlier));
    } catch (error) {
      approved.assertLeading();
      failed.push(name);
      this.log.error('change.launch', { agent: name, error: errorMessage(error) });
      await this.team.store.note(
        errorMessage(isTacoError(error) ? error : errors.launchFailed(name, errorMessage(error))),
      );
    }
  }

  /** Sends new tasks to their agents, the new members to the agents that continue, and the whole change to Mother. */
  private async notifyTeam(
    change: PlanChange,
    plan: Plan,
    failed: readonly string[],
    approved: ApprovalRun,
  ): Promise<void> {
    const isThere = ({ name }: { readonly name: string }): boolean => !failed.includes(name);
    for (const spec of sortByDependencies(change.added.filter(isThere)))
      await approved.send(spec.window, openingTask(spec), 'task');
    for (const { after, fields, effect } of change.changed) {
      if (effect === 'anew') await approved.send(after.window, openingTask(after), 'task');
      else if (fields.includes('task') || fields.includes('role'))
        await approved.send(after.window, changedTask(after), 'task');
    }
    const moved = change.added.length + change.removed.length > 0;
    const stayed = plan.agents.filter(({ name }) => change.kept.includes(name) && this.works(name));
    if (moved) for (const { window } of stayed) await approved.send(window, teamHasChanged(change));
    if (!isEmptyChange(change))
      await approved.send(MOTHER_WINDOW, teamWasChanged({ ...change, added: change.added.filter(isThere) }));
  }

  /**
   * Returns true for an agent that still works. News must not wake an agent that has reported done or does not run.
   */
  private works(name: string): boolean {
    return this.agents.all.some(
      (record) => record.name === name && !record.done && record.status !== 'exited' && record.status !== 'failed',
    );
  }
}

import { errors, isTacoError, errorMessage } from '../../core/base/errors';
import { FIRST_AGENT_WINDOW, MOTHER_WINDOW } from '../../core/base/limits';
import type { AgentRecord, AgentSpec, Plan, PlanChange } from '../../core/models';
import { isEmptyChange } from '../../core/plan/planDiff';
import { changedTask, openingTask, teamHasChanged, teamWasChanged } from '../../core/plan/prompts';
import type { Logger } from '../../core/team/ports';
import type { EngineSettings } from '../../team/engineSettings';
import type { Team } from '../../team/team';
import type { AgentLauncher } from '../agents/agentLauncher';
import type { AgentManager } from '../agents/agentManager';
import { sortByDependencies, launchRequestFor, specOf, type ApprovalRun } from './teamLauncher';

/** The agents of a plan that run, or ran and can be relaunched. */
export function specsOf(records: readonly AgentRecord[]): readonly AgentSpec[] {
  return records.filter(({ window }) => window >= FIRST_AGENT_WINDOW).flatMap((record) => specOf(record) ?? []);
}

/** `left` of the session's state as numbers. */
export function retiredWindows(left: string | undefined): readonly number[] {
  return (left ?? '').split(',').filter(Boolean).map(Number).filter(Number.isInteger);
}

/**
 * Somebody leaves the team, with all that it had.
 * @param remove its record, and its window where that can be reached
 * @param told its leaving is news
 */
export async function removeFromTeam(
  { store, ports }: Team,
  { window, name }: Pick<AgentSpec, 'window' | 'name'>,
  remove: () => Promise<void>,
  told = true,
): Promise<void> {
  const left = retiredWindows((await store.session())?.left);
  // First the number: no later plan may give it to another while messages for this one are on their way.
  await store.setSession({ left: [...new Set([...left, window])].join(',') });
  const label = `AGENT-${window}`;
  for (const service of await store.services()) if (service.owner === label) await store.removeService(service.name);
  await remove();
  await store.revokeSender(label);
  await ports.freeAll(label);
  if (told) await store.note(`${name} left the team`);
}

/**
 * Makes an approved change of a team that runs: who left stops, whoever changed is told or relaunched, who is new is launched in the order of
 * the plan. Each step can be made again, by a leader that finds the change half made, and happens once. One agent that cannot be launched
 * keeps no other from its place.
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

  /** @param plan on the windows of the team, as `assignTeamWindows` gives it */
  async make(change: PlanChange, plan: Plan, approved: ApprovalRun): Promise<void> {
    const { store } = this.team;
    await store.setSession({ phase: 'launching', detail: 'Changing the team' });
    await this.remove(change.removed);
    const failed = [...(await this.change(change, plan, approved)), ...(await this.add(change.added, plan, approved))];
    await this.tell(change, plan, failed, approved);
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

  /** Names of those that could not be relaunched. */
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
      // Its record says failed, and would keep the next submission of the plan from trying again.
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

  /** Tasks to those who have a new one, then who else is in the team to those who work on, then all of it to Mother. */
  private async tell(change: PlanChange, plan: Plan, failed: readonly string[], approved: ApprovalRun): Promise<void> {
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

  /** Who has reported done, or does not run, is not woken by news. */
  private works(name: string): boolean {
    return this.agents.all.some(
      (record) => record.name === name && !record.done && record.status !== 'exited' && record.status !== 'failed',
    );
  }
}

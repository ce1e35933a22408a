import type { AgentRecord } from '../../core/agents/agentRecord';
import { MOTHER_WINDOW } from '../../core/base/limits';
import type { Logger } from '../../core/base/logger';
import { errors } from '../../core/errors/errors';
import { errorMessage } from '../../core/errors/tacoError';
import { recipientOf } from '../../core/messages/address';
import type { AgentSpec, Plan, Substitute } from '../../core/models';
import { agentSystemPrompt, openingTask, teamIsRunning } from '../../core/plan/prompts';
import { sortByDependencies } from '../../core/plan/sortByDependencies';
import { meansOf, substituteOf } from '../../core/plan/substitute';
import type { LaunchRequest } from '../../core/team/hosts';
import type { EngineSettings } from '../../team/engineSettings';
import { deterministicId, type Team } from '../../team/team';
import type { TmuxSession } from '../../tmux/session/tmuxSession';
import type { AgentManager } from '../agents/agentManager';
import type { AgentLauncher } from '../launch/agentLauncher';

/** Returns the launch request of an agent; `specs` is the whole team, which its prompt lists. */
export function launchRequestFor(
  spec: AgentSpec,
  specs: readonly AgentSpec[],
  settings: EngineSettings,
  earlier: AgentRecord | null,
  substitute: Substitute | null = substituteOf(earlier),
): LaunchRequest {
  const { profile, model, account } = meansOf(spec, substitute, settings.profile);
  return {
    window: spec.window,
    name: spec.name,
    role: spec.role,
    spec,
    earlier,
    // An agent that the plan gives no CLI keeps the one it has, whatever the settings say by now.
    profile:
      spec.profile === undefined && !substitute?.profile && !substituteOf(earlier)
        ? (earlier?.profile ?? profile)
        : profile,
    ...(model === undefined ? {} : { model }),
    ...(account === undefined ? {} : { account }),
    substitute: substitute === null ? '' : JSON.stringify(substitute),
    systemPrompt: agentSystemPrompt(settings.check?.length ? { check: [...settings.check], ...spec } : spec, specs),
  };
}

/**
 * One approval. The ids of its launches and messages derive from its own id, so that a second leader creates no
 * duplicates.
 */
export class ApprovalRun {
  constructor(
    private readonly id: string,
    private readonly team: Pick<Team, 'send' | 'store'>,
    private readonly agents: AgentManager,
    private readonly tmux: TmuxSession,
    private readonly leads: () => boolean,
  ) {}

  /** Throws TacoError not-leader once another process carries it out. */
  assertLeading(): void {
    if (!this.leads()) throw errors.notLeader();
  }

  /**
   * Launches into the agent's existing pane, else into a new window. Skips an agent that a former leader launched, as
   * its record and pane show.
   */
  async launch(order: LaunchRequest): Promise<AgentRecord> {
    const { window } = order;
    this.assertLeading();
    const launch = `${this.id}:${window}`;
    const record = this.agents.get(window);
    const there =
      record?.launch === launch
        ? (await this.tmux.windows()).find((each) => each.ours && each.launch === launch)
        : undefined;
    if (!record || !there) return this.agents.launch({ ...order, launch }, record?.pane || null);
    await this.team.store.setAgent(window, { pane: there.pane });
    this.agents.registry.upsert({ ...record, pane: there.pane });
    return record;
  }

  async send(window: number, text: string, type: 'task' | 'tmux_message' = 'tmux_message'): Promise<void> {
    this.assertLeading();
    const id = deterministicId(`${this.id}:${window}:${type}`);
    await this.team.send({ from: { kind: 'taco' }, to: recipientOf(window), text, type, id });
  }
}

/**
 * Launches every agent of an approved plan in its window and queues its opening task. All agents or none; a new
 * leader completes a launch that was begun.
 */
export class TeamLauncher {
  constructor(
    private readonly team: Team,
    private readonly launcher: AgentLauncher,
    private readonly tmux: TmuxSession,
    private readonly agents: AgentManager,
    private readonly settings: EngineSettings,
    private readonly log: Logger,
  ) {}

  /** Throws TacoError cli-missing, cli-not-logged-in. */
  async check(plan: Plan): Promise<void> {
    // The host that launches an agent reports what is missing there.
    await this.launcher.check(
      plan.agents.filter(({ host }) => host === undefined).map(({ profile }) => profile ?? this.settings.profile),
    );
  }

  /** Throws TacoError launch-failed after it has closed the windows made so far. */
  async launch(plan: Plan, approved: ApprovalRun): Promise<void> {
    const { store } = this.team;
    await store.setSession({ phase: 'launching', detail: `Launching ${plan.agents.length} agents` });
    try {
      await this.announce(plan);
      for (const spec of sortByDependencies(plan.agents)) {
        await approved.launch(launchRequestFor(spec, plan.agents, this.settings, null));
      }
    } catch (error) {
      approved.assertLeading();
      this.log.error('team.launch', { error: errorMessage(error) });
      for (const { window } of plan.agents) {
        const record = this.agents.get(window);
        if (record && this.agents.isHere(record) && record.pane !== '') await this.tmux.killPane(record.pane);
        await this.agents.forget(window);
      }
      throw error;
    }
    for (const spec of sortByDependencies(plan.agents)) await approved.send(spec.window, openingTask(spec), 'task');
    await approved.send(MOTHER_WINDOW, teamIsRunning(plan.agents));
    await store.setSession({ phase: 'running', detail: '', agent_count: plan.agents.length });
    await store.note(`${plan.agents.length} agents launched: ${plan.agents.map(({ name }) => name).join(', ')}`);
  }

  /**
   * Lists all agents as starting before the first launch: they start a few at a time, and none may be reported as
   * unknown.
   */
  private async announce({ agents }: Plan): Promise<void> {
    for (const spec of agents) {
      if (spec.host !== undefined || this.agents.get(spec.window) !== undefined) continue;
      const record = this.launcher.announced(launchRequestFor(spec, agents, this.settings, null));
      await this.team.store.setAgent(spec.window, record);
      this.agents.registry.upsert(record);
    }
  }
}

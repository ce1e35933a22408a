import { errors, errorMessage } from '../../core/base/errors';
import { MOTHER_WINDOW } from '../../core/base/limits';
import { agentSpecSchema, type AgentRecord, type AgentSpec, type Plan } from '../../core/models';
import { agentSystemPrompt, openingTask, teamIsRunning } from '../../core/plan/prompts';
import type { LaunchRequest } from '../../core/team/hosts';
import type { Logger } from '../../core/team/ports';
import type { EngineSettings } from '../../team/engineSettings';
import { deterministicId, type Team } from '../../team/team';
import type { TmuxSession } from '../../tmux/session/tmuxSession';
import type { AgentLauncher } from '../agents/agentLauncher';
import type { AgentManager } from '../agents/agentManager';

/** The spec an agent was launched from; null for Mother, or when the record is damaged. */
export function specOf(record: AgentRecord): AgentSpec | null {
  try {
    return agentSpecSchema.safeParse(JSON.parse(record.spec || 'null')).data ?? null;
  } catch {
    return null;
  }
}

/** Names of agents that must report done before this one gets its opening task. */
export function waitsFor(record: AgentRecord, all: readonly AgentRecord[]): readonly string[] {
  const wanted = specOf(record)?.wait_for ?? [];
  return wanted.filter((name) => !all.some((other) => other.name === name && other.done));
}

/** What to launch an agent with; `specs` is the whole team, which it is told about. */
export function launchRequestFor(
  spec: AgentSpec,
  specs: readonly AgentSpec[],
  settings: EngineSettings,
  earlier: AgentRecord | null,
): LaunchRequest {
  return {
    window: spec.window,
    name: spec.name,
    role: spec.role,
    spec,
    earlier,
    profile: earlier?.profile ?? spec.profile ?? settings.profile,
    systemPrompt: agentSystemPrompt(spec, specs),
  };
}

/** Each agent after those it depends on; the plan has no cycles. */
export function sortByDependencies(agents: readonly AgentSpec[]): readonly AgentSpec[] {
  const done = new Set<string>();
  const ordered: AgentSpec[] = [];
  let rest = [...agents];
  while (rest.length > 0) {
    const ready = rest.filter((spec) => spec.depends_on.every((name) => done.has(name)));
    if (ready.length === 0) return [...ordered, ...rest];
    for (const spec of ready) {
      done.add(spec.name);
      ordered.push(spec);
    }
    rest = rest.filter((spec) => !done.has(spec.name));
  }
  return ordered;
}

/** What an approval makes in the team has ids from its own, so that a leader that makes it again makes nothing twice. */
export class ApprovalRun {
  constructor(
    private readonly id: string,
    private readonly team: Pick<Team, 'send' | 'store'>,
    private readonly agents: AgentManager,
    private readonly tmux: TmuxSession,
    private readonly leads: () => boolean,
  ) {}

  /** Throws TacoError not-leader once another makes it. */
  assertLeading(): void {
    if (!this.leads()) throw errors.notLeader();
  }

  /** Into the pane that the agent has, else into a new window; not if a former leader did it: the agent's record and its pane say so. */
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
    this.agents.upsert({ ...record, pane: there.pane });
    return record;
  }

  async send(window: number, text: string, type: 'task' | 'tmux_message' = 'tmux_message'): Promise<void> {
    this.assertLeading();
    const id = deterministicId(`${this.id}:${window}:${type}`);
    await this.team.send({
      from: { kind: 'taco' },
      to: window === MOTHER_WINDOW ? 'mother' : String(window),
      text,
      type,
      id,
    });
  }
}

/** After approval: every agent in its window, and its opening task in the queue. All or nothing; begun by another leader, it goes on. */
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
    // What is missing elsewhere is told by who launches there.
    await this.launcher.check(
      plan.agents.filter(({ host }) => host === undefined).map(({ profile }) => profile ?? this.settings.profile),
    );
  }

  /** Throws TacoError launch-failed; the windows made so far are gone then. */
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

  /** Agents start a few at a time: each is there from now on, as one that starts, so that nobody is told that it does not exist. */
  private async announce({ agents }: Plan): Promise<void> {
    for (const spec of agents) {
      if (spec.host !== undefined || this.agents.get(spec.window) !== undefined) continue;
      const record = this.launcher.announced(launchRequestFor(spec, agents, this.settings, null));
      await this.team.store.setAgent(spec.window, record);
      this.agents.upsert(record);
    }
  }
}

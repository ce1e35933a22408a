import { messageOf } from '../core/errors';
import { agentSpecSchema, type AgentRecord, type AgentSpec, type Plan } from '../core/models';
import type { Logger } from '../core/ports';
import type { TmuxSession } from '../tmux/tmuxServer';
import type { AgentLauncher, LaunchOrder } from './agentLauncher';
import type { AgentManager } from './agentManager';
import { agentSystemPrompt, openingTask, teamIsRunning } from './prompts';
import type { EngineSettings } from './settings';
import type { Team } from './teamClient';

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
export function orderFor(spec: AgentSpec, specs: readonly AgentSpec[], settings: EngineSettings, earlier: AgentRecord | null): LaunchOrder {
  return {
    window: spec.window, name: spec.name, role: spec.role, spec, earlier,
    profile: earlier?.profile ?? spec.profile ?? settings.profile,
    systemPrompt: agentSystemPrompt(spec, specs),
  };
}

/** Each agent after those it depends on; the plan has no cycles. */
export function launchOrder(agents: readonly AgentSpec[]): readonly AgentSpec[] {
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

/** After approval: every agent in its window, and its opening task in the queue. All or nothing. */
export class TeamLauncher {
  constructor(
    private readonly team: Team,
    private readonly launcher: AgentLauncher,
    private readonly tmux: TmuxSession,
    private readonly agents: AgentManager,
    private readonly settings: EngineSettings,
    private readonly log: Logger,
  ) {}

  /** Throws TacoError cli-missing, launch-failed; the windows made so far are gone then. */
  async launch(plan: Plan): Promise<void> {
    const { store } = this.team;
    await this.launcher.check(plan.agents.map(({ profile }) => profile ?? this.settings.profile));
    await store.setSession({ phase: 'launching', detail: `Launching ${plan.agents.length} agents` });
    const launched: AgentRecord[] = [];
    try {
      for (const spec of launchOrder(plan.agents)) {
        launched.push(await this.agents.launch(orderFor(spec, plan.agents, this.settings, null), null));
      }
    } catch (error) {
      this.log.error('team.launch', { error: messageOf(error) });
      for (const { pane } of launched) await this.tmux.killPane(pane);
      for (const { window } of plan.agents) await this.agents.forget(window);
      throw error;
    }
    for (const spec of launchOrder(plan.agents)) {
      await this.team.send({ from: { kind: 'taco' }, to: String(spec.window), text: openingTask(spec), type: 'task' });
    }
    await this.team.send({ from: { kind: 'taco' }, to: 'mother', text: teamIsRunning(plan.agents) });
    await store.setSession({ phase: 'running', detail: '', agent_count: plan.agents.length });
    await store.note(`${plan.agents.length} agents launched: ${plan.agents.map(({ name }) => name).join(', ')}`);
  }
}

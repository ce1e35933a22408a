import type { AgentRecord } from '../../core/agents/agentRecord';
import { MOTHER_WINDOW } from '../../core/base/limits';
import type { Logger } from '../../core/base/logger';
import { errors } from '../../core/errors/errors';
import { errorMessage, isTacoError, type TacoError } from '../../core/errors/tacoError';
import { labelOfWindow } from '../../core/messages/address';
import { FINAL_STATES } from '../../core/messages/messageState';
import { specOf } from '../../core/plan/agentSpecs';
import { motherWasRelaunched, teamWasResumed } from '../../core/plan/prompts';
import { sortByDependencies } from '../../core/plan/sortByDependencies';
import type { StateStore } from '../../core/team/ports';
import type { SessionPhase } from '../../core/team/session';
import { systemClock } from '../../environment/systemClock';
import type { EngineSettings } from '../../team/engineSettings';
import type { Team } from '../../team/team';
import { newIdentity } from '../../tmux/client/identity';
import type { TmuxSession } from '../../tmux/session/tmuxSession';
import type { AgentManager } from '../agents/agentManager';
import { STOPPED } from '../agents/agentRegistry';
import type { RunningSession } from '../agents/runningSession';
import type { Planning } from '../planning/planning';
import { launchRequestFor } from '../planning/teamLauncher';
import type { SessionEnd } from './sessionEnd';
import type { SessionStarter } from './sessionStarter';

export interface SessionRecoveryOptions {
  readonly team: Team;
  readonly starter: SessionStarter;
  readonly end: SessionEnd;
  readonly settings: EngineSettings;
  readonly log: Logger;
}

/**
 * Relaunches agents in their windows with their conversations, roles and queues: one agent, or the whole team after
 * tmux ended.
 */
export class SessionRecovery {
  constructor(private readonly options: SessionRecoveryOptions) {}

  /**
   * Relaunches one agent, in its pane if that still exists. Throws TacoError unknown-agent, launch-failed,
   * cli-missing.
   */
  async relaunch({ agents, tmux }: RunningSession, window: number): Promise<void> {
    const record = agents.get(window);
    if (!record)
      throw errors.unknownAgent(
        labelOfWindow(window),
        agents.all.map(({ name }) => name),
      );
    const { starter, team } = this.options;
    if (window === MOTHER_WINDOW) await starter.launchMother(agents, tmux, record);
    else await this.launch(agents, record);
    await team.store.note(`${record.name} was relaunched`);
    const others = agents.all.filter((each) => each.window !== MOTHER_WINDOW);
    if (window === MOTHER_WINDOW && others.length > 0)
      await team.send({ from: { kind: 'taco' }, to: 'mother', text: motherWasRelaunched(others) });
  }

  /**
   * Clears the panes in the records after the tmux session ended: on a new tmux server the same ids may belong to
   * others. Call it before any of the panes is captured.
   */
  async forgetPanes(detail: string): Promise<void> {
    const { store } = this.options.team;
    await forgetPanes(store, '', systemClock.now());
    await store.setSession({ phase: 'lost', detail });
  }

  /** Records that the session cannot be led although it may still run; the agents' records stay. */
  async lose({ message, hint }: TacoError): Promise<void> {
    const { store } = this.options.team;
    if ((await store.session())?.phase === 'lost') return;
    await store.setSession({ phase: 'lost', detail: `${message} ${hint}` });
    await store.note(message);
  }

  /**
   * Returns the session of agents that were never seen to end, once it is reachable again. Otherwise returns null,
   * and clears their panes once they have ended.
   */
  async reachAgain(): Promise<TmuxSession | null> {
    const { team, starter } = this.options;
    const session = await team.store.session();
    const hasPanes = (await team.store.agents()).some(({ pane, host = '' }) => host === '' && pane !== '');
    if (session?.phase !== 'lost' || !session.identity || !hasPanes) return null;
    const tmux = await starter.attach(session.identity).catch((error: unknown) => {
      if (!isTacoError(error, 'session-unreachable')) throw error;
      return null;
    });
    if (!tmux) return null;
    await team.store.setSession({ phase: await this.phaseBefore(), detail: '' });
    await team.store.note('The tmux session was reached again');
    return tmux;
  }

  /**
   * Makes a new tmux session with the old name, so that queued messages still find their windows. Throws TacoError
   * no-session, tmux-failed, cli-missing …
   */
  async makeSession(): Promise<TmuxSession> {
    const { team, starter, end } = this.options;
    const session = await team.store.session();
    if (session?.phase !== 'lost') throw errors.noSession(team.projectDir);
    // Ends a session that a leader began to make and did not record: no record names its panes.
    await end.clearRemains(session.identity ?? '');
    await forgetPanes(team.store, '', systemClock.now());
    const identity = newIdentity();
    await team.store.setSession({ identity });
    const tmux = await starter.start(identity, session.tmux_session);
    // From here on another leader finds a session that it can continue.
    await team.store.setSession({ phase: 'launching', detail: 'The team is being resumed' });
    return tmux;
  }

  /**
   * Launches every missing agent after those it depends on; a repeated call continues where the last one ended. An
   * agent that cannot be launched is reported and does not block the others. Throws TacoError session-exists when no
   * agent is missing.
   */
  async resume({ agents, tmux }: RunningSession, planning: Planning): Promise<void> {
    const { team, starter } = this.options;
    const missing = agents.all.filter(
      ({ status, activity }) => (status === 'exited' || status === 'failed') && activity !== STOPPED,
    );
    const session = await team.store.session();
    if (missing.length === 0 && session?.phase !== 'launching') throw errors.sessionExists(session?.tmux_session ?? '');
    const mother = agents.get(MOTHER_WINDOW) ?? null;
    const back: string[] = [];
    if (mother === null || missing.includes(mother))
      await this.attempt('mother', back, () => starter.launchMother(agents, tmux, mother));
    for (const { name } of sortByDependencies(missing.map(specOf).filter((spec) => spec !== null))) {
      const record = missing.find((each) => each.name === name);
      if (record) await this.attempt(name, back, () => this.launch(agents, record));
    }
    const phase = await this.phaseBefore();
    await team.store.setSession({ phase, detail: '' });
    await team.store.note(`The session was resumed: ${back.join(', ')}`);
    const agentsBack = back.filter((name) => name !== 'mother');
    if (agentsBack.length > 0)
      await team.send({ from: { kind: 'taco' }, to: 'mother', text: teamWasResumed(agentsBack) });
    else if (phase === 'planning' && !(await this.isAsked())) await planning.ask(session?.goal ?? '');
  }

  private async attempt(name: string, back: string[], launch: () => Promise<unknown>): Promise<void> {
    try {
      await launch();
      back.push(name);
    } catch (error) {
      this.options.log.warn('resume.agent', { agent: name, error: errorMessage(error) });
      await this.options.team.store.note(`${name} could not be brought back: ${errorMessage(error)}`);
    }
  }

  private async launch(agents: AgentManager, record: AgentRecord): Promise<void> {
    const specs = agents.all.map(specOf).filter((spec) => spec !== null);
    const spec = specOf(record);
    if (!spec) throw errors.launchFailed(record.name, 'its record holds no plan');
    await agents.launch(launchRequestFor(spec, specs, this.options.settings, record), record.pane || null);
  }

  /** Returns the phase before the session was lost, derived from its remaining state. */
  private async phaseBefore(): Promise<SessionPhase> {
    const { store } = this.options.team;
    if ((await store.agents()).some(({ window }) => window !== MOTHER_WINDOW)) return 'running';
    return (await store.plan())?.status === 'proposed' ? 'review' : 'planning';
  }

  /** Returns true while the task that asks for a plan is still in the queue. */
  private async isAsked(): Promise<boolean> {
    const { messages } = await this.options.team.snapshot();
    return messages.some(
      ({ type, target, state }) =>
        type === 'task' && target.endsWith(`:${MOTHER_WINDOW}`) && !FINAL_STATES.includes(state),
    );
  }
}

/** Clears the panes in the agents' records after the tmux session of a host (empty: the leader's) ended. */
export async function forgetPanes(
  store: Pick<StateStore, 'agents' | 'setAgent'>,
  of: string,
  now: number,
): Promise<void> {
  for (const { window, status, host = '' } of await store.agents()) {
    if (host !== of) continue;
    const ended = status === 'exited' || status === 'failed';
    await store.setAgent(window, {
      pane: '',
      ...(ended ? {} : { status: 'exited', exitCode: '', activity: 'its tmux session ended', changedAt: now }),
    });
  }
}

import { errors, isTacoError, errorMessage, type TacoError } from '../../core/base/errors';
import { MOTHER_WINDOW } from '../../core/base/limits';
import { labelOfWindow } from '../../core/messages/address';
import { FINAL_STATES, type AgentRecord, type SessionPhase } from '../../core/models';
import { motherWasRelaunched, teamWasResumed } from '../../core/plan/prompts';
import type { Logger, StateStore } from '../../core/team/ports';
import { systemClock } from '../../environment/systemClock';
import type { EngineSettings } from '../../team/engineSettings';
import type { Team } from '../../team/team';
import { newIdentity } from '../../tmux/session/identity';
import type { TmuxSession } from '../../tmux/session/tmuxSession';
import type { AgentManager } from '../agents/agentManager';
import { STOPPED } from '../agents/agentRegistry';
import type { Planning } from '../planning/planning';
import { sortByDependencies, launchRequestFor, specOf } from '../planning/teamLauncher';
import type { SessionEnd } from './sessionEnd';
import type { SessionStarter } from './sessionStarter';

/** A session that is led, as far as a relaunch needs it. */
export interface RunningSession {
  readonly agents: AgentManager;
  readonly tmux: TmuxSession;
}

export interface SessionRecoveryOptions {
  readonly team: Team;
  readonly starter: SessionStarter;
  readonly end: SessionEnd;
  readonly settings: EngineSettings;
  readonly planning: Planning;
  readonly log: Logger;
}

/** Agents in their windows again: one, or after the end of tmux the whole team, with their conversations, roles and queues. */
export class SessionRecovery {
  constructor(private readonly options: SessionRecoveryOptions) {}

  /** One agent, in its pane if that is still there. Throws TacoError unknown-agent, launch-failed, cli-missing. */
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
   * The tmux session is gone: the panes that the records name are nobody's, or, on a new tmux server, somebody else's. To be
   * called before any of them is looked at.
   */
  async forgetPanes(detail: string): Promise<void> {
    const { store } = this.options.team;
    await forgetPanes(store, '', systemClock.now());
    await store.setSession({ phase: 'lost', detail });
  }

  /** The session cannot be led, and it is not known to have ended: its records stay as they are. */
  async lose({ message, hint }: TacoError): Promise<void> {
    const { store } = this.options.team;
    if ((await store.session())?.phase === 'lost') return;
    await store.setSession({ phase: 'lost', detail: `${message} ${hint}` });
    await store.note(message);
  }

  /** The session of agents that were never seen to end, when it can be reached again; else null, and their panes are forgotten once they have ended. */
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

  /** A new tmux session of the old one's name, so that what waits in the queue still finds its windows. Throws TacoError no-session, tmux-failed, cli-missing … */
  async makeSession(): Promise<TmuxSession> {
    const { team, starter, end } = this.options;
    const session = await team.store.session();
    if (session?.phase !== 'lost') throw errors.noSession(team.projectDir);
    // One that a leader began to make, and did not live to write down, ends here: the records name none of its panes.
    await end.clearRemains(session.identity ?? '');
    await forgetPanes(team.store, '', systemClock.now());
    const identity = newIdentity();
    await team.store.setSession({ identity });
    const tmux = await starter.start(identity, session.tmux_session);
    // From here on another leader finds a session to go on with.
    await team.store.setSession({ phase: 'launching', detail: 'The team is being resumed' });
    return tmux;
  }

  /**
   * Launches whoever is not there, each after those it depends on; done twice, it goes on where it ended. One agent that cannot be
   * launched is told, and keeps no other from coming back. Throws TacoError session-exists when nobody is missing.
   */
  async resume({ agents, tmux }: RunningSession): Promise<void> {
    const { team, starter, planning } = this.options;
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

  /** What the session was at before it was lost, by what is left of it. */
  private async phaseBefore(): Promise<SessionPhase> {
    const { store } = this.options.team;
    if ((await store.agents()).some(({ window }) => window !== MOTHER_WINDOW)) return 'running';
    return (await store.plan())?.status === 'proposed' ? 'review' : 'planning';
  }

  /** True while the question for a plan still waits in the queue. */
  private async isAsked(): Promise<boolean> {
    const { messages } = await this.options.team.snapshot();
    return messages.some(
      ({ type, target, state }) =>
        type === 'task' && target.endsWith(`:${MOTHER_WINDOW}`) && !FINAL_STATES.includes(state),
    );
  }
}

/** The tmux session of a host (empty: the leader's) is gone, and with it the panes that the records of its agents name. */
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

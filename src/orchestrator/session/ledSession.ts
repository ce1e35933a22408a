import type { AgentRecord } from '../../core/agents/agentRecord';
import { Emitter, type DisposableLike } from '../../core/base/disposable';
import { errors } from '../../core/errors/errors';
import { errorMessage, isTacoError } from '../../core/errors/tacoError';
import type { ControlRequest } from '../../core/team/controlRequest';
import { systemClock } from '../../environment/systemClock';
import type { TmuxSession } from '../../tmux/session/tmuxSession';
import type { RelaunchPolicy } from '../agents/relaunchPolicy';
import type { AgentLauncher } from '../launch/agentLauncher';
import type { LeaderTerm } from '../leadership/leaderTerm';
import type { AgentMove } from '../limits/teamHolds';
import type { Planning } from '../planning/planning';
import { LiveSession } from './liveSession';
import { FAILURE_SHOWN_MS } from './requestFailure';
import type { SessionEnd } from './sessionEnd';
import type { SessionRecovery } from './sessionRecovery';
import type { SessionStarter } from './sessionStarter';

/** A tmux server that has disconnected its clients still answers for this long, milliseconds. */
const TMUX_ENDS_MS = 200;

/** The session that a leader leads, if there is one: it starts it, finds it again, and ends it. */
export class LedSession implements DisposableLike {
  private readonly exits: Emitter<void>;
  private live: LiveSession | undefined;
  private isDisposed = false;
  /** True after tmux disconnected, until {@link recheck} has found out whether the session still exists. */
  private unsure = false;
  /**
   * True while a start is under way, or after a failed start that could not be undone: what exists of it is no
   * session.
   */
  private isIncomplete = false;
  /** Fires after the tmux connection ended; call {@link recheck} once earlier work is complete. */
  readonly onTmuxExit: Emitter<void>['event'];
  private readonly moves: Emitter<AgentMove>;
  /** Fires when a limited agent moves to a fallback, or back. */
  readonly onMove: Emitter<AgentMove>['event'];

  constructor(
    private readonly term: LeaderTerm,
    private readonly launcher: AgentLauncher,
    private readonly starter: SessionStarter,
    private readonly end: SessionEnd,
    private readonly recovery: SessionRecovery,
    private readonly policy: RelaunchPolicy,
  ) {
    this.exits = new Emitter((error) => term.log.error('session.listener', { error: errorMessage(error) }));
    this.onTmuxExit = this.exits.event;
    this.moves = new Emitter((error) => term.log.error('session.listener', { error: errorMessage(error) }));
    this.onMove = this.moves.event;
  }

  get current(): LiveSession | undefined {
    return this.live;
  }

  get agents(): readonly AgentRecord[] {
    return this.live?.agents.all ?? [];
  }

  /** False while it is unknown what became of the session: new work has to wait. */
  get isKnown(): boolean {
    return !this.unsure;
  }

  /** Returns the led session. Throws TacoError no-session. */
  required(): LiveSession {
    if (!this.live) throw errors.noSession(this.term.team.projectDir);
    return this.live;
  }

  /** Leads the session that Redis names, or reports that its tmux session is gone. */
  async takeOver(): Promise<void> {
    const { store } = this.term.team;
    const session = await store.session();
    if (this.live || !session || session.phase === 'failed') return;
    if (session.phase === 'lost') return this.reachAgain();
    if (!session.identity) return this.recovery.lose(errors.sessionOlder(session.tmux_session));
    // A start was interrupted: its request is still pending and begins again.
    if (session.phase === 'starting') {
      await this.end.stop(undefined, session.identity);
      return store.failSession('The start was cut short', FAILURE_SHOWN_MS);
    }
    const tmux = await this.starter.attach(session.identity).catch((error: unknown) => {
      if (!isTacoError(error, 'session-unreachable')) throw error;
      return error;
    });
    if (tmux instanceof Error) return this.recovery.lose(tmux);
    if (tmux) return this.continueLeading(tmux);
    await this.recovery.forgetPanes(
      `The tmux session ${session.tmux_session} has ended. Its agents and messages are kept.`,
    );
    await store.note('The tmux session has ended: resume it, or stop it');
  }

  /** Starts a session for a goal, or for a plan of the user. On an error nothing is left of it but the reason. */
  async start(id: string, request: Extract<ControlRequest, { kind: 'start' }>, planning: Planning): Promise<void> {
    const { team, memory, settings } = this.term;
    const { goal, plan, ticket = id, autoApprove = settings.autoApprove } = request;
    const present = await team.store.session();
    if (present && present.phase !== 'failed' && present.phase !== 'starting' && !this.isIncomplete) {
      throw present.phase === 'lost'
        ? errors.sessionLost(present.tmux_session, present.detail)
        : errors.sessionExists(present.tmux_session);
    }
    const earlier = present?.identity ?? '';
    // An earlier attempt of this very request, whose Redis failed, may have left a part of the session.
    if (this.isIncomplete || (present?.phase === 'starting' && present.request === ticket))
      await this.endRemains(earlier);
    // State of an earlier, failed session must not count as this one's.
    await memory?.forget();
    await team.store.clear();
    const identity = await this.starter.record(goal, ticket, autoApprove);
    await this.end.assertNothingRuns(earlier);
    const tmux = await this.starter.start(identity);
    this.isIncomplete = true;
    try {
      const live = await this.lead(tmux);
      await this.starter.launchMother(live.agents, tmux, null);
      // A plan from the user needs no planning; Mother gets the team when it is launched.
      await (plan === undefined ? planning.ask(goal) : planning.submit(plan));
      this.isIncomplete = false;
    } catch (error) {
      await this.stop();
      this.isIncomplete = false;
      await this.starter.record(goal, ticket, autoApprove); // the record holds the reason of the failure
      throw error;
    }
  }

  /** Brings the team back after its tmux session ended. Throws TacoError no-session, session-exists. */
  async resume(planning: Planning): Promise<void> {
    if (!this.live) await this.reachAgain();
    else await this.recovery.resume(this.live, planning);
    if (this.live) return;
    await this.continueLeading(await this.recovery.makeSession());
    await this.recovery.resume(this.required(), planning);
  }

  /** Ends every process of the team. Throws TacoError stop-incomplete. */
  async stop(): Promise<void> {
    const { team, memory } = this.term;
    await this.endRemains((await team.store.session())?.identity ?? '');
    await memory?.forget();
    await team.end();
  }

  /**
   * Checks what became of the session. If it cannot be determined, the term ends and a new term of any process
   * continues.
   */
  async recheck(): Promise<void> {
    await systemClock.sleep(TMUX_ENDS_MS);
    await this.takeOver().catch((error: unknown) => {
      this.term.log.warn('tmux.unknown', { error: errorMessage(error) });
      if (!this.live) this.term.onLeadershipLost();
    });
    this.unsure = false;
  }

  dispose(): void {
    this.isDisposed = true;
    this.exits.dispose();
    this.live?.dispose();
  }

  /** Leads a session again whose server was unreachable; its agents never ended. */
  private async reachAgain(): Promise<void> {
    const tmux = await this.recovery.reachAgain();
    if (tmux) await this.continueLeading(tmux);
  }

  private async endRemains(identity: string): Promise<void> {
    const live = this.live;
    this.live = undefined;
    await this.end.stop(live, identity);
  }

  private async lead(tmux: TmuxSession): Promise<LiveSession> {
    const live = new LiveSession({ ...this.term, tmux, launcher: this.launcher, keys: this.term.team.keys, host: '' });
    this.live = live;
    tmux.onExit((reason) => this.onExit(live, reason));
    live.agents.onCrash((record) => this.policy.onCrash(record));
    live.holds.onMove((move) => this.moves.fire(move));
    await live.begin();
    return live;
  }

  /**
   * Ends the term if the session cannot be taken over completely, and the next term tries again. Otherwise the
   * session would exist without delivery of messages.
   */
  private async continueLeading(tmux: TmuxSession): Promise<void> {
    await this.lead(tmux).catch((error: unknown) => {
      this.live?.dispose();
      this.live = undefined;
      this.term.onLeadershipLost();
      throw error;
    });
  }

  /** Handles the end of the tmux connection: the session was closed, tmux ended, or this client was disconnected. */
  private onExit(live: LiveSession, reason: string): void {
    if (this.live !== live || this.isDisposed) return;
    this.term.log.warn('tmux.exit', { reason });
    live.dispose();
    this.live = undefined;
    this.unsure = true;
    this.exits.fire();
  }
}

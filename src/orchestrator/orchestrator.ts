import type { HookData } from '../core/agents/hookData';
import { DisposableStore, type DisposableLike } from '../core/base/disposable';
import { MOTHER_WINDOW } from '../core/base/limits';
import { pollWhile } from '../core/base/pollWhile';
import { SerialQueue } from '../core/base/serialQueue';
import { errorMessage, isTacoError, toTacoError } from '../core/errors/tacoError';
import { specsOf } from '../core/plan/agentSpecs';
import type { ControlRequest } from '../core/team/controlRequest';
import type { MonitorEvent } from '../core/team/monitorEvent';
import { systemClock } from '../environment/systemClock';
import { allProfiles } from '../profiles/registry';
import { isTransient } from '../redis/client/redisCommands';
import { Adoption } from './agents/adoption';
import { RelaunchPolicy } from './agents/relaunchPolicy';
import { AgentLauncher } from './launch/agentLauncher';
import { launcherOptions, programEnvironment } from './launch/launcherOptions';
import { assertLeading, type LeaderTerm } from './leadership/leaderTerm';
import { DurableStreamReader } from './leadership/streamReader';
import type { AgentMove } from './limits/teamHolds';
import { FinishedWork } from './merging/finishedWork';
import { approvePlan, isBegun } from './planning/approval';
import { Planning } from './planning/planning';
import { removeHost } from './planning/removeHost';
import { CommandChecker, CommandChecks } from './services/commandHealthCheck';
import { ServiceHealthMonitor } from './services/serviceHealthMonitor';
import { AgentMoves } from './session/agentMoves';
import { LedSession } from './session/ledSession';
import { refusalNow, reportRequestFailure } from './session/requestFailure';
import { SessionEnd } from './session/sessionEnd';
import { SessionRecovery } from './session/sessionRecovery';
import { SessionStarter } from './session/sessionStarter';
import { TeamNotifier } from './session/teamNotifier';

/** Interval at which requests and hooks are read, milliseconds. An event is a wake-up and can be lost. */
const CATCH_UP_INTERVAL_MS = 1000;
/** The session's state is compared with what is remembered of it this often, milliseconds. */
const REMEMBER_MS = 3000;

/**
 * The leader's work: it acts on requests (start, approve, relaunch, stop …), reads the agents' hooks, and keeps the
 * live session. All its lasting state is in Redis, so that another leader can continue.
 */
export class Orchestrator implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly launcher: AgentLauncher;
  private readonly planning: Planning;
  private readonly recovery: SessionRecovery;
  private readonly adoption: Adoption;
  private readonly policy: RelaunchPolicy;
  private readonly moves: AgentMoves;
  private readonly notices: TeamNotifier;
  private readonly finished: FinishedWork;
  private readonly session: LedSession;
  /** Serial queue: requests, hooks and starts must not overlap. */
  private readonly work: SerialQueue;
  private readonly catchUp: () => void;
  private readonly streams: DurableStreamReader<ControlRequest>;

  constructor(private readonly options: LeaderTerm) {
    const { team, settings, log } = options;
    this.work = this.disposables.add(
      new SerialQueue((error) => {
        if (isTacoError(error, 'not-leader')) options.onLeadershipLost();
        else log.error('orchestrator.failed', { error: errorMessage(error) });
      }),
    );
    this.streams = new DurableStreamReader({
      store: team.store,
      requests: team.store.requests,
      log,
      onHook: ({ window, event, data }) => this.onHook(window, event, data),
      act: (request, id) => this.act(request, id),
      assertLeading: () => assertLeading(options),
      isReady: () => this.session.isKnown,
    });
    this.catchUp = this.work.shared(() => this.streams.next());
    const launching = launcherOptions(options);
    this.launcher = new AgentLauncher(launching);
    this.notices = new TeamNotifier(team, log);
    const starter = new SessionStarter(launching, this.launcher);
    const end = new SessionEnd(launching, starter);
    this.recovery = new SessionRecovery({ team, starter, end, settings, log });
    this.policy = this.disposables.add(
      new RelaunchPolicy({
        mode: settings.relaunch,
        clock: systemClock,
        relaunch: (window) => this.work.add(() => this.relaunchCrashed(window)),
        note: (text) => this.work.add(() => team.store.note(text)),
      }),
    );
    this.session = this.disposables.add(
      new LedSession(options, this.launcher, starter, end, this.recovery, this.policy),
    );
    this.disposables.add(this.session.onTmuxExit(() => this.recheckSession()));
    this.moves = new AgentMoves(team, settings, programEnvironment(launching));
    this.disposables.add(this.session.onMove((move) => this.work.add(() => this.moveAgent(move))));
    this.planning = this.disposables.add(new Planning(options, this.session, this.work));
    this.adoption = new Adoption(team, allProfiles(settings.profiles ?? []));
    const checks = new CommandChecks(launching.paths.projectDir(team.projectId));
    const checker = new CommandChecker({
      checks,
      projectDir: team.projectDir,
      env: programEnvironment(launching),
      agents: () => this.session.agents,
    });
    this.disposables.add(
      new ServiceHealthMonitor(
        team.store,
        log,
        (service) => this.notices.serviceTurned(service, this.session.current !== undefined),
        (service) => checker.run(service),
      ),
    );
    this.disposables.add({ dispose: () => this.launcher.workspaces.cancel() });
    this.finished = this.disposables.add(
      new FinishedWork({ ...launching, session: () => this.session.current, notices: this.notices, work: this.work }),
    );
  }

  /** Takes over the existing session, then acts on waiting and new requests. */
  async begin(): Promise<void> {
    const { team } = this.options;
    const missed = await this.streams.missed();
    await this.launcher.workspaces.endLeft();
    await this.keepState();
    await this.session.takeOver();
    await this.finished.takeOver();
    // Replays hooks that came without a leader. Only Mother's replies from now on are judged.
    await this.session.current?.replay(missed);
    await this.finishApproval();
    // Subscribes only now: a waiting request must find the session that was taken over.
    this.disposables.add(team.store.onEvent((event) => this.onEvent(event)));
    this.disposables.add(team.onConnection((up) => (up ? this.onRedisBack() : undefined)));
    const catchUp = setInterval(() => this.catchUp(), CATCH_UP_INTERVAL_MS);
    this.disposables.add({ dispose: () => clearInterval(catchUp) });
    const remember = setInterval(() => this.work.add(() => this.keepState()), REMEMBER_MS);
    this.disposables.add({ dispose: () => clearInterval(remember) });
    this.catchUp();
  }

  /** Remembers the session's state, and writes back what Redis has lost of it. */
  private async keepState(): Promise<void> {
    const { memory, team, log } = this.options;
    const written = (await memory?.keep(team.store)) ?? 'nothing';
    if (written === 'nothing') return;
    const text =
      written === 'all'
        ? 'Redis had lost everything about this team (a fail-over to an empty replica, or its keys were removed): agents, services and plan were written back; messages that waited, and the history, are lost'
        : 'Redis had lost records of this team (its memory was full, and its maxmemory-policy evicts): they were written back; messages may be lost, too';
    log.error('redis.lost', { written });
    await team.store.note(text);
    if (written === 'all') await team.store.setSession({ detail: text });
  }

  /** Copies the session's state a last time: the copy of the last poll may lack agents that were launched since. */
  async complete(): Promise<void> {
    await this.keepState().catch((error: unknown) =>
      this.options.log.debug('session.copy', { error: errorMessage(error) }),
    );
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** Completes an approval that the user gave and a former leader began, before any other work. */
  private async finishApproval(): Promise<void> {
    const review = await this.options.team.store.plan();
    if (this.session.current && isBegun(review) && !review.approval.made)
      await this.act({ kind: 'approve', plan: review.plan }, review.approval.id);
    else if (this.session.current && review) await this.planning.proposeAgain(review);
  }

  private onRedisBack(): void {
    this.recheckSession(); // tmux may have ended before this process listened
    this.catchUp();
  }

  private onEvent(event: MonitorEvent): void {
    if (event.kind === 'hook' && this.session.current?.isKnownElsewhere(event.window)) return; // its host reads it
    if (event.kind === 'request' || event.kind === 'hook') this.catchUp();
    // A hook wakes its lane at once; the durable record behind it is read in order below.
    if (event.kind === 'hook') this.session.current?.onReceipt(event.window, event.data);
  }

  private async onHook(window: number, event: string, data: HookData): Promise<void> {
    const before = this.conversationOf(window);
    await this.session.current?.onHook(window, event, data);
    // Without its conversation an agent could not be resumed after a loss of Redis and tmux.
    if (this.conversationOf(window) !== before) this.work.add(() => this.keepState());
    this.finished.onHook(window, event);
    if (window !== MOTHER_WINDOW) return;
    if (event === 'UserPromptSubmit') this.planning.onMotherPrompt(data.commandId);
    if (event === 'Stop' && (await this.mayPlan()))
      await this.planning.onMotherSaid(data.lastMessage ?? '', { isScreen: false });
  }

  /** Names the conversation that a relaunch of the agent would continue. */
  private conversationOf(window: number): string {
    const record = this.session.current?.agents.get(window);
    return record?.begun === true ? record.sessionId : '';
  }

  private async mayPlan(): Promise<boolean> {
    const phase = (await this.options.team.store.session())?.phase;
    return phase === 'planning' || phase === 'review' || phase === 'running';
  }

  /**
   * Carries out one request. The session's detail shows the user why a request failed; a failed request is complete.
   * Throws TacoError while Redis is unreachable, not-leader.
   */
  private async act(request: ControlRequest, id: string): Promise<void> {
    this.options.log.info('request', { kind: request.kind });
    // Its sender may have given up while earlier work was done.
    if (request.kind === 'start' && !(await this.options.team.store.requests.isPosted(id))) return;
    this.launcher.workspaces.allow();
    try {
      const refusal = await refusalNow(request, id, this.options.team, specsOf(this.session.agents).length > 0);
      if (refusal === null) {
        await this.orStop(() => this.carryOut(request, id), id);
        // The team has changed: a Redis that is lost from now on must not bring the former one back.
        return this.work.add(() => this.keepState());
      }
      this.options.log.warn('request.refused', { kind: request.kind, code: refusal.code });
      await this.options.team.store.note(`${request.kind}: ${refusal.message} ${refusal.hint}`);
    } catch (error) {
      assertLeading(this.options);
      if (isTransient(error)) throw error;
      this.options.log.error('request.failed', { kind: request.kind, error: errorMessage(error) });
      await reportRequestFailure(
        this.options.team.store,
        request,
        toTacoError(error),
        this.session.current !== undefined,
      );
    }
  }

  /** Runs work that may prepare workspaces for minutes; a stop request cancels it at once. */
  private orStop<T>(work: () => Promise<T>, id?: string): Promise<T> {
    const { store } = this.options.team;
    const check = async (): Promise<void> => {
      if ((await store.requests.read(id)).some(({ request }) => request.kind === 'stop'))
        this.launcher.workspaces.cancel();
    };
    return pollWhile(work, check, CATCH_UP_INTERVAL_MS, (error) =>
      this.options.log.debug('stop.check', { error: errorMessage(error) }),
    );
  }

  private async carryOut(request: ControlRequest, id: string): Promise<void> {
    const { team } = this.options;
    switch (request.kind) {
      case 'start':
        return this.session.start(id, request, this.planning);
      case 'approve':
        return approvePlan(request.plan, id, this.session.required(), { ...this.options, launcher: this.launcher });
      case 'reject':
        return this.planning.reject(request.note);
      case 'submit-plan':
        return this.planning.submit(request.text);
      case 'relaunch':
        return this.recovery.relaunch(this.session.required(), request.window);
      case 'resume':
        await this.session.resume(this.planning);
        return this.finishApproval();
      case 'budget':
        return this.session.required().holds.meter.setBudget(request.usd);
      case 'pause-team':
        return this.session.required().holds.pause.pause();
      case 'resume-team':
        return this.session.required().holds.resumeTeam();
      case 'adopt':
        return void (await this.adoption.adopt(this.session.required(), request));
      case 'forget-host':
        await removeHost(request.host, {
          team,
          log: this.options.log,
          onLeft: ({ window }) => this.session.current?.agents.registry.discard(window),
        });
        return this.session.current?.wake();
      case 'stop-agent':
        return this.session.required().agents.stop(request.window);
      case 'report-done':
      case 'run-check':
      case 'cancel-check':
      case 'accept-work':
      case 'merge':
        return this.finished.act(request, id);
      case 'stop':
        await this.finished.cancel();
        return this.session.stop();
    }
  }

  private async relaunchCrashed(window: number): Promise<void> {
    const live = this.session.current;
    if (live?.agents.get(window)?.status !== 'exited') return;
    this.launcher.workspaces.allow();
    await this.orStop(() => this.recovery.relaunch(live, window)).catch((error: unknown) => {
      if (!isTransient(error) && !isTacoError(error, 'memory-low')) throw error;
      this.policy.again(window);
    });
  }

  /** An agent whose move fails before its relaunch waits for the end of its limit. */
  private async moveAgent(move: AgentMove): Promise<void> {
    const live = this.session.current;
    if (!live) return;
    this.launcher.workspaces.allow();
    await this.orStop(() => this.moves.move(live, move)).catch(async (error: unknown) => {
      if (isTransient(error) || isTacoError(error, 'not-leader')) throw error;
      this.options.log.warn('limits.move', { window: move.window, error: errorMessage(error) });
      await this.options.team.store.note(`An agent could not move to its fallback: ${errorMessage(error)}`);
    });
  }

  /** Checks what became of the session once earlier work is complete. */
  private recheckSession(): void {
    this.work.add(async () => {
      await this.session.recheck();
      this.catchUp();
    });
  }
}

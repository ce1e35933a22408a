import type { HookData } from '../core/agents/hookData';
import { DisposableStore, type DisposableLike } from '../core/base/disposable';
import { MOTHER_WINDOW } from '../core/base/limits';
import { pollWhile } from '../core/base/pollWhile';
import { SerialQueue } from '../core/base/serialQueue';
import { errors } from '../core/errors/errors';
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
import { approvePlan, isBegun } from './planning/approval';
import { createPlanning } from './planning/motherSide';
import type { Planning } from './planning/planning';
import { removeHost } from './planning/removeHost';
import { CommandChecker, CommandChecks } from './services/commandHealthCheck';
import { ServiceHealthMonitor } from './services/serviceHealthMonitor';
import { LiveSession } from './session/liveSession';
import { FAILURE_SHOWN_MS, refusalNow, reportRequestFailure } from './session/requestFailure';
import { SessionEnd } from './session/sessionEnd';
import { SessionRecovery } from './session/sessionRecovery';
import { SessionStarter } from './session/sessionStarter';
import { TeamNotifier } from './session/teamNotifier';

/** A tmux server that has disconnected its clients still answers for this long, milliseconds. */
const TMUX_ENDS_MS = 200;
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
  private readonly starter: SessionStarter;
  private readonly end: SessionEnd;
  private readonly planning: Planning;
  private readonly recovery: SessionRecovery;
  private readonly adoption: Adoption;
  private readonly policy: RelaunchPolicy;
  private readonly notices: TeamNotifier;
  private live: LiveSession | undefined;
  /** Serial queue: requests, hooks and starts must not overlap. */
  private readonly work: SerialQueue;
  private readonly catchUp: () => void;
  private readonly streams: DurableStreamReader<ControlRequest>;
  /** True after tmux disconnected, until the leader has checked whether the session still exists. */
  private unsure = false;
  /**
   * True while a start is under way, or after a failed start that could not be undone: what exists of it is no
   * session.
   */
  private isIncomplete = false;

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
      isReady: () => !this.unsure,
    });
    this.catchUp = this.work.shared(() => this.streams.next());
    const launching = launcherOptions(options);
    this.launcher = new AgentLauncher(launching);
    this.notices = new TeamNotifier(team, log);
    this.starter = new SessionStarter(launching, this.launcher);
    this.end = new SessionEnd(launching, this.starter);
    this.planning = createPlanning(
      options,
      () => this.live?.agents,
      (text) => this.work.add(() => this.planning.onMotherSaid(text, { isScreen: true })),
      this.disposables,
    );
    this.recovery = new SessionRecovery({
      team,
      starter: this.starter,
      end: this.end,
      settings,
      planning: this.planning,
      log,
    });
    this.adoption = new Adoption(team, allProfiles(settings.profiles ?? []));
    this.policy = this.disposables.add(
      new RelaunchPolicy({
        mode: settings.relaunch,
        clock: systemClock,
        relaunch: (window) => this.work.add(() => this.relaunchCrashed(window)),
        note: (text) => this.work.add(() => team.store.note(text)),
      }),
    );
    const checks = new CommandChecks(launching.paths.projectDir(team.projectId));
    const checker = new CommandChecker({
      checks,
      projectDir: team.projectDir,
      env: programEnvironment(launching),
      agents: () => this.live?.agents.all ?? [],
    });
    this.disposables.add(
      new ServiceHealthMonitor(
        team.store,
        log,
        (service) => this.notices.serviceTurned(service, this.live !== undefined),
        (service) => checker.run(service),
      ),
    );
    this.disposables.add({ dispose: () => this.live?.dispose() });
    this.disposables.add({ dispose: () => this.launcher.workspaces.cancel() });
  }

  /** Takes over the existing session, then acts on waiting and new requests. */
  async begin(): Promise<void> {
    const { team } = this.options;
    const missed = await this.streams.missed();
    await this.launcher.workspaces.endLeft();
    await this.keepState();
    await this.takeOver();
    // Replays hooks that came without a leader. Only Mother's replies from now on are judged.
    await this.live?.replay(missed);
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

  dispose(): void {
    this.disposables.dispose();
  }

  /** Completes an approval that the user gave and a former leader began, before any other work. */
  private async finishApproval(): Promise<void> {
    const review = await this.options.team.store.plan();
    if (this.live && isBegun(review) && !review.approval.made)
      await this.act({ kind: 'approve', plan: review.plan }, review.approval.id);
    else if (this.live && review) await this.planning.proposeAgain(review);
  }

  /** Leads the session that Redis names, or reports that its tmux session is gone. */
  private async takeOver(): Promise<void> {
    const { store } = this.options.team;
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

  /** Leads a session again whose server was unreachable; its agents never ended. */
  private async reachAgain(): Promise<void> {
    const tmux = await this.recovery.reachAgain();
    if (tmux) await this.continueLeading(tmux);
  }

  private onRedisBack(): void {
    this.recheckSession(); // tmux may have ended before this process listened
    this.catchUp();
  }

  private onEvent(event: MonitorEvent): void {
    if (event.kind === 'hook' && this.live?.isKnownElsewhere(event.window)) return; // its host reads it
    if (event.kind === 'request' || event.kind === 'hook') this.catchUp();
    // A hook wakes its lane at once; the durable record behind it is read in order below.
    if (event.kind === 'hook') this.live?.onReceipt(event.window, event.data);
  }

  private async onHook(window: number, event: string, data: HookData): Promise<void> {
    await this.live?.onHook(window, event, data);
    if (window !== MOTHER_WINDOW) return;
    if (event === 'UserPromptSubmit') this.planning.onMotherPrompt(data.commandId);
    if (event === 'Stop' && (await this.mayPlan()))
      await this.planning.onMotherSaid(data.lastMessage ?? '', { isScreen: false });
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
    this.launcher.workspaces.allow();
    try {
      const refusal = await refusalNow(request, id, this.options.team, specsOf(this.live?.agents.all ?? []).length > 0);
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
      await reportRequestFailure(this.options.team.store, request, toTacoError(error), this.live !== undefined);
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
        return this.start(id, request);
      case 'approve':
        return approvePlan(request.plan, id, this.session(), { ...this.options, launcher: this.launcher });
      case 'reject':
        return this.planning.reject(request.note);
      case 'submit-plan':
        return this.planning.submit(request.text);
      case 'relaunch':
        return this.recovery.relaunch(this.session(), request.window);
      case 'resume':
        if (!this.live) await this.reachAgain();
        else await this.recovery.resume(this.live);
        if (!this.live) {
          await this.continueLeading(await this.recovery.makeSession());
          await this.recovery.resume(this.session());
        }
        return this.finishApproval();
      case 'budget':
        return this.session().meter.setBudget(request.usd);
      case 'pause-team':
        return this.session().pause.pause();
      case 'resume-team':
        return this.session().resumeTeam();
      case 'adopt':
        return void (await this.adoption.adopt(this.session(), request));
      case 'forget-host':
        await removeHost(request.host, {
          team,
          log: this.options.log,
          onLeft: ({ window }) => this.live?.agents.registry.discard(window),
        });
        return this.live?.wake();
      case 'stop-agent':
        return this.session().agents.stop(request.window);
      case 'report-done':
        return this.reportDone(request.window, request.text, id);
      case 'stop':
        return this.stop();
    }
  }

  /** Ends every process of the team. Throws TacoError stop-incomplete. */
  private async stop(): Promise<void> {
    const { team } = this.options;
    await this.endRemains((await team.store.session())?.identity ?? '');
    await this.options.memory?.forget();
    await team.end();
  }

  private async endRemains(identity: string): Promise<void> {
    const live = this.live;
    this.live = undefined;
    await this.end.stop(live, identity);
  }

  private async start(
    id: string,
    {
      goal,
      plan,
      ticket = id,
      autoApprove = this.options.settings.autoApprove,
    }: Extract<ControlRequest, { kind: 'start' }>,
  ): Promise<void> {
    const { team } = this.options;
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
    await this.options.memory?.forget();
    await team.store.clear();
    const identity = await this.starter.record(goal, ticket, autoApprove);
    await this.end.assertNothingRuns(earlier);
    const tmux = await this.starter.start(identity);
    this.isIncomplete = true;
    try {
      await this.lead(tmux);
      await this.starter.launchMother(this.session().agents, tmux, null);
      // A plan from the user needs no planning; Mother gets the team when it is launched.
      await (plan === undefined ? this.planning.ask(goal) : this.planning.submit(plan));
      this.isIncomplete = false;
    } catch (error) {
      await this.stop();
      this.isIncomplete = false;
      await this.starter.record(goal, ticket, autoApprove); // the record holds the reason of the failure
      throw error;
    }
  }

  private async relaunchCrashed(window: number): Promise<void> {
    if (this.live?.agents.get(window)?.status !== 'exited') return;
    const { live } = this;
    this.launcher.workspaces.allow();
    await this.orStop(() => this.recovery.relaunch(live, window)).catch((error: unknown) => {
      if (!isTransient(error)) throw error;
      this.policy.again(window);
    });
  }

  private async reportDone(window: number, text: string, id: string): Promise<void> {
    const live = this.session();
    await this.notices.done(await live.agents.reportDone(window, text), text, id);
    live.wake(); // agents that waited for it are freed
  }

  private session(): LiveSession {
    if (!this.live) throw errors.noSession(this.options.team.projectDir);
    return this.live;
  }

  private async lead(tmux: LiveSession['tmux']): Promise<void> {
    const live = new LiveSession({
      ...this.options,
      tmux,
      launcher: this.launcher,
      keys: this.options.team.keys,
      host: '',
    });
    this.live = live;
    tmux.onExit((reason) => this.onTmuxExit(live, reason));
    live.agents.onCrash((record) => this.policy.onCrash(record));
    await live.begin();
  }

  /**
   * Ends the term if the session cannot be taken over completely, and the next term tries again. Otherwise the
   * session would exist without delivery of messages.
   */
  private async continueLeading(tmux: LiveSession['tmux']): Promise<void> {
    await this.lead(tmux).catch((error: unknown) => {
      this.live?.dispose();
      this.live = undefined;
      this.options.onLeadershipLost();
      throw error;
    });
  }

  /**
   * Handles the end of the tmux connection: the session was closed, tmux ended, or only this client was disconnected.
   * The check runs once earlier work is complete.
   */
  private onTmuxExit(live: LiveSession, reason: string): void {
    if (this.live !== live || this.disposables.isDisposed) return;
    this.options.log.warn('tmux.exit', { reason });
    live.dispose();
    this.live = undefined;
    this.unsure = true;
    this.recheckSession();
  }

  /**
   * Checks what became of the session. If it cannot be determined, the term ends and a new term of any process
   * continues; new entries wait.
   */
  private recheckSession(): void {
    this.work.add(async () => {
      await systemClock.sleep(TMUX_ENDS_MS);
      await this.takeOver().catch((error: unknown) => {
        this.options.log.warn('tmux.unknown', { error: errorMessage(error) });
        if (!this.live) this.options.onLeadershipLost();
      });
      this.unsure = false;
      this.catchUp();
    });
  }
}

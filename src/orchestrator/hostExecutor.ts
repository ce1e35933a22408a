import { hostname } from 'node:os';
import { DisposableStore, type DisposableLike } from '../core/base/disposable';
import { pollWhile } from '../core/base/pollWhile';
import { SerialQueue } from '../core/base/serialQueue';
import { errors } from '../core/errors/errors';
import { errorMessage, isTacoError } from '../core/errors/tacoError';
import { sessionOn } from '../core/messages/address';
import type { HostRequest, LaunchRequest } from '../core/team/hosts';
import type { MonitorEvent } from '../core/team/monitorEvent';
import type { SessionState } from '../core/team/session';
import { systemClock } from '../environment/systemClock';
import { HostKeys } from '../redis/client/keys';
import { isTransient } from '../redis/client/redisCommands';
import { HostStore } from '../redis/state/hostStore';
import type { Team } from '../team/team';
import { newIdentity } from '../tmux/client/identity';
import type { TmuxSession } from '../tmux/session/tmuxSession';
import { AgentLauncher } from './launch/agentLauncher';
import { launcherOptions } from './launch/launcherOptions';
import { assertLeading, type LeaderRole, type LeaderTerm } from './leadership/leaderTerm';
import { DurableStreamReader } from './leadership/streamReader';
import { LiveSession } from './session/liveSession';
import { SessionEnd } from './session/sessionEnd';
import { forgetPanes } from './session/sessionRecovery';
import { SessionStarter } from './session/sessionStarter';

/**
 * Interval at which requests are read and this host's heartbeat is written, milliseconds. An event is a wake-up and
 * can be lost.
 */
const POLL_INTERVAL_MS = 1000;

/** Returns the role of an engine that joins a project as a host: it competes for that host's lease. */
export function hostPost(team: Team, host: string): LeaderRole {
  const keys = new HostKeys(team.projectId, host);
  return { keys, joins: true, createExecutor: (options) => new HostExecutor(options, keys) };
}

/** Identifies the project's running session as far as a host depends on it; empty: none runs. */
export function sessionKey(session: SessionState | null): string {
  if (!session || session.tmux_session === '' || session.phase === 'starting' || session.phase === 'failed') return '';
  return `${session.tmux_session} ${session.started_at}`;
}

/**
 * Runs the agents of one host in its own tmux session and delivers their messages from that host's own queue. It
 * plans and decides nothing. It launches, stops and changes agents on the leader's request. Its tmux session exists
 * as long as the project's session.
 */
class HostExecutor implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly work: SerialQueue;
  private readonly catchUpSoon: () => void;
  private readonly launcher: AgentLauncher;
  private readonly starter: SessionStarter;
  private readonly ending: SessionEnd;
  private readonly hosts: HostStore;
  private live: LiveSession | undefined;
  /** Session key of the live session. */
  private term = '';
  private readonly streams: DurableStreamReader<HostRequest>;

  constructor(
    private readonly options: LeaderTerm,
    private readonly keys: HostKeys,
  ) {
    const { team, log } = options;
    this.work = this.disposables.add(
      new SerialQueue((error) => {
        if (isTacoError(error, 'not-leader')) options.onLeadershipLost();
        else log.error('host.failed', { error: errorMessage(error) });
      }),
    );
    this.catchUpSoon = this.work.shared(() => this.streams.next());
    const launching = launcherOptions(options, keys.host);
    this.launcher = new AgentLauncher(launching);
    this.starter = new SessionStarter(launching, this.launcher);
    this.ending = new SessionEnd(launching, this.starter);
    this.hosts = new HostStore(team.redis, team.keys, systemClock, log);
    this.streams = new DurableStreamReader({
      store: team.store,
      requests: this.hosts.requests(keys.host),
      log,
      onHook: async ({ window, event, data }) => this.live?.onHook(window, event, data),
      act: (request) => this.act(request),
      assertLeading: () => assertLeading(options),
      isReady: () => this.live !== undefined,
    });
    this.disposables.add({ dispose: () => this.live?.dispose() });
    this.disposables.add({ dispose: () => this.launcher.workspaces.cancel() });
  }

  async begin(): Promise<void> {
    const { team } = this.options;
    const missed = await this.streams.missed();
    await this.launcher.workspaces.endLeft();
    await this.refresh();
    await this.live?.replay(missed);
    this.disposables.add(team.store.onEvent((event) => this.onEvent(event)));
    this.disposables.add(team.onConnection((up) => (up ? this.work.add(() => this.refresh()) : undefined)));
    const timer = setInterval(() => this.work.add(() => this.refresh()), POLL_INTERVAL_MS);
    this.disposables.add({ dispose: () => clearInterval(timer) });
    this.catchUpSoon();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private onEvent(event: MonitorEvent): void {
    if (event.kind === 'hook' && this.live?.isKnownElsewhere(event.window)) return;
    if (event.kind === 'hook') this.live?.onReceipt(event.window, event.data);
    if (event.kind === 'hook' || event.kind === 'request') this.catchUpSoon();
    if (event.kind === 'session') {
      this.work.add(() => this.refresh());
      void this.live?.holds.meter.follow();
      void this.live?.holds.followPause();
    }
  }

  /**
   * Keeps a tmux session on this host exactly while the project has a session, and publishes that this host is
   * connected.
   */
  private async refresh(): Promise<void> {
    const session = await this.options.team.store.session();
    assertLeading(this.options);
    const term = sessionKey(session);
    if (this.live && this.term !== term) await this.leave(this.live);
    if (session && term !== '' && !this.live) await this.enter(session.tmux_session, term);
    else if (!this.live) await this.end((await this.hosts.get(this.keys.host))?.identity);
    await this.publish(this.live?.tmux, this.term);
    await this.streams.next();
  }

  /** Continues the tmux session of this project session; ends one that belongs to another. */
  private async enter(projectSession: string, term: string): Promise<void> {
    const { host } = this.keys;
    const name = sessionOn(projectSession, host);
    const earlier = await this.hosts.get(host);
    assertLeading(this.options);
    // The agents run in that session. With this tmux they would count as ended and would be launched a second time.
    if (
      earlier?.of === term &&
      (earlier.machine !== hostname() || earlier.socket !== this.options.settings.tmuxSocket)
    ) {
      this.options.log.warn('host.elsewhere', { host, machine: earlier.machine, socket: earlier.socket });
      throw errors.notLeader();
    }
    if (earlier && earlier.of !== term) await this.end(earlier.identity);
    const found = earlier?.of === term ? await this.starter.attach(earlier.identity ?? '') : null;
    const tmux = found ?? (await this.startSession(name, earlier?.identity));
    await this.publish(tmux, term).catch((error: unknown) => {
      tmux.dispose();
      throw error;
    });
    const live = new LiveSession({ ...this.options, tmux, launcher: this.launcher, keys: this.keys, host });
    this.live = live;
    this.term = term;
    tmux.onExit((reason) => this.onTmuxExit(live, reason));
    await live.begin().catch((error: unknown) => {
      // A half-begun session would deliver no messages: the next poll tries again.
      live.dispose();
      this.forgetLive();
      throw error;
    });
    this.options.log.info('host.entered', { host, session: name });
  }

  /** Makes an empty tmux session after it ended everything that ran here before. */
  private async startSession(name: string, earlier: string | undefined): Promise<TmuxSession> {
    assertLeading(this.options);
    await this.end(earlier);
    await forgetPanes(this.options.team.store, this.keys.host, systemClock.now());
    return await this.starter.make(await this.starter.freeName(name), newIdentity(), 'Host');
  }

  /** Ends what ran here after the project's session ended. */
  private async leave(live: LiveSession): Promise<void> {
    this.forgetLive();
    await this.ending.stop(live, live.tmux.identity);
  }

  /** Ends what a dead executor left behind of an ended session. */
  private async end(identity: string | undefined): Promise<void> {
    if (identity !== undefined || (await this.starter.memory.read())) await this.ending.stop(undefined, identity ?? '');
  }

  private onTmuxExit(live: LiveSession, reason: string): void {
    if (this.live !== live || this.disposables.isDisposed) return;
    this.options.log.warn('tmux.exit', { reason });
    live.dispose();
    this.forgetLive();
    this.work.add(() => this.refresh());
  }

  private forgetLive(): void {
    this.live = undefined;
    this.term = '';
  }

  private async publish(tmux: TmuxSession | undefined, of: string): Promise<void> {
    // An executor that slept, and whose host was removed meanwhile, must not register itself again.
    assertLeading(this.options);
    await this.hosts.set({
      name: this.keys.host,
      machine: hostname(),
      socket: this.options.settings.tmuxSocket,
      session: tmux?.name ?? '',
      of,
      ...(tmux ? { identity: tmux.identity } : {}),
    });
  }

  /**
   * Carries out one request. The agent's record holds the reason of a failure, where the leader finds it. Throws
   * TacoError while Redis is unreachable, not-leader; the request then waits.
   */
  private async act(request: HostRequest): Promise<void> {
    const { log } = this.options;
    log.info('host.request', { kind: request.kind });
    this.launcher.workspaces.allow();
    const { live, term } = this;
    // A launch may prepare a workspace for minutes; the end of the project's session cancels it.
    const check = async (): Promise<void> => {
      if (sessionKey(await this.options.team.store.session()) !== term) this.launcher.workspaces.cancel();
    };
    try {
      if (live)
        await pollWhile(
          () => this.carryOut(live, request),
          check,
          POLL_INTERVAL_MS,
          (error) => log.debug('stop.check', { error: errorMessage(error) }),
        );
    } catch (error) {
      assertLeading(this.options);
      if (isTransient(error)) throw error;
      log.error('host.request.failed', { kind: request.kind, error: errorMessage(error) });
    }
  }

  private async carryOut(live: LiveSession, request: HostRequest): Promise<void> {
    const { agents, tmux } = live;
    switch (request.kind) {
      case 'launch': {
        const record = agents.get(request.order.window);
        const { earlier } = request.order;
        // This host knows the CLI's hook reports first. The leader may not know yet that the conversation has begun,
        // and would begin another.
        const order = {
          ...request.order,
          earlier: earlier && record ? { ...earlier, sessionId: record.sessionId, begun: record.begun } : earlier,
        };
        const isThere =
          record?.launch === order.launch &&
          (await tmux.windows()).some(
            ({ ours, launch, pane }) => ours && launch === order.launch && pane === record?.pane,
          );
        if (!isThere) await this.launch(agents, order, record?.pane || null);
        return;
      }
      case 'stop':
        return agents.stop(request.window);
      case 'patch':
        await agents.change(request.window, request.patch);
        return live.wake(); // agents that waited for it are freed
      case 'remove': {
        if (agents.get(request.window)) return agents.remove(request.window);
        const left = (await tmux.windows()).find(({ ours, window }) => ours && window === request.window);
        if (left) await tmux.killPane(left.pane);
        return agents.forget(request.window);
      }
    }
  }

  /** Launches an agent; its record holds the reason of a failure, whether it existed before or not. */
  private async launch(agents: LiveSession['agents'], order: LaunchRequest, pane: string | null): Promise<void> {
    const { window, name, role, profile, launch = '' } = order;
    const { team } = this.options;
    const record = { name, role, profile, launch, host: this.keys.host, workspace: team.projectDir };
    // The leader waits for a launch that has begun: its workspace may take minutes.
    await team.store.setAgent(window, { ...record, status: 'starting', activity: '' });
    try {
      await agents.launch(order, pane);
    } catch (error) {
      await team.store.setAgent(window, { ...record, status: 'failed', activity: errorMessage(error) });
      throw error;
    }
  }
}

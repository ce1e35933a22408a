import { hostname } from 'node:os';
import { DisposableStore, type DisposableLike } from '../core/base/disposable';
import { errors, isTacoError, errorMessage } from '../core/base/errors';
import { pollWhile } from '../core/base/pollWhile';
import { SerialQueue } from '../core/base/serialQueue';
import { sessionOn } from '../core/messages/address';
import type { SessionState } from '../core/models';
import type { HostRequest, LaunchRequest } from '../core/team/hosts';
import type { MonitorEvent } from '../core/team/ports';
import { systemClock } from '../environment/systemClock';
import { HostKeys } from '../redis/client/keys';
import { isTransient } from '../redis/client/redisCommands';
import { HostStore } from '../redis/state/hostStore';
import type { Team } from '../team/team';
import { newIdentity } from '../tmux/session/identity';
import type { TmuxSession } from '../tmux/session/tmuxSession';
import { AgentLauncher, launcherOptions } from './agents/agentLauncher';
import { assertLeading, type LeaderRole, type LeaderTerm } from './leadership/leaderTerm';
import { DurableStreamReader } from './leadership/streamReader';
import { waitsFor } from './planning/teamLauncher';
import { LiveSession } from './session/liveSession';
import { SessionEnd } from './session/sessionEnd';
import { forgetPanes } from './session/sessionRecovery';
import { SessionStarter } from './session/sessionStarter';

/** An event is a wake-up that can be lost; and so often others are told that this host is there, milliseconds. */
const LOOK_MS = 1000;

/** What an engine does that joins a project as a host: it competes for that host's lease. */
export function hostPost(team: Team, host: string): LeaderRole {
  const keys = new HostKeys(team.projectId, host);
  return { keys, joins: true, createExecutor: (options) => new HostExecutor(options, keys) };
}

/** Which of the project's sessions runs, as far as a host has a part in it; empty: none. */
export function sessionKey(session: SessionState | null): string {
  if (!session || session.tmux_session === '' || session.phase === 'starting' || session.phase === 'failed') return '';
  return `${session.tmux_session} ${session.started_at}`;
}

/**
 * Runs the agents of one host in a tmux session of its own, and carries their messages from that host's own queue. It plans and decides
 * nothing: it launches, stops and changes what the leader asks for, and its tmux session lives as long as the project's session.
 */
export class HostExecutor implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly work: SerialQueue;
  private readonly catchUpSoon: () => void;
  private readonly launcher: AgentLauncher;
  private readonly starter: SessionStarter;
  private readonly ending: SessionEnd;
  private readonly hosts: HostStore;
  private live: LiveSession | undefined;
  /** Of the live session. */
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
    await this.look();
    await this.live?.agents.replay(missed);
    this.disposables.add(team.store.onEvent((event) => this.onEvent(event)));
    this.disposables.add(team.onConnection((up) => (up ? this.work.add(() => this.look()) : undefined)));
    const timer = setInterval(() => this.work.add(() => this.look()), LOOK_MS);
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
      this.work.add(() => this.look());
      void this.live?.meter.follow();
    }
  }

  /** Sees to it that this host has a tmux session exactly while the project has a session, and that others know of this host. */
  private async look(): Promise<void> {
    const session = await this.options.team.store.session();
    assertLeading(this.options);
    const term = sessionKey(session);
    if (this.live && this.term !== term) await this.leave(this.live);
    if (session && term !== '' && !this.live) await this.enter(session.tmux_session, term);
    else if (!this.live) await this.end((await this.hosts.get(this.keys.host))?.identity);
    await this.tell(this.live?.tmux, this.term);
    await this.streams.next();
  }

  /** Goes on with the tmux session that is there for this term; what is there for another is over. */
  private async enter(projectSession: string, term: string): Promise<void> {
    const { host } = this.keys;
    const name = sessionOn(projectSession, host);
    const earlier = await this.hosts.get(host);
    assertLeading(this.options);
    // Its agents run there: on this tmux they would be taken for ended, and made a second time.
    if (
      earlier?.of === term &&
      (earlier.machine !== hostname() || earlier.socket !== this.options.settings.tmuxSocket)
    ) {
      this.options.log.warn('host.elsewhere', { host, machine: earlier.machine, socket: earlier.socket });
      throw errors.notLeader();
    }
    if (earlier && earlier.of !== term) await this.end(earlier.identity);
    const found = earlier?.of === term ? await this.starter.attach(earlier.identity ?? '') : null;
    const tmux = found ?? (await this.anew(name, earlier?.identity));
    await this.tell(tmux, term).catch((error: unknown) => {
      tmux.dispose();
      throw error;
    });
    const live = new LiveSession({ ...this.options, tmux, launcher: this.launcher, keys: this.keys, host, waitsFor });
    this.live = live;
    this.term = term;
    tmux.onExit((reason) => this.onTmuxExit(live, reason));
    await live.begin().catch((error: unknown) => {
      // Half begun nobody would carry its messages: the next look tries again.
      live.dispose();
      this.forgetLive();
      throw error;
    });
    this.options.log.info('host.entered', { host, session: name });
  }

  /** A tmux session in which nobody runs yet; of what ran here before nothing is left. */
  private async anew(name: string, earlier: string | undefined): Promise<TmuxSession> {
    assertLeading(this.options);
    await this.end(earlier);
    await forgetPanes(this.options.team.store, this.keys.host, systemClock.now());
    return await this.starter.make(await this.starter.freeName(name), newIdentity(), 'Host');
  }

  /** The project's session is over: so is what ran here for it. */
  private async leave(live: LiveSession): Promise<void> {
    this.forgetLive();
    await this.ending.stop(live, live.tmux.identity);
  }

  /** What an executor that died left behind of a session that is over. */
  private async end(identity: string | undefined): Promise<void> {
    if (identity !== undefined || (await this.starter.memory.read())) await this.ending.stop(undefined, identity ?? '');
  }

  private onTmuxExit(live: LiveSession, reason: string): void {
    if (this.live !== live || this.disposables.isDisposed) return;
    this.options.log.warn('tmux.exit', { reason });
    live.dispose();
    this.forgetLive();
    this.work.add(() => this.look());
  }

  private forgetLive(): void {
    this.live = undefined;
    this.term = '';
  }

  private async tell(tmux: TmuxSession | undefined, of: string): Promise<void> {
    // One that slept, and was given up meanwhile, must not put itself back as what it was.
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

  /** One request; what cannot be done stands in the agent's record, where the leader finds it. Throws TacoError while Redis is away, not-leader: it waits then. */
  private async act(request: HostRequest): Promise<void> {
    const { log } = this.options;
    log.info('host.request', { kind: request.kind });
    this.launcher.workspaces.allow();
    const { live, term } = this;
    // A launch may prepare a workspace for minutes: the end of the project's session ends that, too.
    const check = async (): Promise<void> => {
      if (sessionKey(await this.options.team.store.session()) !== term) this.launcher.workspaces.cancel();
    };
    try {
      if (live)
        await pollWhile(
          () => this.carryOut(live, request),
          check,
          LOOK_MS,
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
        // What its CLI has said is known here first: the leader may not know yet that the conversation has begun, and would begin another.
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
        return live.wake(); // who waited for it is freed
      case 'remove': {
        if (agents.get(request.window)) return agents.remove(request.window);
        const left = (await tmux.windows()).find(({ ours, window }) => ours && window === request.window);
        if (left) await tmux.killPane(left.pane);
        return agents.forget(request.window);
      }
    }
  }

  /** Why it could not be launched is told by its record, whether there was one or not. */
  private async launch(agents: LiveSession['agents'], order: LaunchRequest, pane: string | null): Promise<void> {
    const { window, name, role, profile, launch = '' } = order;
    try {
      await agents.launch(order, pane);
    } catch (error) {
      const { team } = this.options;
      await team.store.setAgent(window, {
        name,
        role,
        profile,
        launch,
        host: this.keys.host,
        workspace: team.projectDir,
        status: 'failed',
        activity: errorMessage(error),
      });
      throw error;
    }
  }
}

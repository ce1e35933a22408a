import type { AgentRecord } from '../../core/agents/agentRecord';
import type { HookData } from '../../core/agents/hookData';
import { DisposableStore, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errors } from '../../core/errors/errors';
import { errorMessage, isTacoError } from '../../core/errors/tacoError';
import { labelOfWindow } from '../../core/messages/address';
import { systemClock } from '../../environment/systemClock';
import type { Keys } from '../../redis/client/keys';
import { EpochFence } from '../../redis/leadership/fence';
import { RedisLease } from '../../redis/leadership/lease';
import { RedisInflightStore } from '../../redis/queue/inFlightStore';
import { RedisCommandConsumer } from '../../redis/queue/redisQueue';
import { HostStore } from '../../redis/state/hostStore';
import { InputRequestStore } from '../../redis/state/inputRequestStore';
import type { StoredHookReport } from '../../redis/state/stateStore';
import type { EngineSettings } from '../../team/engineSettings';
import type { Team } from '../../team/team';
import { TmuxExecutor } from '../../tmux/delivery/tmuxExecutor';
import type { TmuxSession } from '../../tmux/session/tmuxSession';
import { AgentManager } from '../agents/agentManager';
import { DialogRequests } from '../agents/dialogRequests';
import { FirstScreens } from '../agents/firstScreens';
import { RemoteAgentCache } from '../agents/remote/remoteAgentCache';
import { RemoteAgents } from '../agents/remote/remoteAgents';
import { SilentHooks } from '../agents/silentHooks';
import { WindowChanges } from '../agents/windowChanges';
import { Conversations } from '../conversations/conversations';
import { Courier } from '../delivery/courier';
import { Dispatcher } from '../delivery/dispatcher';
import { TypedTexts } from '../delivery/typedTexts';
import type { AgentLauncher } from '../launch/agentLauncher';
import { isCurrentTerm } from '../leadership/leaderTerm';
import { TeamHolds } from '../limits/teamHolds';
import { watchVitals } from '../vitals/teamVitals';
import type { VitalsWatch } from '../vitals/vitalsWatch';
import { FolderWatch } from '../workspaces/folderWatch';
import { SessionUpkeep } from './sessionUpkeep';
import { WaitingAgents } from './waitingAgents';

/** Interval at which the agents' folders are checked, milliseconds. */
const FOLDERS_EVERY_MS = 3000;

export interface LiveSessionOptions {
  readonly team: Team;
  readonly tmux: TmuxSession;
  readonly launcher: AgentLauncher;
  /** Redis keys of the queue and the lease of this session. */
  readonly keys: Keys;
  /** The joined host of these agents; empty on the leader's own host. */
  readonly host: string;
  readonly settings: EngineSettings;
  /** Epoch of the lease when this session was taken over; `currentEpoch` shows whether it still holds. */
  readonly epoch: number;
  readonly currentEpoch: () => number | null;
  readonly log: Logger;
  readonly onLeadershipLost: () => void;
}

/** A tmux session that this process leads: its agents, and the delivery of messages into their panes. */
export class LiveSession implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly dispatcher: Dispatcher;
  private readonly courier: Courier;
  private readonly upkeep: SessionUpkeep;
  private readonly conversations: Conversations;
  private readonly dialogRequests: DialogRequests;
  readonly agents: AgentManager;
  readonly tmux: TmuxSession;
  readonly holds: TeamHolds;
  private readonly vitals: VitalsWatch;

  constructor(private readonly options: LiveSessionOptions) {
    const { team, tmux, launcher, keys, host, settings, epoch, currentEpoch, log, onLeadershipLost } = options;
    // The term ended while its session was opened: only the current leader may deliver, lest two do.
    if (!isCurrentTerm({ epoch, currentEpoch })) {
      tmux.dispose();
      throw errors.notLeader();
    }
    this.tmux = this.disposables.add(tmux);
    const consumer = new RedisCommandConsumer(team.redis, keys, currentEpoch, systemClock, log, settings.history);
    this.upkeep = this.disposables.add(new SessionUpkeep(team, consumer, log));
    const executor = new TmuxExecutor(tmux.panes, systemClock, log);
    const remoteAgents = new RemoteAgents(
      host === '' ? new HostStore(team.redis, team.keys, systemClock, log) : null,
      team.store,
      systemClock,
      () => launcher.workspaces.isCancelled,
    );
    const requests = new InputRequestStore(team.redis, team.keys);
    this.agents = this.disposables.add(
      new AgentManager({
        session: tmux,
        executor,
        launcher,
        store: team.store,
        requests,
        clock: systemClock,
        log,
        host,
        remoteAgents,
      }),
    );
    this.disposables.add(
      new RemoteAgentCache({
        store: team.store,
        agents: this.agents.registry,
        pending: remoteAgents.pending,
        onConnection: team.onConnection,
        clock: systemClock,
        log,
        meetsAll: host !== '',
        onDone: () => this.wake(),
      }),
    );
    const windows = new WindowChanges();
    const fence = new EpochFence(team.redis, keys, currentEpoch);
    this.holds = this.disposables.add(
      new TeamHolds({
        team,
        agents: this.agents,
        launcher,
        host,
        settings,
        epoch,
        fence,
        log,
        wake: (window) => this.dispatcher.wake(window),
      }),
    );
    this.vitals = this.disposables.add(
      watchVitals({ team, tmux, agents: this.agents, launcher, host, settings, fence, log }),
    );
    const silentHooks = this.disposables.add(
      new SilentHooks({ agents: this.agents, team, launcher, clock: systemClock, log }),
    );
    this.conversations = new Conversations(this.agents, (window) =>
      team.options.paths.conversations(team.projectId, window),
    );
    const ended = new AbortController();
    this.disposables.add({ dispose: () => ended.abort() });
    this.courier = new Courier({
      consumer,
      inflight: new TypedTexts(
        new RedisInflightStore(team.redis, team.keys, fence, (window) => this.upkeep.drainHooksOf(window)),
        (window) => team.options.paths.typedText(team.projectId, window),
      ),
      conversations: this.conversations,
      executor,
      agents: this.agents,
      epoch,
      holds: this.holds,
      whenBusy: settings.whenBusy,
      silentHooks,
      clock: systemClock,
      ended: ended.signal,
    });
    this.dispatcher = this.disposables.add(
      new Dispatcher({
        consumer,
        courier: this.courier,
        whenBusy: settings.whenBusy,
        clock: systemClock,
        log,
        onLeadershipLost,
      }),
    );
    this.disposables.add(this.agents.onChanged(({ window }) => this.dispatcher.wake(window)));
    this.disposables.add(this.agents.onChanged((record) => this.endLeases(record)));
    this.disposables.add(
      this.agents.onChanged(({ window, status }) => {
        if (status === 'exited' || status === 'failed') launcher.ended(window);
        else if (status !== 'starting') launcher.cameUp(window);
      }),
    );
    this.disposables.add(
      new FirstScreens({
        agents: this.agents,
        driver: tmux.panes,
        launcher,
        team,
        clock: systemClock,
        log,
        hungAfterMs: settings.hungAfterMs,
      }),
    );
    this.disposables.add(this.agents.onWindows((panes) => this.notifyUser(windows.see(panes, this.agents.here))));
    this.dialogRequests = this.disposables.add(
      new DialogRequests({
        store: requests,
        panes: tmux.panes,
        launcher,
        agents: this.agents,
        epoch,
        clock: systemClock,
        log,
      }),
    );
    this.disposables.add(
      this.agents.onCapture(({ record, state }) => void this.dialogRequests.onCapture(record, state)),
    );
    this.disposables.add(
      this.agents.onChanged((record) =>
        this.agents.isHere(record) ? this.dialogRequests.onChanged(record) : undefined,
      ),
    );
    this.disposables.add(team.onConnection((up) => (up ? this.onRedisBack() : undefined)));
  }

  /**
   * Writes this term's epoch into tmux, so that a former leader's keys are refused. Then takes over agents and
   * messages.
   */
  async begin(): Promise<void> {
    await this.takeSession();
    await this.upkeep.loadHookScript();
    await this.agents.load();
    await this.holds.begin();
    await this.dialogRequests.begin();
    await this.upkeep.begin();
    this.dispatcher.start();
    this.disposables.add(new WaitingAgents(this.agents, this.tmux, this.options.log)).refresh();
    const folders = new FolderWatch({
      projectDir: this.options.team.projectDir,
      agents: () => this.agents.here,
      note: (text) => this.notifyUser([text]),
    });
    const watch = setInterval(() => folders.check(), FOLDERS_EVERY_MS);
    this.disposables.add({ dispose: () => clearInterval(watch) });
  }

  /** Throws TacoError not-leader. If Redis has lost the epoch, the next term gets a greater one than tmux knows. */
  private async takeSession(): Promise<void> {
    const { tmux, epoch, team, keys } = this.options;
    try {
      await tmux.setEpoch(epoch);
    } catch (error) {
      if (isTacoError(error, 'not-leader') && isCurrentTerm(this.options))
        await RedisLease.raise(team.redis, keys, await tmux.epochThere());
      throw error;
    }
  }

  /** Wakes the deliveries that wait for a receipt; the durable record behind it decides. */
  onReceipt(window: number, data: HookData): void {
    this.conversations.onHook(window, data);
    this.courier.onHook(data);
    this.dispatcher.wake(window);
  }

  /** Applies hook reports that came while no leader ran, oldest first. */
  async replay(reports: readonly StoredHookReport[]): Promise<void> {
    for (const { window, data } of reports) this.conversations.onHook(window, data);
    this.holds.replay(reports);
    await this.agents.replay(reports);
  }

  async onHook(window: number, event: string, data: HookData): Promise<void> {
    this.conversations.onHook(window, data);
    this.courier.onHook(data);
    const record = this.agents.get(window);
    if (record && this.agents.isHere(record)) {
      this.holds.onHook(record, event, data);
      this.vitals.onHook(window, data);
    }
    await this.agents.onHook(window, event, data);
    if (!this.agents.isElsewhere(window)) this.holds.meter.onHook(window, event, data);
    this.dispatcher.wake(window);
  }

  /** Returns true for a known agent whose hooks concern another executor only. */
  isKnownElsewhere(window: number): boolean {
    return this.agents.get(window) !== undefined && this.agents.isElsewhere(window);
  }

  wake(window?: number): void {
    this.dispatcher.wake(window);
  }

  /** Stops work on the session: it has ended, or this process may not type into it any more. */
  dispose(): void {
    this.disposables.dispose();
  }

  /** Releases the ports of an agent that has ended. */
  private endLeases({ window, status, host }: AgentRecord): void {
    if (!this.agents.isHere({ host })) return;
    if (status !== 'exited' && status !== 'failed') return;
    this.options.team.ports
      .freeAll(labelOfWindow(window))
      .catch((error: unknown) => this.options.log.warn('ports.free', { window, error: errorMessage(error) }));
  }

  private notifyUser(notes: readonly string[]): void {
    for (const note of notes)
      this.options.team.store
        .note(note)
        .catch((error: unknown) => this.options.log.debug('note', { error: errorMessage(error) }));
  }

  private onRedisBack(): void {
    this.dispatcher.recover();
    this.dispatcher.wake();
    this.upkeep.onRedisBack();
  }
}

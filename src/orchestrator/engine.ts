import { Emitter, DisposableStore, type DisposableLike } from '../core/base/disposable';
import type { Logger } from '../core/base/logger';
import { errorMessage } from '../core/errors/tacoError';
import { systemClock } from '../environment/systemClock';
import { endpointUrl } from '../redis/client/endpoint';
import { EpochFence } from '../redis/leadership/fence';
import { RedisLease } from '../redis/leadership/lease';
import type { EngineSettings } from '../team/engineSettings';
import type { Team } from '../team/team';
import { checkTmux } from '../tmux/client/runTmux';
import { HomeKeeper } from './leadership/homeKeeper';
import type { LeaderRole, TermExecutor } from './leadership/leaderTerm';
import { SessionCopy } from './leadership/sessionCopy';
import { SessionMemory } from './leadership/sessionMemory';
import { Orchestrator } from './orchestrator';

/**
 * Interval at which a waiting process tries to take the lease, milliseconds. A dead leader's lease expires after 5 s.
 */
const ASK_EVERY = 700;
/** A term that is given up ends within this time, milliseconds, also when Redis does not answer. */
const LEAVES_WITHIN_MS = 1000;

/**
 * Competes for a project's lease and leads while it holds it. Several engines may run for one project (VS Code
 * windows, `taco up`): one leads, the others wait to take over.
 */
export class Engine implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly leads = this.disposables.add(
    new Emitter<boolean>((error) => this.log.error('engine.listener', { error: errorMessage(error) })),
  );
  private readonly lease: RedisLease;
  private readonly stopped = new AbortController();
  private readonly memory: SessionMemory;
  private readonly home: HomeKeeper;
  private orchestrator: TermExecutor | undefined;
  private competing: Promise<void> | undefined;
  readonly onLeading = this.leads.event;

  constructor(
    private readonly team: Team,
    private readonly settings: EngineSettings,
    private readonly log: Logger,
    private readonly post: LeaderRole = { keys: team.keys, createExecutor: (options) => new Orchestrator(options) },
  ) {
    this.lease = this.disposables.add(new RedisLease(team.redis, post.keys, systemClock, log));
    this.memory = new SessionMemory(
      team.redis,
      team.keys,
      log,
      new SessionCopy(team.options.paths, team.projectId, endpointUrl(team.endpoint)),
    );
    this.home = this.disposables.add(new HomeKeeper(team, log));
    this.disposables.add(this.lease.onLost(() => this.stepDown()));
  }

  get leading(): boolean {
    return this.orchestrator !== undefined;
  }

  /**
   * Starts competing. Resolves once it leads or knows that another process does. Throws TacoError home-unusable,
   * tmux-missing, tmux-too-old.
   */
  async start(): Promise<void> {
    this.team.options.paths.assertUsable();
    await checkTmux(this.settings.tmuxCommand, this.team.options.env);
    await this.team.writeProjectFile(this.settings.tmuxSocket, this.post.joins);
    await this.tryToLead();
    this.competing = this.compete();
  }

  /** Releases the lease at once; tmux and the agents stay as they are. */
  async shutdown(): Promise<void> {
    this.stopped.abort();
    await Promise.race([this.orchestrator?.complete?.(), systemClock.sleep(LEAVES_WITHIN_MS)]);
    this.stepDown();
    await this.competing;
    await this.giveUpLease();
    this.dispose();
  }

  dispose(): void {
    this.stopped.abort();
    this.orchestrator?.dispose();
    this.orchestrator = undefined;
    this.disposables.dispose();
  }

  private async compete(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      await systemClock.sleep(ASK_EVERY, this.stopped.signal);
      if (!this.stopped.signal.aborted && !this.leading) await this.tryToLead();
    }
  }

  private async tryToLead(): Promise<void> {
    try {
      const epoch = await this.lease.acquire();
      if (epoch === null || this.stopped.signal.aborted) return;
      // Valid in this term only: leftover work must not write with the epoch of a later term, even of this process.
      const currentEpoch = (): number | null => (this.lease.epoch === epoch ? epoch : null);
      const orchestrator = this.post.createExecutor({
        team: this.team.withFence(new EpochFence(this.team.redis, this.post.keys, currentEpoch)),
        settings: this.settings,
        epoch,
        currentEpoch,
        log: this.log,
        redis: endpointUrl(this.team.endpoint),
        memory: this.memory,
        onLeadershipLost: () => {
          if (this.orchestrator === orchestrator) this.stepDown();
        },
      });
      this.orchestrator = orchestrator;
      await orchestrator.begin();
      if (this.orchestrator !== orchestrator) return;
      this.log.info('engine.leads', { epoch });
      this.home.begin();
      this.leads.fire(true);
    } catch (error) {
      this.log.warn('engine.start', { error: errorMessage(error) });
      this.stepDown();
    }
  }

  /**
   * Ends the term: another process leads, the lease is unknown, or the term cannot begin. This process types nothing
   * any more; the next leader uses its own epoch.
   */
  private stepDown(): void {
    const orchestrator = this.orchestrator;
    this.orchestrator = undefined;
    this.home.end();
    orchestrator?.dispose();
    if (this.lease.epoch !== null) void this.giveUpLease();
    if (orchestrator) this.leads.fire(false);
  }

  private async giveUpLease(): Promise<void> {
    await this.lease
      .release()
      .catch((error: unknown) => this.log.warn('lease.release', { error: errorMessage(error) }));
  }
}

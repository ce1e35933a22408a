import type { AgentRecord } from '../../core/agents/agentRecord';
import type { HookData } from '../../core/agents/hookData';
import { DisposableStore, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import type { HoldReason } from '../../core/messages/messageState';
import type { Command } from '../../core/models';
import { goOnAfterBudget, goOnAfterPause } from '../../core/plan/prompts';
import { systemClock } from '../../environment/systemClock';
import type { EpochFence } from '../../redis/leadership/fence';
import { LimitStore } from '../../redis/state/limitStore';
import type { EngineSettings } from '../../team/engineSettings';
import type { Team } from '../../team/team';
import type { AgentManager } from '../agents/agentManager';
import type { AgentLauncher } from '../launch/agentLauncher';
import { UsageMeter } from '../usage/usageMeter';
import { AccountLimits } from './accountLimits';
import { FullConversations } from './fullConversations';
import { LimitNotifier } from './limitNotifier';
import { TeamPause } from './teamPause';

export interface TeamHoldsOptions {
  readonly team: Team;
  readonly agents: AgentManager;
  readonly launcher: AgentLauncher;
  /** The joined host of these agents; empty on the leader's own host. */
  readonly host: string;
  readonly settings: EngineSettings;
  readonly epoch: number;
  readonly fence: EpochFence;
  readonly log: Logger;
  /** Wakes the deliveries to a window; undefined: all of them. */
  readonly wake: (window?: number) => void;
}

/** Knows why nothing new may be typed into an agent: the budget is used up, the team is paused, its account is limited. */
export class TeamHolds implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly limits: AccountLimits;
  private readonly conversations: FullConversations;
  readonly meter: UsageMeter;
  readonly pause: TeamPause;

  constructor(private readonly options: TeamHoldsOptions) {
    const { team, agents, launcher, host, settings, epoch, fence, log, wake } = options;
    const say = (to: string, text: string): Promise<unknown> => team.send({ from: { kind: 'taco' }, to, text });
    this.meter = this.disposables.add(
      new UsageMeter({
        store: team.store,
        log,
        follows: host !== '',
        agents: () => agents.all,
        notifyUser: async (text) => void (await say('user', text)),
        stopWork: () => agents.stopWork(epoch, 'stopped: the budget is used up'),
        goOn: async (windows) => {
          wake();
          for (const window of windows) await say(window === 0 ? 'mother' : String(window), goOnAfterBudget());
        },
      }),
    );
    const notifier = new LimitNotifier(team);
    this.pause = new TeamPause({
      store: team.store,
      stopWork: () => agents.stopWork(epoch, 'stopped: the team is paused'),
      goOn: (window, key) => notifier.goOn(window, key, goOnAfterPause()),
      wake: () => wake(),
      now: () => systemClock.now(),
    });
    this.limits = this.disposables.add(
      new AccountLimits({
        host,
        store: new LimitStore(team.redis, team.keys, fence),
        notifier,
        agents: () => agents.here,
        remedy: ({ profile }, kind) => launcher.profile(profile).limits?.remedies?.[kind] ?? '',
        policy: settings.onLimit ?? 'wait',
        isStopped: () => this.meter.isSpent || this.pause.isPaused,
        wake,
        clock: systemClock,
        log,
      }),
    );
    this.conversations = this.disposables.add(
      new FullConversations({
        notifier,
        agents: () => agents.here,
        compactCommand: ({ profile }) => launcher.profile(profile).limits?.compact,
        remedy: ({ profile }) => launcher.profile(profile).limits?.remedies?.['context-full'] ?? '',
        now: () => systemClock.now(),
        log,
      }),
    );
    this.disposables.add(
      agents.onRefused(({ record, limit }) =>
        limit.kind === 'context-full' ? this.conversations.onRefused(record) : this.limits.onRefused(record, limit),
      ),
    );
  }

  async begin(): Promise<void> {
    await this.meter.begin();
    await this.pause.follow();
    await this.limits.begin();
  }

  /** Returns why nothing new may be typed into the agent now. */
  holdOf(window: number, command: Command): HoldReason | null {
    if (this.meter.isSpent) return 'budget';
    if (this.pause.isPaused) return 'paused';
    const record = this.options.agents.get(window);
    if (!record) return null;
    return this.limits.holds(record) || this.conversations.holds(record, command) ? 'limited' : null;
  }

  /** Reads the limits from a hook report of an agent here; call it before the agent's state changes. */
  onHook(record: AgentRecord, event: string, data: HookData): void {
    this.limits.onHook(record, event, data);
    this.conversations.onHook(record, event, data);
  }

  /** Ends a pause, and ends the wait for limits: one agent of each account tries now. */
  async resumeTeam(): Promise<void> {
    await this.pause.resume();
    this.limits.tryNow();
  }

  /** Follows the leader's pause; hosts call it. Never throws. */
  async followPause(): Promise<void> {
    await this.pause.follow().catch((error: unknown) => this.options.log.warn('pause', { error: errorMessage(error) }));
  }

  dispose(): void {
    this.disposables.dispose();
  }
}

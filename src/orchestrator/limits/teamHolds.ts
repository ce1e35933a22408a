import type { Quota } from '../../core/agents/agentLimit';
import type { AgentRecord } from '../../core/agents/agentRecord';
import type { HookData } from '../../core/agents/hookData';
import { DisposableStore, Emitter, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import type { Choice } from '../../core/limits/chooseFallback';
import type { HoldReason } from '../../core/messages/messageState';
import type { Command } from '../../core/models';
import { specOf } from '../../core/plan/agentSpecs';
import { meansOf } from '../../core/plan/substitute';
import { systemClock } from '../../environment/systemClock';
import type { EpochFence } from '../../redis/leadership/fence';
import { LimitStore } from '../../redis/state/limitStore';
import type { StoredHookReport } from '../../redis/state/stateStore';
import type { EngineSettings } from '../../team/engineSettings';
import type { Team } from '../../team/team';
import type { AgentManager } from '../agents/agentManager';
import type { AgentLauncher } from '../launch/agentLauncher';
import { UsageMeter } from '../usage/usageMeter';
import { AccountLimits } from './accountLimits';
import { Fallbacks } from './fallbacks';
import { FullConversations } from './fullConversations';
import { LimitNotifier } from './limitNotifier';
import { TeamPause } from './teamPause';
import { UnreadMessages } from './unreadMessages';

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

/** A relaunch of an agent on a fallback of its plan, or (`choice` null) on what its plan says. */
export interface AgentMove {
  readonly window: number;
  readonly choice: Choice;
  /** Its turn was refused, and must go on. */
  readonly wasCut: boolean;
}

/** Knows why nothing new may be typed into an agent: the budget is used up, the team is paused, its account is limited. */
export class TeamHolds implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly limits: AccountLimits;
  private readonly conversations: FullConversations;
  private readonly unread: UnreadMessages;
  private readonly moves: Emitter<AgentMove>;
  /** Fires when a limited agent moves to a fallback, or back. */
  readonly onMove: Emitter<AgentMove>['event'];
  readonly meter: UsageMeter;
  readonly pause: TeamPause;

  constructor(private readonly options: TeamHoldsOptions) {
    const { team, agents, launcher, host, settings, epoch, fence, log, wake } = options;
    this.moves = this.disposables.add(new Emitter((error) => log.error('limits.move', { error: errorMessage(error) })));
    this.onMove = this.moves.event;
    const clock = systemClock;
    this.meter = this.disposables.add(
      new UsageMeter({ team, agents, epoch, log, wake: () => wake(), follows: host !== '' }),
    );
    const notifier = new LimitNotifier(team);
    this.pause = new TeamPause({ store: team.store, agents, notifier, epoch, wake: () => wake(), clock });
    const fallbacks =
      settings.onLimit === 'fallback' && host === ''
        ? new Fallbacks({
            agents,
            quotaWith: (record, choice) => quotaWith(launcher, settings.profile, record, choice),
            isLimited: (quota) => this.limits.isLimited(quota),
            switchTo: (window, choice, wasCut) => this.moves.fire({ window, choice, wasCut }),
            returns: settings.fallbackReturns ?? true,
            clock,
          })
        : undefined;
    this.limits = this.disposables.add(
      new AccountLimits({
        host,
        store: new LimitStore(team.redis, team.keys, fence),
        notifier,
        agents,
        launcher,
        policy: settings.onLimit ?? 'wait',
        stopTime: settings.limitStopTime ?? '',
        ...(fallbacks ? { fallbacks } : {}),
        meter: this.meter,
        pause: this.pause,
        wake,
        clock,
        log,
      }),
    );
    this.conversations = this.disposables.add(new FullConversations({ notifier, agents, launcher, clock, log }));
    this.unread = new UnreadMessages({ team, agents, clock });
    this.disposables.add(
      agents.onRefused(({ record, limit, at }) => {
        if (limit.kind === 'context-full') this.conversations.onRefused(record);
        else this.limits.onRefused(record, limit, at);
        this.inBackground(this.unread.onRefused(record));
      }),
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
    this.inBackground(this.unread.onHook(record, event, data));
  }

  /** Reads from reports that came while no leader ran which turns began and ended; call it before the states change. */
  replay(reports: readonly StoredHookReport[]): void {
    for (const record of this.options.agents.here)
      for (const { event, data, at } of reports.filter(({ window }) => window === record.window))
        if (at >= record.startedAt) this.limits.onHook(record, event, data, at);
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

  private inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => this.options.log.debug('unread', { error: errorMessage(error) }));
  }

  dispose(): void {
    this.disposables.dispose();
  }
}

/** Returns what an agent uses up with a choice; null when it cannot be used: an unknown CLI or account. */
function quotaWith(launcher: AgentLauncher, defaultProfile: string, record: AgentRecord, choice: Choice): Quota | null {
  const spec = specOf(record);
  if (!spec) return null;
  const { profile, model = '', account } = meansOf(spec, choice, defaultProfile);
  try {
    launcher.profile(profile);
    return { profile, model, account: launcher.accountOf(profile, account) };
  } catch {
    return null;
  }
}

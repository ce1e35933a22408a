import { closedBy, concerns, type Quota } from '../../core/agents/agentLimit';
import type { AgentRecord } from '../../core/agents/agentRecord';
import type { HookData } from '../../core/agents/hookData';
import type { Clock } from '../../core/base/clock';
import { DisposableStore, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { SerialQueue } from '../../core/base/serialQueue';
import { errorMessage, isTacoError } from '../../core/errors/tacoError';
import {
  afterContinued,
  afterRefusal,
  isHeld,
  isOver,
  isWorthMove,
  mayTry,
  openWindows,
  whileOpening,
  whileTrying,
  type AccountLimit,
  type LimitPolicy,
} from '../../core/limits/accountLimit';
import type { Limit } from '../../core/limits/limit';
import type { LimitStore } from '../../redis/state/limitStore';
import type { AgentManager } from '../agents/agentManager';
import type { AgentLauncher } from '../launch/agentLauncher';
import type { UsageMeter } from '../usage/usageMeter';
import type { Fallbacks } from './fallbacks';
import type { LimitNotifier } from './limitNotifier';
import type { TeamPause } from './teamPause';

export interface AccountLimitsOptions {
  /** The joined host of these agents; empty on the leader's machine. */
  readonly host: string;
  readonly store: Pick<LimitStore, 'all' | 'set' | 'remove'>;
  readonly notifier: Pick<LimitNotifier, 'limited' | 'over' | 'goOn'>;
  readonly agents: Pick<AgentManager, 'here'>;
  readonly launcher: Pick<AgentLauncher, 'profile'>;
  readonly policy: LimitPolicy;
  /** Local time `HH:MM` after which no agent tries by itself; empty: none. */
  readonly stopTime: string;
  /** Moves agents to the fallbacks of their plan; absent: the policy or the host has none. */
  readonly fallbacks?: Fallbacks;
  readonly meter: Pick<UsageMeter, 'isSpent'>;
  readonly pause: Pick<TeamPause, 'isPaused'>;
  /** Wakes the deliveries of an agent. */
  readonly wake: (window: number) => void;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random?: () => number;
}

const TICK_MS = 1000;
/** An agent that works for so long after the reset was not refused, milliseconds. */
const ACCEPTED_AFTER_MS = 60_000;
/** An agent that does not begin its attempt within this leaves it to the next one, milliseconds. */
const TRIAL_PATIENCE_MS = 3 * 60_000;

/**
 * Keeps the limits of the accounts of one host: the first refusal holds all agents of an account, one agent tries at
 * the reset, and the others follow one by one. All its lasting state is in Redis, so that another leader continues.
 */
export class AccountLimits implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly limits = new Map<string, AccountLimit>();
  /** Start of each agent's turn, milliseconds since the epoch. */
  private readonly turns = new Map<number, number>();
  /** Refusals of agents whose next turn may be reported before them, by window. */
  private readonly refused = new Map<number, RefusedTurn>();
  /** "Go on" messages that this process sent, by limit and window. */
  private readonly sent = new Set<string>();
  private readonly work: SerialQueue;

  constructor(private readonly options: AccountLimitsOptions) {
    this.work = this.disposables.add(
      new SerialQueue((error) => {
        if (!isTacoError(error, 'not-leader')) options.log.warn('limits', { error: errorMessage(error) });
      }),
    );
    const timer = setInterval(() => this.tick(), TICK_MS);
    this.disposables.add({ dispose: () => clearInterval(timer) });
  }

  /** Reads the limits that an earlier leader found. */
  async begin(): Promise<void> {
    for (const limit of await this.options.store.all())
      if (limit.host === this.options.host) this.limits.set(limit.account, limit);
  }

  /** Returns whether a message for this agent is held now. The first agent with a message makes an open attempt. */
  holds(record: AgentRecord): boolean {
    // A model's limit first: an agent that it holds cannot try for the whole account.
    return this.limitsOf(record).some((limit) => this.isHeldBy(limit, record));
  }

  private isHeldBy(limit: AccountLimit, record: AgentRecord): boolean {
    const { window } = record;
    if (limit.phase === 'trying' && limit.trier === null) {
      this.change(limit.account, (now) =>
        now.phase === 'trying' && now.trier === null ? { ...now, trier: window, changedAt: this.now } : now,
      );
      return false;
    }
    const isHeldNow = isHeld(limit, window, this.now);
    if (isHeldNow) this.moveAway(limit, record);
    return isHeldNow;
  }

  /** Returns whether an account, or this model of it, has a limit that is not over. */
  isLimited(quota: Quota): boolean {
    return this.limitsOf(quota).some(({ phase }) => phase !== 'opening');
  }

  /**
   * The model refused a turn of the agent for a reason that concerns its account.
   * @param at time of the report, milliseconds since the epoch
   */
  onRefused(record: AgentRecord, limit: Limit, at = this.now): void {
    const account = closedBy(record, limit.model);
    const { window } = record;
    const { host } = this.options;
    const before = this.limits.get(account) ?? null;
    const began = this.refused.get(window)?.began;
    // Some CLIs report the end of a refused turn as that of any other, and so open the account.
    const isTrial =
      before?.trier === window && (before.phase === 'opening' || (began !== undefined && began >= before.changedAt));
    if (began !== undefined) this.refused.set(window, { began, changedAt: before?.changedAt ?? 0 });
    const remedy = this.options.launcher.profile(record.profile).limits?.remedies?.[limit.kind] ?? '';
    const refusal = { account, host, window, limit, remedy, at, isTrial };
    const after = afterRefusal(before, refusal, this.now, (this.options.random ?? Math.random)());
    this.keep(account, after);
    this.options.log.warn('limit', { account, kind: limit.kind, until: after.until, window });
    if (before === null || before.kind !== after.kind)
      this.work.add(() => this.options.notifier.limited(after, this.agentsOf(after), this.options.policy));
  }

  /**
   * @param record the agent before the report
   * @param at time of the report, milliseconds since the epoch: earlier than now for one that came without a leader
   */
  onHook(record: AgentRecord, event: string, data: HookData, at = this.now): void {
    const { window, status, sessionId } = record;
    if (data.sessionId !== undefined && sessionId !== '' && data.sessionId !== sessionId) {
      // A new conversation has nothing to go on with. Other events of another conversation are not the agent's.
      if (event === 'SessionStart') this.onContinued(record);
      return;
    }
    if (event === 'UserPromptSubmit' && data.blockedId === undefined) {
      if (status !== 'busy' || !this.turns.has(window)) this.turns.set(window, at);
      this.onContinued(record);
    }
    if (event === 'StopFailure') {
      const began = this.turns.get(window);
      this.turns.delete(window);
      this.refused.delete(window);
      if (began !== undefined) this.refused.set(window, { began, changedAt: Infinity });
    }
    if (event !== 'Stop' && event !== 'PermissionRequest') return;
    const turn = this.turns.get(window);
    // A turn that ends well without a beginning after a refusal: the report of the refusal was slower than its prompt.
    const late = turn === undefined ? this.refused.get(window) : undefined;
    if (event === 'Stop') this.turns.delete(window);
    this.refused.delete(window);
    // A turn that began before the refusal may have got its last answer before it.
    const began = turn ?? late?.began;
    for (const limit of this.limitsOf(record))
      if (limit.phase !== 'opening' && began !== undefined && began > (late?.changedAt ?? limit.changedAt))
        this.open(limit);
  }

  /** The user ends the wait: one agent of each account tries now. */
  tryNow(): void {
    for (const limit of this.limits.values()) if (limit.phase === 'closed') this.tryOne(limit);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private get now(): number {
    return this.options.clock.now();
  }

  /** True while nothing may be typed at all: the budget is spent, or the user paused the team. */
  private get isStopped(): boolean {
    return this.options.meter.isSpent || this.options.pause.isPaused;
  }

  private tick(): void {
    if (this.isStopped) return;
    for (const limit of this.limits.values()) {
      if (limit.phase === 'closed') {
        const isAuto = this.options.policy !== 'ask' && mayTry(limit, this.now, this.options.stopTime);
        if (limit.until !== null && this.now >= limit.until && isAuto) this.tryOne(limit);
        else for (const record of this.agentsOf(limit)) if (record.status === 'limited') this.moveAway(limit, record);
      } else if (limit.phase === 'trying') this.watchTrial(limit);
      else this.goOnOpening(limit);
    }
    this.options.fallbacks?.returnAll();
  }

  /** Chooses the agent that tries: one whose turn was cut short, or else the first that gets a message. */
  private tryOne(limit: AccountLimit, except?: number): void {
    const running = new Set(this.agentsOf(limit).map(({ window }) => window));
    const cut = limit.cut.filter((window) => running.has(window));
    const trier = cut.find((window) => window !== except) ?? cut[0] ?? null;
    const next = whileTrying(limit, trier, this.now);
    this.keep(limit.account, next);
    if (trier === null) this.wakeAll(next);
    else this.goOn(next, trier);
  }

  /** Moves the agent to a fallback of its plan, if it has one that can be used now. */
  private moveAway(limit: AccountLimit, record: AgentRecord): void {
    if (!isWorthMove(limit, this.now) || this.isStopped) return;
    const wasCut = limit.cut.includes(record.window);
    if (this.options.fallbacks?.move(record, wasCut) && wasCut)
      this.change(limit.account, (now) => afterContinued(now, record.window));
  }

  private watchTrial(limit: AccountLimit): void {
    const { trier, changedAt } = limit;
    if (trier === null) {
      if (this.now - changedAt >= ACCEPTED_AFTER_MS) this.keep(limit.account, null); // nothing waits
      return;
    }
    if (limit.cut.includes(trier)) this.goOn(limit, trier);
    const record = this.agentsOf(limit).find(({ window }) => window === trier);
    const began = this.turns.get(trier);
    const isWorking = record?.status === 'busy' && began !== undefined && began >= changedAt;
    if (isWorking && this.now - began >= ACCEPTED_AFTER_MS) this.open(limit);
    // An interrupted turn has no end: it counts as none.
    else if (!record || (!isWorking && this.now - Math.max(changedAt, began ?? 0) >= TRIAL_PATIENCE_MS))
      this.tryOne(limit, trier);
  }

  private open(limit: AccountLimit): void {
    const windows = this.agentsOf(limit).map(({ window }) => window);
    this.keep(limit.account, whileOpening(limit, windows, this.now));
    this.options.log.info('limit.over', { account: limit.account });
    this.work.add(() => this.options.notifier.over(limit));
  }

  private goOnOpening(limit: AccountLimit): void {
    // An agent that tried, or whose refusal was reported late, has no place in the order.
    const others = limit.cut.filter((window) => !limit.order.includes(window));
    for (const window of [...openWindows(limit, this.now), ...others]) {
      this.options.wake(window);
      if (limit.cut.includes(window)) this.goOn(limit, window);
    }
    if (isOver(limit, this.now)) this.work.add(() => Promise.resolve(this.endIfSent(limit)));
  }

  /** Ends the limit once every agent whose turn was cut short has its message. */
  private endIfSent(limit: AccountLimit): void {
    const left = this.agentsOf(limit).filter(
      ({ window }) => limit.cut.includes(window) && !this.sent.has(sentKey(limit, window)),
    );
    const now = this.limits.get(limit.account);
    if (left.length === 0 && now?.phase === 'opening' && now.changedAt === limit.changedAt)
      this.keep(limit.account, null);
  }

  private goOn(limit: AccountLimit, window: number): void {
    this.options.wake(window);
    const key = sentKey(limit, window);
    if (this.sent.has(key)) return;
    this.work.add(async () => {
      if (this.sent.has(key)) return;
      await this.options.notifier.goOn(window, key);
      this.sent.add(key);
    });
  }

  private wakeAll(limit: AccountLimit): void {
    for (const { window } of this.agentsOf(limit)) this.options.wake(window);
  }

  private agentsOf(limit: AccountLimit): readonly AgentRecord[] {
    return this.options.agents.here.filter(
      (each) => concerns(limit, each) && each.status !== 'exited' && each.status !== 'failed',
    );
  }

  /** Returns the limits that concern an agent, those of one model first. */
  private limitsOf(quota: Quota): readonly AccountLimit[] {
    const own = [...this.limits.values()].filter((limit) => concerns(limit, quota));
    return own.sort((a, b) => Number(a.model === undefined) - Number(b.model === undefined));
  }

  /** The agent's turn goes on, or it has a new conversation: nobody needs to ask it any more. */
  private onContinued(record: AgentRecord): void {
    for (const { account, cut } of this.limitsOf(record))
      if (cut.includes(record.window)) this.change(account, (limit) => afterContinued(limit, record.window));
  }

  private change(account: string, next: (limit: AccountLimit) => AccountLimit): void {
    const limit = this.limits.get(account);
    if (!limit) return;
    const changed = next(limit);
    if (changed !== limit) this.keep(account, changed);
  }

  /** Applies a change at once, and stores it in order. A write that fails is repeated by the next change or term. */
  private keep(account: string, limit: AccountLimit | null): void {
    const before = this.limits.get(account);
    if (limit) this.limits.set(account, limit);
    else this.limits.delete(account);
    this.work.add(async () => {
      if (limit) await this.options.store.set(limit);
      else if (before) await this.options.store.remove(before);
    });
    if (!limit && before) this.wakeAll(before);
  }
}

/** A refused turn as its reports show it. */
interface RefusedTurn {
  /** Start of the turn, milliseconds since the epoch; of the next one, when the refusal was reported after its prompt. */
  readonly began: number;
  /** Start of the account's phase before the refusal. */
  readonly changedAt: number;
}

function sentKey({ account, host, since, attempts }: AccountLimit, window: number): string {
  return `go-on:${host}/${account}:${since}:${attempts}:${window}`;
}

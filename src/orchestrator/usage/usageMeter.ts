import type { AgentRecord } from '../../core/agents/agentRecord';
import { budgetStage } from '../../core/agents/budget';
import { dollars } from '../../core/agents/formatUsage';
import type { HookData } from '../../core/agents/hookData';
import { DisposableStore, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import { recipientOf } from '../../core/messages/address';
import { goOnAfterBudget } from '../../core/plan/prompts';
import type { SessionState } from '../../core/team/session';
import type { Team } from '../../team/team';
import type { AgentManager } from '../agents/agentManager';
import { Transcript } from './transcript';

export interface UsageMeterOptions {
  readonly team: Pick<Team, 'send' | 'store'>;
  readonly agents: Pick<AgentManager, 'all' | 'stopWork'>;
  readonly epoch: number;
  readonly log: Logger;
  /** Wakes all deliveries. */
  readonly wake: () => void;
  /**
   * True on a host that joined: it counts its agents' usage and follows the leader, which judges the budget and
   * notifies the user.
   */
  readonly follows?: boolean;
}

/**
 * Poll interval of working agents while there is a budget, milliseconds. Without a budget the end of each turn is
 * enough.
 */
const POLL_INTERVAL_MS = 5000;
/**
 * Delays of further reads after the end of a turn, milliseconds: a CLI may write its last reply after it reported the
 * end.
 */
const LATER_READS_MS = [1000, 5000];

/** Conversations of one agent whose transcripts are followed. */
const CONVERSATIONS_READ = 8;

/**
 * Counts the usage of each agent's model and keeps the team within its budget. At 80 % it notifies the user. When the
 * budget is spent, it blocks typing into all agents and interrupts the working ones until the user raises the budget.
 * The leader runs it; all its lasting state is in Redis.
 */
export class UsageMeter implements DisposableLike {
  private readonly disposables = new DisposableStore();
  /** Transcripts by conversation: an agent that clears its conversation begins another. */
  private readonly conversations = new Map<string, { readonly record: AgentRecord; readonly transcript: Transcript }>();
  private readonly again = new Map<string, readonly NodeJS.Timeout[]>();
  private pending: Promise<void> = Promise.resolve();
  private blocked = false;
  /** The budget is spent, and Redis has not accepted the notification yet. */
  private unsaid = false;

  constructor(private readonly options: UsageMeterOptions) {
    const timer = setInterval(() => void this.onTimer(), POLL_INTERVAL_MS);
    this.disposables.add({ dispose: () => clearInterval(timer) });
    this.disposables.add({ dispose: () => [...this.again.values()].flat().forEach((each) => clearTimeout(each)) });
  }

  /** True while the budget is spent: no message may be typed. */
  get isSpent(): boolean {
    return this.blocked;
  }

  /** Reads whether an earlier leader found the budget spent. */
  async begin(): Promise<void> {
    this.blocked = (await this.options.team.store.session())?.spent === 'true';
  }

  onHook(window: number, event: string, data: HookData): void {
    const record = this.options.agents.all.find((each) => each.window === window);
    if (!record || data.transcript === undefined) return;
    const conversation = data.sessionId ?? record.sessionId;
    this.followConversation(conversation, record, data.transcript);
    if (event !== 'Stop' && event !== 'SessionEnd') return;
    this.readUsage([conversation]);
    for (const timer of this.again.get(conversation) ?? []) clearTimeout(timer);
    this.again.set(
      conversation,
      LATER_READS_MS.map((ms) => setTimeout(() => this.readUsage([conversation]), ms).unref()),
    );
  }

  /** Of an agent's conversations the latest are read; one that continues later is read again from its start. */
  private followConversation(conversation: string, record: AgentRecord, path: string): void {
    const known = this.conversations.get(conversation) ?? { record, transcript: new Transcript(path) };
    this.conversations.delete(conversation);
    this.conversations.set(conversation, known);
    const own = [...this.conversations].filter(([, each]) => each.record.window === record.window);
    for (const [old] of own.slice(0, -CONVERSATIONS_READ)) {
      this.conversations.delete(old);
      this.again.delete(old);
    }
  }

  /**
   * Sets another budget, US dollars; 0: none. Throws TacoError while Redis is unreachable and keeps the old budget.
   */
  async setBudget(budget: number): Promise<void> {
    const done = this.pending.then(async () => {
      await this.options.team.store.setSession({ budget: String(budget), warned: '' });
      await this.judge();
    });
    void this.queue(() => done);
    await done;
  }

  /** Reads whether the leader found the budget spent; hosts call it. */
  follow(): Promise<void> {
    return this.queue(async () => {
      const spent = (await this.options.team.store.session())?.spent === 'true';
      if (spent === this.blocked) return;
      this.blocked = spent;
      if (spent) await this.interrupt();
      else this.options.wake();
    });
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async onTimer(): Promise<void> {
    const budget = Number((await this.options.team.store.session().catch(() => null))?.budget ?? 0);
    if (this.options.follows) void this.follow();
    if (this.unsaid) this.readUsage([]);
    if (budget <= 0) return;
    const atWork = new Set(
      this.options.agents.all.filter(({ status }) => status === 'busy').map(({ window }) => window),
    );
    // Remote hosts count the usage of their agents and send no event about it.
    if (atWork.size === 0 && !this.options.agents.all.some(({ host }) => host)) return;
    // Stops agents that could not be stopped before because a dialog was open.
    if (this.blocked) void this.queue(() => this.interrupt());
    this.readUsage(
      [...this.conversations]
        .filter(([, { record }]) => atWork.has(record.window))
        .map(([conversation]) => conversation),
    );
  }

  private readUsage(conversations: readonly string[]): void {
    void this.queue(async () => {
      for (const conversation of conversations) {
        const found = this.conversations.get(conversation);
        if (found) {
          const usage = await found.transcript.usage();
          const { context } = found.transcript;
          const { window, name } = found.record;
          await this.options.team.store.usage.set(conversation, {
            window,
            name,
            usage,
            ...(context === undefined ? {} : { context }),
          });
        }
      }
      await this.judge();
    });
  }

  private async interrupt(): Promise<void> {
    const { team, agents, epoch } = this.options;
    const { store } = team;
    const before = windowsOf(await store.session());
    const stopped = await agents.stopWork(epoch, 'stopped: the budget is used up');
    if (stopped.length > 0) await store.setSession({ interrupted: [...new Set([...before, ...stopped])].join(',') });
  }

  private queue(work: () => Promise<void>): Promise<void> {
    this.pending = this.pending
      .then(work)
      .catch((error: unknown) => this.options.log.warn('usage', { error: errorMessage(error) }));
    return this.pending;
  }

  private async judge(): Promise<void> {
    const { team, follows = false } = this.options;
    const { store } = team;
    if (follows) return;
    const session = await store.session();
    if (!session || this.disposables.isDisposed) return;
    const budget = Number(session.budget ?? 0);
    const cost = (await store.usage.team()).cost;
    const stage = budgetStage(cost, budget);
    if (stage === 'spent' && (!this.blocked || this.unsaid)) return this.stop(cost, budget);
    if (stage !== 'spent' && this.blocked) return this.resume(session);
    if (stage === 'near' && session.warned !== session.budget) {
      await store.setSession({ warned: session.budget });
      await store.note(`${dollars(cost)} of the budget of ${dollars(budget)} are used`);
      await this.notifyUser(
        `Your team has used ${dollars(cost)} of its budget of ${dollars(budget)}. When it is used up, every agent is stopped until you set another: taco budget AMOUNT`,
      );
    }
  }

  private async stop(cost: number, budget: number): Promise<void> {
    const { team, log } = this.options;
    const { store } = team;
    const detail = `The budget of ${dollars(budget)} is used up (${dollars(cost)}): agents are stopped until you set another (taco budget AMOUNT, or TACO: Set Budget…)`;
    // The gate closes first: the stop frees held messages, which must not be typed.
    this.blocked = true;
    this.unsaid = true;
    await store.setSession({ spent: 'true', detail });
    await this.interrupt();
    log.warn('budget.spent', { cost, budget });
    await store.note(detail);
    await this.notifyUser(detail);
    this.unsaid = false;
  }

  private async resume(session: SessionState): Promise<void> {
    const { team, wake } = this.options;
    const { store } = team;
    await store.setSession({ spent: '', interrupted: '', detail: '' });
    this.blocked = false;
    this.unsaid = false;
    await store.note('The budget was raised: the team goes on');
    wake();
    for (const window of windowsOf(session))
      await team.send({ from: { kind: 'taco' }, to: recipientOf(window), text: goOnAfterBudget() });
  }

  private async notifyUser(text: string): Promise<void> {
    await this.options.team.send({ from: { kind: 'taco' }, to: 'user', text });
  }
}

function windowsOf(session: SessionState | null): readonly number[] {
  return (session?.interrupted ?? '').split(',').filter(Boolean).map(Number);
}

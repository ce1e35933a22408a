import type { Quota } from '../../core/agents/agentLimit';
import type { AgentRecord } from '../../core/agents/agentRecord';
import type { Clock } from '../../core/base/clock';
import { chooseFallback, type Choice } from '../../core/limits/chooseFallback';
import { specOf } from '../../core/plan/agentSpecs';
import { substituteOf } from '../../core/plan/substitute';
import type { AgentManager } from '../agents/agentManager';

export interface FallbacksOptions {
  readonly agents: Pick<AgentManager, 'here'>;
  /** Returns the account and the model of an agent with this choice, as its record shows them; null when it cannot be used. */
  readonly quotaWith: (record: AgentRecord, choice: Choice) => Quota | null;
  readonly isLimited: (quota: Quota) => boolean;
  /** Relaunches an agent with this choice; `wasCut`: its turn was refused, and must go on. */
  readonly switchTo: (window: number, choice: Choice, wasCut: boolean) => void;
  /** Agents return to what their plan says once that has no limit. */
  readonly returns: boolean;
  readonly clock: Pick<Clock, 'now'>;
}

/** An agent that is still the same so long after its move began did not move: it may try again, milliseconds. */
const RETRY_MS = 5 * 60_000;

interface Move {
  /** Start of the agent before the move. */
  readonly startedAt: number;
  readonly at: number;
  readonly wasCut: boolean;
}

/** Moves limited agents to the fallbacks of their plan, and back. An agent that works is never moved. */
export class Fallbacks {
  /** The last move of each window. */
  private readonly moving = new Map<number, Move>();

  constructor(private readonly options: FallbacksOptions) {}

  /** An agent's account is limited, and it has work: its turn was refused, or a message waits. Returns whether it moves. */
  move(record: AgentRecord, wasCut: boolean): boolean {
    const fallbacks = specOf(record)?.fallback ?? [];
    if (fallbacks.length === 0 || record.status === 'busy' || this.isMoving(record)) return false;
    const { quotaWith, isLimited, switchTo } = this.options;
    const choice = chooseFallback(fallbacks, (each) => {
      const quota = quotaWith(record, each);
      return quota !== null && !isSame(quota, record) && !isLimited(quota);
    });
    if (choice === undefined) return false;
    // The agent left the limit's list with its first attempt to move.
    const mustGoOn = wasCut || this.moving.get(record.window)?.wasCut === true;
    this.start(record, mustGoOn);
    switchTo(record.window, choice, mustGoOn);
    return true;
  }

  /** Moves idle agents back whose own account has no limit any more. Call it regularly. */
  returnAll(): void {
    if (!this.options.returns) return;
    for (const record of this.options.agents.here) {
      if (substituteOf(record) === null || record.status !== 'idle' || this.isMoving(record)) continue;
      const quota = this.options.quotaWith(record, null);
      if (quota === null || this.options.isLimited(quota)) continue;
      this.start(record, false);
      this.options.switchTo(record.window, null, false);
    }
  }

  private start({ window, startedAt }: AgentRecord, wasCut: boolean): void {
    this.moving.set(window, { startedAt, at: this.options.clock.now(), wasCut });
  }

  private isMoving({ window, startedAt }: AgentRecord): boolean {
    const move = this.moving.get(window);
    if (move?.startedAt !== startedAt) this.moving.delete(window);
    return move?.startedAt === startedAt && this.options.clock.now() - move.at < RETRY_MS;
  }
}

function isSame(a: Quota, b: Quota): boolean {
  return a.account === b.account && a.model === b.model;
}

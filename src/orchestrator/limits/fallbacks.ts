import type { AgentRecord } from '../../core/agents/agentRecord';
import type { Clock } from '../../core/base/clock';
import { chooseFallback, type Choice } from '../../core/limits/chooseFallback';
import { specOf } from '../../core/plan/agentSpecs';
import { substituteOf } from '../../core/plan/substitute';
import type { AgentManager } from '../agents/agentManager';

export interface FallbacksOptions {
  readonly agents: Pick<AgentManager, 'here'>;
  /** Returns the account of an agent with this choice, as its records show it; null when it cannot be used. */
  readonly accountWith: (record: AgentRecord, choice: Choice) => string | null;
  readonly isLimited: (account: string) => boolean;
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
    const { accountWith, isLimited, switchTo } = this.options;
    const choice = chooseFallback(fallbacks, (each) => {
      const account = accountWith(record, each);
      return account !== null && account !== record.account && !isLimited(account);
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
      const account = this.options.accountWith(record, null);
      if (account === null || this.options.isLimited(account)) continue;
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

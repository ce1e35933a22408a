import type { AgentRecord } from '../../core/agents/agentRecord';
import { chooseFallback, type Choice } from '../../core/limits/chooseFallback';
import { specOf } from '../../core/plan/agentSpecs';
import { substituteOf } from '../../core/plan/substitute';

export interface FallbacksOptions {
  /** Agents of this host. */
  readonly agents: () => readonly AgentRecord[];
  /** Returns the account of an agent with this choice, as its records show it; null when it cannot be used. */
  readonly accountWith: (record: AgentRecord, choice: Choice) => string | null;
  readonly isLimited: (account: string) => boolean;
  /** Relaunches an agent with this choice; `wasCut`: its turn was refused, and must go on. */
  readonly switchTo: (window: number, choice: Choice, wasCut: boolean) => void;
  /** Agents return to what their plan says once that has no limit. */
  readonly returns: boolean;
}

/** Moves limited agents to the fallbacks of their plan, and back. An agent that works is never moved. */
export class Fallbacks {
  /** Windows that move, with the start of their agent before it: a move that failed is not tried again. */
  private readonly moving = new Map<number, number>();

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
    this.moving.set(record.window, record.startedAt);
    switchTo(record.window, choice, wasCut);
    return true;
  }

  /** Moves idle agents back whose own account has no limit any more. Call it regularly. */
  returnAll(): void {
    if (!this.options.returns) return;
    for (const record of this.options.agents()) {
      if (substituteOf(record) === null || record.status !== 'idle' || this.isMoving(record)) continue;
      const account = this.options.accountWith(record, null);
      if (account === null || this.options.isLimited(account)) continue;
      this.moving.set(record.window, record.startedAt);
      this.options.switchTo(record.window, null, false);
    }
  }

  private isMoving({ window, startedAt }: AgentRecord): boolean {
    if (this.moving.get(window) !== startedAt) this.moving.delete(window);
    return this.moving.has(window);
  }
}

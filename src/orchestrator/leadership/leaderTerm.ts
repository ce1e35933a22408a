/** The role that one process of a project holds at a time, and the parameters of each of its terms. */
import type { DisposableLike } from '../../core/base/disposable';
import { errors } from '../../core/base/errors';
import type { Logger } from '../../core/team/ports';
import type { Keys } from '../../redis/client/keys';
import type { EngineSettings } from '../../team/engineSettings';
import type { Team } from '../../team/team';

export interface LeaderTerm {
  /** The team whose state is written behind the fence of this term (`Team.withFence`). */
  readonly team: Team;
  readonly settings: EngineSettings;
  /** Epoch of this leader term alone. */
  readonly epoch: number;
  /** Returns the epoch while the term lasts, then null. */
  readonly currentEpoch: () => number | null;
  readonly log: Logger;
  /** Redis as agents reach it. */
  readonly redis: string;
  /** Called when the term ends: another process leads, or the state to lead cannot be read. */
  readonly onLeadershipLost: () => void;
}

/**
 * Returns false once another process leads. That leader then ends the unfinished work, which must not count as ended.
 */
export function isCurrentTerm({ epoch, currentEpoch }: Pick<LeaderTerm, 'epoch' | 'currentEpoch'>): boolean {
  return currentEpoch() === epoch;
}

/** Throws TacoError not-leader once the term has ended. */
export function assertLeading(term: Pick<LeaderTerm, 'epoch' | 'currentEpoch'>): void {
  if (!isCurrentTerm(term)) throw errors.notLeader();
}

/** The work of the one process that holds a lease. */
export interface LeaderRole {
  /** Redis keys of its lease and epoch. */
  readonly keys: Keys;
  readonly createExecutor: (options: LeaderTerm) => DisposableLike & { begin(): Promise<void> };
  /** True for a role beside the project's leader: it keeps the leader's existing project file. */
  readonly joins?: boolean;
}

/** The post that one process of a project holds at a time, and what each term in it is given. */
import type { DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errors } from '../../core/errors/errors';
import type { Keys } from '../../redis/client/keys';
import type { EngineSettings } from '../../team/engineSettings';
import type { Team } from '../../team/team';
import type { SessionMemory } from './sessionMemory';

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
  /** The memory of the session, for a Redis that loses it; a host that joined remembers nothing. */
  readonly memory?: SessionMemory;
  /** Another leads, or it cannot be known what there is to lead: the term is over. */
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

/** The work of one leader term. */
export interface TermExecutor extends DisposableLike {
  begin(): Promise<void>;
  /** Completes what the next leader needs, before the term is given up on purpose. Never throws. */
  complete?(): Promise<void>;
}

/** The work of the one process that holds a lease. */
export interface LeaderRole {
  /** Redis keys of its lease and epoch. */
  readonly keys: Keys;
  readonly createExecutor: (options: LeaderTerm) => TermExecutor;
  /** True for a role beside the project's leader: it keeps the leader's existing project file. */
  readonly joins?: boolean;
}

/** The post that one process of a project holds at a time, and what each term in it is given. */
import type { DisposableLike } from '../../core/base/disposable';
import { errors } from '../../core/base/errors';
import type { Logger } from '../../core/team/ports';
import type { Keys } from '../../redis/client/keys';
import type { EngineSettings } from '../../team/engineSettings';
import type { Team } from '../../team/team';

export interface LeaderTerm {
  /** Its state is written behind the fence of this term (`Team.withFence`). */
  readonly team: Team;
  readonly settings: EngineSettings;
  /** Of this term, and of no other. */
  readonly epoch: number;
  /** The same while the term lasts, then null. */
  readonly currentEpoch: () => number | null;
  readonly log: Logger;
  /** Redis as agents reach it. */
  readonly redis: string;
  /** Another leads, or it cannot be known what there is to lead: the term is over. */
  readonly onLeadershipLost: () => void;
}

/** False once another leads: what this term has begun is that one's to end, and nothing there may be taken for ended. */
export function isCurrentTerm({ epoch, currentEpoch }: Pick<LeaderTerm, 'epoch' | 'currentEpoch'>): boolean {
  return currentEpoch() === epoch;
}

/** Throws TacoError not-leader once the term is over. */
export function assertLeading(term: Pick<LeaderTerm, 'epoch' | 'currentEpoch'>): void {
  if (!isCurrentTerm(term)) throw errors.notLeader();
}

/** What is done by the one process that holds a lease. */
export interface LeaderRole {
  /** Those of its lease and epoch. */
  readonly keys: Keys;
  readonly createExecutor: (options: LeaderTerm) => DisposableLike & { begin(): Promise<void> };
  /** Leads a project whose folder others lead too: what they wrote about it stays. */
  readonly joins?: boolean;
}

/** Waits for the end of a run of the merge lane, which another process carries out. */
import { setTimeout as sleep } from 'node:timers/promises';
import { errors } from '../../core/errors/errors';
import type { MergeJournal } from '../../core/proof/mergeJournal';
import type { Snapshot } from '../../core/team/snapshot';

export interface RunSources {
  readonly read: () => Promise<MergeJournal | null>;
  /** Throws TacoError no-session when the session has ended. */
  readonly team: () => Promise<Pick<Snapshot, 'leader'>>;
}

export interface RunWaits {
  /** Interval at which the journal is read, milliseconds. */
  readonly pollMs: number;
  /** Interval at which the leader is checked, milliseconds. */
  readonly leaderMs: number;
  /** Time without a leader after which nobody is expected to follow, milliseconds: several terms of a leader. */
  readonly leaderlessMs: number;
}

const WAITS: RunWaits = { pollMs: 200, leaderMs: 2000, leaderlessMs: 30_000 };

/**
 * Returns the complete journal of the run with this ticket. Throws TacoError worktree-refused when nobody carries it out
 * any more, and the errors of `sources.team`.
 */
export async function endOfRun(
  sources: RunSources,
  ticket: string,
  { pollMs, leaderMs, leaderlessMs }: RunWaits = WAITS,
): Promise<MergeJournal> {
  let own: MergeJournal | null = null;
  let checkedAt = Date.now();
  let ledAt = checkedAt;
  for (;;) {
    const journal = await sources.read();
    if (journal?.ticket === ticket) {
      own = journal;
      if (journal.endedAt !== null) return journal;
    } else if (own) {
      // The next run has begun, so this one is over; what its last steps became, the agents' states say.
      throw errors.worktreeRefused('Another merge began before the end of this one was read.', 'See `taco agents`.');
    }
    if (Date.now() - checkedAt >= leaderMs) {
      checkedAt = Date.now();
      const now = (await sources.team()).leader;
      if (now !== null) ledAt = checkedAt;
      if (checkedAt - ledAt >= leaderlessMs)
        throw errors.worktreeRefused(
          `The leader of the team ended, and none followed: ${standing(own)}.`,
          'Start one with `taco up` or VS Code: it continues what was begun.',
        );
    }
    await sleep(pollMs);
  }
}

function standing(journal: MergeJournal | null): string {
  const step = journal?.steps.find(({ state }) => state === 'merging' || state === 'checking' || state === 'moving');
  return step ? `the merge of ${step.agent} stands at "${step.state}"` : 'the merge stands still';
}

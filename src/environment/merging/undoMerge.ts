import { errors } from '../../core/errors/errors';
import type { MergeJournal, MergeStep } from '../../core/proof/mergeJournal';
import type { Git } from '../git/git';
import { readProblem } from '../git/gitProblem';
import { commitOf, operationInProgress } from '../git/projectRepository';
import { listTrees } from '../git/worktreeList';
import type { JournalFile } from './journalFile';

/** A merge that can be undone: the branch still is at its result. */
export interface UndoableMerge extends Pick<MergeStep, 'agent' | 'branch' | 'before' | 'result'> {
  /** The user's branch, without `refs/heads/`. */
  readonly target: string;
}

/** Takes merges of the lane back, the newest first. Commits that came later are never lost: they refuse it. */
export class UndoMerge {
  constructor(
    private readonly git: Git,
    private readonly projectDir: string,
    private readonly journal: JournalFile,
  ) {}

  /** Returns the newest merge. Throws TacoError worktree-refused when there is none, or the branch has moved since. */
  async find(): Promise<UndoableMerge> {
    const runs = await this.journal.all();
    for (const { target, steps } of runs) {
      const now = await commitOf(this.git, this.projectDir, `refs/heads/${target}`);
      const step = steps.findLast((each) => hasMoved(each) && each.result === now);
      if (step) return { ...step, target };
    }
    const [last] = runs.filter(({ steps }) => steps.some(hasMoved));
    throw errors.worktreeRefused(
      last ? `Cannot undo a merge: ${last.target} has other commits since.` : 'Cannot undo a merge: none is known.',
      'See what was before each merge: git for-each-ref refs/taco/before',
    );
  }

  /**
   * Sets the branch back to before the merge, and keeps the result as `refs/taco/undone/…`. Returns that ref. Throws
   * TacoError worktree-refused when the branch has moved, or uncommitted files are in the way.
   */
  async undo({ target, agent, before, result }: UndoableMerge): Promise<string> {
    const branch = `refs/heads/${target}`;
    const tree = (await listTrees(this.git, this.projectDir)).find((each) => !each.bare && each.branch === target);
    const operation = tree ? await operationInProgress(this.git, tree.path) : null;
    if (operation !== null)
      throw errors.worktreeRefused(`Cannot undo the merge: ${operation} is in progress.`, 'Finish or abort it first.');
    if ((await commitOf(this.git, this.projectDir, branch)) !== result)
      throw errors.worktreeRefused(`Cannot undo the merge: ${target} has moved.`, 'Look at its newest commits first.');
    const ref = `refs/taco/undone/${agent}-${result.slice(0, 12)}`;
    await this.git.run(this.projectDir, ['update-ref', ref, result]);
    const moved = tree
      ? await this.git.run(tree.path, ['reset', '--quiet', '--keep', before])
      : await this.git.run(this.projectDir, ['update-ref', '-m', 'taco: undo merge', branch, before, result]);
    if (moved.ok) return ref;
    const { why } = readProblem(moved.problem, '');
    throw errors.worktreeRefused(
      `Cannot undo the merge: ${why}`,
      'Commit the files that are in the way, and try again.',
    );
  }
}

function hasMoved({ state, before, result }: MergeJournal['steps'][number]): boolean {
  return state === 'merged' && result !== '' && before !== '' && before !== result;
}

import { errors } from '../../core/errors/errors';
import type { Git, GitAnswer } from './git';
import { readProblem } from './gitProblem';
import { commitOf, operationInProgress } from './projectRepository';
import { type Worktree, listTrees } from './worktreeList';

export interface Merged {
  /** Number of merged commits; 0: the branch was merged already. */
  readonly commits: number;
  /** Sentences for the user; empty on complete success. */
  readonly warnings: readonly string[];
}

/**
 * Merges a worktree's branch into the user's current branch. Afterwards the branch is merged, the files are
 * unchanged, or the error names their state. Conflicts stay in the user's files, where the editor shows them.
 */
export class WorktreeMerger {
  constructor(
    private readonly git: Git,
    private readonly projectDir: string,
  ) {}

  /** Throws TacoError worktree-refused, worktree-conflict with the files. */
  async merge({ branch, name, path }: Worktree, signal?: AbortSignal): Promise<Merged> {
    if (branch === '') throw await this.onNoBranch(name, path);
    const before = await this.target(branch);
    const tip = await commitOf(this.git, this.projectDir, `refs/heads/${branch}`);
    if (tip === null) throw errors.worktreeRefused(`The branch ${branch} has no commit.`, `See ${path}`);
    const count = await this.git.run(this.projectDir, ['rev-list', '--count', `${before}..${tip}`]);
    // The user's merge.ff, merge.autoStash and branch.*.mergeOptions would change the merge that is reported here.
    const command = [
      'merge',
      '--commit',
      '--no-squash',
      '--no-ff',
      '--no-edit',
      '--no-autostash',
      `refs/heads/${branch}`,
    ];
    const answer = await this.git.run(this.projectDir, command, { signal });
    const isMerged = (await this.git.run(this.projectDir, ['merge-base', '--is-ancestor', tip, 'HEAD'])).ok;
    if (isMerged)
      return {
        commits: Number(count.out) || 0,
        warnings: answer.ok ? [] : [`git reported after the merge: ${answer.problem}`],
      };
    throw await this.failure(branch, before, answer);
  }

  /**
   * Returns the commit to merge into. Throws TacoError worktree-refused when the merge would disturb an operation or
   * get lost.
   */
  private async target(branch: string): Promise<string> {
    const inside = await this.git.run(this.projectDir, ['rev-parse', '--is-inside-work-tree']);
    if (!inside.ok) {
      const { why, cure } = readProblem(inside.problem, 'See `git status` in the project.');
      throw errors.worktreeRefused(`Cannot merge ${branch}: ${why}`, cure);
    }
    if (inside.out !== 'true') {
      const trees = (await listTrees(this.git, this.projectDir)).filter((tree) => !tree.bare && tree.branch !== branch);
      throw errors.worktreeRefused(
        'The project is a bare repository: it has no files to merge into.',
        `Merge in a worktree of the branch you want: git -C ${trees[0]?.path ?? 'FOLDER'} merge ${branch}`,
      );
    }
    const operation = await operationInProgress(this.git, this.projectDir);
    if (operation !== null)
      throw errors.worktreeRefused(
        `Cannot merge ${branch}: ${operation} is in progress in the project. Nothing was changed.`,
        `Finish or abort ${operation} first (\`git status\` says how).`,
      );
    const head = await commitOf(this.git, this.projectDir, 'HEAD');
    if (head === null || !(await this.git.run(this.projectDir, ['symbolic-ref', '--quiet', 'HEAD'])).ok)
      throw errors.worktreeRefused(
        'The project is on no branch, so a merge could get lost.',
        'Switch to a branch first.',
      );
    return head;
  }

  private async onNoBranch(name: string, path: string): Promise<Error> {
    const operation = await operationInProgress(this.git, path);
    return operation === null
      ? errors.worktreeRefused(`${name} is on no branch.`, `Switch to one there: ${path}`)
      : errors.worktreeRefused(
          `${operation} is in progress in ${name}.`,
          `Let the agent finish it, or abort it there: ${path}`,
        );
  }

  /** Undoes a failed merge if no work of the user can be lost. Returns an error that names the state of the files. */
  private async failure(branch: string, before: string, answer: GitAnswer): Promise<Error> {
    const files = await this.git.run(this.projectDir, ['diff', '--name-only', '-z', '--diff-filter=U']);
    const conflicts = files.raw.split('\0').filter(Boolean);
    if (conflicts.length > 0 && !answer.cancelled) return errors.worktreeConflict(branch, conflicts);
    const { why, cure } = readProblem(
      answer.problem.replace(/^Not committing merge; use 'git commit' to complete the merge\.$/m, '').trim() ||
        'a hook of the repository refused the merge commit and gave no reason',
      `Correct that and try again, or merge by hand: git merge --no-ff ${branch}`,
    );
    const isHalfWay = (await operationInProgress(this.git, this.projectDir)) === 'a merge';
    if (isHalfWay) await this.git.run(this.projectDir, ['merge', '--abort']);
    const isBack =
      (await operationInProgress(this.git, this.projectDir)) === null &&
      (await commitOf(this.git, this.projectDir, 'HEAD')) === before;
    if (!isBack)
      return errors.worktreeRefused(
        `The merge of ${branch} stands half-way in your files, not committed: ${why}`,
        'Complete it with `git commit`, or take it back with `git merge --abort`.',
      );
    return errors.worktreeRefused(
      `Nothing was merged: ${answer.cancelled ? 'the merge was stopped' : why}`,
      `${answer.cancelled ? '' : `${cure} `}${isHalfWay ? 'The merge was aborted; your' : 'Your'} files are as they were.`,
    );
  }
}

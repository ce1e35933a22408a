import type { Git } from '../git/git';
import { readProblem } from '../git/gitProblem';
import { commitOf, operationInProgress } from '../git/projectRepository';
import { listTrees } from '../git/worktreeList';

export type Moved = { readonly how: 'moved' | 'raced' } | { readonly how: 'blocked'; readonly reason: string };

/**
 * Moves the user's branch from `before` to `result`, which descends from it. Where the branch is checked out, git
 * updates the files that differ, and refuses as a whole when that would touch a file with uncommitted changes.
 */
export async function moveBranch(
  git: Git,
  projectDir: string,
  target: string,
  before: string,
  result: string,
): Promise<Moved> {
  const ref = `refs/heads/${target}`;
  const now = await commitOf(git, projectDir, ref);
  if (now === result) return { how: 'moved' };
  if (now !== before) return { how: 'raced' };
  const tree = (await listTrees(git, projectDir)).find((each) => !each.bare && each.branch === target);
  if (!tree) {
    const updated = await git.run(projectDir, ['update-ref', '-m', 'taco: merge', ref, result, before]);
    return updated.ok ? { how: 'moved' } : { how: 'raced' };
  }
  const operation = await operationInProgress(git, tree.path);
  if (operation !== null)
    return { how: 'blocked', reason: `${operation} is in progress in ${tree.path}; finish or abort it first` };
  const merged = await git.run(tree.path, ['merge', '--quiet', '--ff-only', '--no-autostash', result]);
  const after = await commitOf(git, projectDir, ref);
  if (after === result) return { how: 'moved' };
  if (after !== before) return { how: 'raced' };
  return { how: 'blocked', reason: readProblem(merged.problem, '').why };
}

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errors } from '../../core/errors/errors';
import type { Git } from './git';
import { isOutsideRepository, readProblem } from './gitProblem';

/** Maximum number of a project's folders that are searched for repositories when the project itself is in none. */
const MAX_SEARCHED = 200;

/** The repository that contains a project. */
export interface ProjectRepository {
  /** Top of the project's working tree, as git prints it; null in a bare repository. */
  readonly top: string | null;
  /** The project's current commit. */
  readonly head: string;
}

/** Operations in progress in a working tree that a merge would disturb. */
const OPERATIONS: Readonly<Record<string, string>> = {
  MERGE_HEAD: 'a merge',
  'rebase-merge': 'a rebase',
  'rebase-apply': 'a rebase',
  CHERRY_PICK_HEAD: 'a cherry-pick',
  REVERT_HEAD: 'a revert',
};

/** Finds the repository of a project folder. Throws TacoError worktree-refused with git's reason and advice. */
export async function findRepository(git: Git, projectDir: string): Promise<ProjectRepository> {
  const inside = await git.run(projectDir, ['rev-parse', '--is-inside-work-tree', '--is-bare-repository']);
  if (!inside.ok) throw await noRepository(projectDir, inside.problem);
  const [isInWorkTree, isBare] = inside.out.split('\n');
  if (isInWorkTree !== 'true' && isBare !== 'true')
    throw errors.worktreeRefused(
      `${projectDir} lies inside a \`.git\` folder.`,
      'Open the folder that has the files of the project.',
    );
  const top = isInWorkTree === 'true' ? await git.run(projectDir, ['rev-parse', '--show-toplevel']) : null;
  if (top && !top.ok) throw await noRepository(projectDir, top.problem);
  const head = await commitOf(git, projectDir, 'HEAD');
  if (head !== null) return { top: top?.out ?? null, head };
  const branch = (await git.run(projectDir, ['symbolic-ref', '--short', '--quiet', 'HEAD'])).out;
  const others = (await git.run(projectDir, ['for-each-ref', '--count=1', 'refs/heads'])).out;
  throw others === ''
    ? errors.worktreeRefused('The project has no commit yet.', 'Commit once; a worktree begins with the last commit.')
    : errors.worktreeRefused(
        `The project is on the branch ${branch}, which has no commit yet.`,
        top
          ? 'Commit once, or switch to a branch with commits.'
          : 'Name a branch that has: git symbolic-ref HEAD refs/heads/BRANCH',
      );
}

/** Returns the commit of a name; null when there is none. */
export async function commitOf(git: Git, dir: string, name: string): Promise<string | null> {
  const commit = await git.run(dir, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
  return commit.ok ? commit.out : null;
}

/** Returns the operation in progress in a working tree, such as "a rebase"; null when there is none. */
export async function operationInProgress(git: Git, tree: string): Promise<string | null> {
  const names = Object.keys(OPERATIONS);
  const paths = await git.run(tree, ['rev-parse', ...names.flatMap((name) => ['--git-path', name])]);
  for (const [index, path] of paths.ok ? paths.out.split('\n').entries() : []) {
    const isThere = await stat(join(tree, path)).catch(() => stat(path).catch(() => null));
    if (isThere) return OPERATIONS[names[index] ?? ''] ?? null;
  }
  return null;
}

async function noRepository(projectDir: string, problem: string): Promise<Error> {
  const { why, cure } = readProblem(problem, 'See `git status` in the project.');
  if (!isOutsideRepository(problem)) return errors.worktreeRefused(`Cannot use git in ${projectDir}: ${why}`, cure);
  const found = await repositoriesIn(projectDir);
  const [first] = found.bare;
  if (first !== undefined)
    return errors.worktreeRefused(
      `${projectDir} is in no git repository; the bare repository ${first} lies in it.`,
      `Open one of its worktrees${found.trees.length > 0 ? ` (${found.trees.join(', ')})` : ''}, or make it the project's: write "gitdir: ./${first}" into a file \`.git\` in ${projectDir}.`,
    );
  if (found.trees.length > 0)
    return errors.worktreeRefused(
      `${projectDir} is in no git repository; these folders in it are: ${found.trees.join(', ')}.`,
      'Open one of them as the project, or do without worktrees.',
    );
  return errors.worktreeRefused(
    'The project is in no git repository.',
    'Run `git init` and commit, or do without worktrees.',
  );
}

/** Returns the names of the folders that are bare repositories, and of those that are working trees. */
async function repositoriesIn(dir: string): Promise<{ readonly bare: string[]; readonly trees: string[] }> {
  const bare: string[] = [];
  const trees: string[] = [];
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  const has = (...path: string[]): Promise<boolean> =>
    stat(join(dir, ...path)).then(
      () => true,
      () => false,
    );
  for (const { name } of entries.filter((entry) => entry.isDirectory()).slice(0, MAX_SEARCHED)) {
    if (await has(name, '.git')) trees.push(name);
    else if ((await has(name, 'HEAD')) && (await has(name, 'objects')) && (await has(name, 'refs'))) bare.push(name);
  }
  return { bare: bare.sort(), trees: trees.sort() };
}

import { existsSync } from 'node:fs';
import { mkdir, realpath, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { errors } from '../../core/errors/errors';
import { branchPart, freePrefix, isFreeBranch } from './branchNames';
import type { Git, GitAnswer } from './git';
import { readProblem } from './gitProblem';
import { copyIncludedFiles } from './includedFiles';
import { commitOf, findRepository, operationInProgress, type ProjectRepository } from './projectRepository';
import { initSubmodules } from './submodules';
import { listTrees, type ListedTree } from './worktreeList';
import { runSetup } from './worktreeSetup';

export interface NewWorktree {
  /** Folder as deep in the worktree as the project is in its repository; real path. */
  readonly folder: string;
  /** Sentences for the user about failures that did not prevent the worktree. */
  readonly warnings: readonly string[];
}

export interface MakeOptions {
  /** Argument array that runs in the worktree before any agent works there. */
  readonly setup?: readonly string[];
  /** Ignored files of the project to copy, in .gitignore syntax, in addition to those in `.worktreeinclude`. */
  readonly include?: readonly string[];
  /** Branch, tag or commit from which it begins; absent: the project's current commit. */
  readonly base?: string | undefined;
  /** Ends everything that runs, hooks and set-up included. */
  readonly signal?: AbortSignal | undefined;
  /** Called often with the current step. */
  readonly onProgress?: (text: string) => void;
}

/** File in a worktree's own git folder until its set-up has ended: no agent has worked there. */
const UNFINISHED = 'taco-unfinished';

/** Makes a worktree for an agent, or leaves nothing behind. */
export class WorktreeMaker {
  constructor(
    private readonly git: Git,
    private readonly projectDir: string,
    private readonly root: string,
    private readonly env: Readonly<Record<string, string | undefined>>,
  ) {}

  /** As `Worktrees.add`. */
  async make(session: string, agent: string, options: MakeOptions): Promise<NewWorktree> {
    const { setup = [], include = [], signal, onProgress = () => undefined } = options;
    const repository = await this.repositoryAt(options.base, agent);
    onProgress('checking out the files');
    const { path, warnings } =
      (await this.reuse(session, agent, repository)) ?? (await this.add(session, agent, repository, signal));
    const top = await realpath(path);
    const folder = join(
      top,
      repository.top === null ? '' : relative(await realpath(repository.top), await realpath(this.projectDir)),
    );
    const mark = await this.markOf(top);
    await writeFile(mark, 'No agent has worked in this worktree yet.\n');
    // The project may be a folder that was never committed.
    await mkdir(folder, { recursive: true });
    if (repository.top !== null) {
      const projectTop = await realpath(repository.top);
      onProgress('checking out the submodules');
      warnings.push(...(await initSubmodules(this.git, projectTop, top, signal)));
      onProgress('copying the files that .worktreeinclude names');
      warnings.push(...(await copyIncludedFiles(this.git, projectTop, top, include, signal)));
    }
    if (signal?.aborted) throw errors.cancelled(`The worktree of ${agent}`);
    if (setup.length > 0) {
      const text = setup.join(' ');
      onProgress(text);
      await runSetup({
        agent,
        folder,
        command: setup,
        env: this.env,
        signal,
        onLine: (line) => onProgress(`${text}: ${line}`),
      });
    }
    await rm(mark, { force: true });
    return { folder, warnings };
  }

  /** Returns the project's repository with the commit from which a worktree begins. Throws TacoError worktree-refused. */
  private async repositoryAt(base: string | undefined, agent: string): Promise<ProjectRepository> {
    const repository = await findRepository(this.git, this.projectDir);
    if (base === undefined) return repository;
    const head = await commitOf(this.git, this.projectDir, base);
    if (head !== null) return { ...repository, head };
    throw errors.worktreeRefused(
      `Cannot make a worktree for ${agent}: there is no commit "${base}" in the project.`,
      'Correct the "base" of the plan, or fetch that branch first.',
    );
  }

  /** Resets an unused worktree of this name to the project's commit and returns it; null when there is none. */
  private async reuse(
    session: string,
    agent: string,
    { head }: ProjectRepository,
  ): Promise<{ path: string; warnings: string[] } | null> {
    const trees = await listTrees(this.git, this.projectDir);
    for (let n = 1; existsSync(this.pathOf(session, agent, n)); n++) {
      const path = await realpath(this.pathOf(session, agent, n));
      const tree = trees.find((each) => each.path === path);
      if (!tree || tree.locked !== null || !(await this.isUnused(tree, head))) continue;
      if (!(await this.git.run(path, ['reset', '--quiet', '--hard', head])).ok) continue;
      return { path, warnings: [`${agent} uses the worktree ${path}, which an earlier try left behind unused.`] };
    }
    return null;
  }

  /** Returns whether the worktree contains no work. */
  private async isUnused({ path, branch }: ListedTree, head: string): Promise<boolean> {
    if (branch === '' || (await operationInProgress(this.git, path)) !== null) return false;
    const ahead = await this.git.run(path, ['rev-list', '--count', 'HEAD', '--not', head]);
    if (!ahead.ok || ahead.out !== '0') return false;
    if (existsSync(await this.markOf(path))) return true;
    const status = await this.git.run(path, [
      'status',
      '--porcelain',
      '--untracked-files=all',
      '--ignore-submodules=none',
    ]);
    return status.ok && status.out === '';
  }

  private async add(
    session: string,
    agent: string,
    { head }: ProjectRepository,
    signal: AbortSignal | undefined,
  ): Promise<{ path: string; warnings: string[] }> {
    const { path, branch } = await this.free(session, agent);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const command = ['worktree', 'add', '--quiet', '-b', branch, path, head];
    const added = await this.git.run(this.projectDir, command, { signal });
    if (added.ok) return { path, warnings: [] };
    if (!added.cancelled && (await this.stands(path, branch, head)))
      return {
        path,
        warnings: [
          `A hook of the repository (post-checkout) failed in ${agent}'s worktree: ${added.problem}. All files are there, and the worktree is used.`,
        ],
      };
    throw await this.undo(agent, path, branch, head, added);
  }

  /**
   * Returns whether git completed the worktree although it reports a failure: a failing hook does not undo a
   * checkout.
   */
  private async stands(path: string, branch: string, head: string): Promise<boolean> {
    if (!existsSync(path)) return false;
    const at = await this.git.run(path, ['symbolic-ref', '--short', '--quiet', 'HEAD']);
    const status = await this.git.run(path, ['status', '--porcelain', '--untracked-files=no']);
    return (
      at.ok && at.out === branch && status.ok && status.out === '' && (await commitOf(this.git, path, 'HEAD')) === head
    );
  }

  /** Undoes git's partial work and returns the error to throw; it names what could not be undone. */
  private async undo(agent: string, path: string, branch: string, head: string, added: GitAnswer): Promise<Error> {
    await this.git.run(this.projectDir, ['worktree', 'remove', '--force', '--force', path]);
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
    await rmdir(dirname(path)).catch(() => undefined);
    // Deletes the branch only while it is still at the commit at which TACO made it.
    await this.git.run(this.projectDir, ['update-ref', '-d', `refs/heads/${branch}`, head]);
    const branchIsLeft = (await commitOf(this.git, this.projectDir, `refs/heads/${branch}`)) !== null;
    const left = [...(existsSync(path) ? [path] : []), ...(branchIsLeft ? [`the branch ${branch}`] : [])];
    const behind = left.length === 0 ? 'Nothing was left behind.' : `Left behind: ${left.join(' and ')}.`;
    if (added.cancelled) return errors.cancelled(`The worktree of ${agent}`);
    const { why, cure } = readProblem(added.problem, 'Correct that, or do without worktrees.');
    return errors.worktreeRefused(`Cannot make a worktree for ${agent}: ${why}`, `${cure} ${behind}`);
  }

  /** Returns a name that no worktree and no branch has, so that an earlier team's work is never reused. */
  private async free(session: string, agent: string): Promise<{ path: string; branch: string }> {
    const listed = await this.git.run(this.projectDir, ['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads']);
    const branches = listed.out.split('\n').filter(Boolean);
    const trees = await listTrees(this.git, this.projectDir);
    const root = await realpath(this.root).catch(() => this.root);
    const part = branchPart(session);
    const prefix = freePrefix(branches, part);
    for (let n = 1; ; n++) {
      const path = this.pathOf(session, agent, n);
      const branch = `${prefix}/${part}/${branchPart(agent)}${n === 1 ? '' : `-${n}`}`;
      const listedPath = join(root, relative(this.root, path));
      // git still lists a worktree whose folder was removed by hand.
      const isListed = trees.some((tree) => tree.path === listedPath || tree.branch === branch);
      if (isFreeBranch(branches, branch) && !existsSync(path) && !isListed) return { path, branch };
    }
  }

  private pathOf(session: string, agent: string, n: number): string {
    return join(this.root, session, n === 1 ? agent : `${agent}-${n}`);
  }

  /** Returns the path of the file that marks a worktree as unused. Throws TacoError worktree-refused. */
  private async markOf(path: string): Promise<string> {
    const folder = await this.git.run(path, ['rev-parse', '--absolute-git-dir']);
    if (folder.ok) return join(folder.out, UNFINISHED);
    const { why, cure } = readProblem(folder.problem, 'See `git worktree list`.');
    throw errors.worktreeRefused(`Cannot use the worktree ${path}: ${why}`, cure);
  }
}

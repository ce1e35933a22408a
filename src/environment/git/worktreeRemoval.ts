import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errors } from '../../core/errors/errors';
import type { Git } from './git';
import { readProblem } from './gitProblem';
import { checkedOutSubmodules, submoduleWithWork } from './submodules';
import { type Worktree, listTrees } from './worktreeList';

export interface RemovedWorktree {
  /** Reference that saves the uncommitted work; empty when there was none. */
  readonly savedAs: string;
  /** The branch if it still exists: it has unmerged commits. */
  readonly branchKept: string;
}

/** Author of a commit that saves uncommitted work. */
const TACO = {
  GIT_AUTHOR_NAME: 'TACO',
  GIT_AUTHOR_EMAIL: 'taco@localhost',
  GIT_COMMITTER_NAME: 'TACO',
  GIT_COMMITTER_EMAIL: 'taco@localhost',
};

/** Removes worktrees, and determines what a removal would lose. */
export class WorktreeRemover {
  constructor(
    private readonly git: Git,
    private readonly projectDir: string,
    private readonly root: string,
  ) {}

  /**
   * Returns the reason why a removal would lose something; empty when it would not. A failure of git counts as a
   * reason.
   */
  async keeps(path: string): Promise<string> {
    const status = await this.git.run(path, [
      'status',
      '--porcelain',
      '-z',
      '--no-renames',
      '--untracked-files=all',
      '--ignore-submodules=none',
    ]);
    if (!status.ok) return 'cannot be read';
    const files = status.raw.split('\0').filter(Boolean).length;
    if (files > 0) return `has ${files} uncommitted file${files === 1 ? '' : 's'}`;
    const submodule = await this.submoduleWithWork(path);
    if (submodule !== null) return `has work in the submodule ${submodule}`;
    const refs = await this.git.run(path, [
      'for-each-ref',
      '--contains',
      'HEAD',
      '--count=1',
      'refs/heads',
      'refs/remotes',
      'refs/tags',
    ]);
    if (!refs.ok || refs.out === '') return 'has commits that are on no branch';
    const { locked = null } = (await listTrees(this.git, this.projectDir)).find((each) => each.path === path) ?? {};
    return locked === null ? '' : `is locked${locked === '' ? '' : ` (${locked})`}`;
  }

  /** As `Worktrees.remove`. */
  async remove({ path, branch, keeps, name }: Worktree, force: boolean): Promise<RemovedWorktree> {
    if (keeps.startsWith('is locked'))
      throw errors.worktreeRefused(`${name} ${keeps}.`, `Unlock it first: git worktree unlock ${path}`);
    if (keeps !== '' && !force)
      throw errors.worktreeRefused(`${name} ${keeps}.`, 'Commit it there, or say --force: it is saved, then removed.');
    const submodule = await this.submoduleWithWork(path);
    if (submodule !== null) {
      // A submodule's commits are inside the worktree: no reference of TACO's can save them.
      throw errors.worktreeRefused(
        `${name} has work in the submodule ${submodule}, which would go with it.`,
        `Push it, then run: git worktree remove --force ${path}`,
      );
    }
    const savedAs = keeps === '' ? '' : await this.save(path, name);
    // git refuses to remove any worktree with submodules without this option.
    const hasSubmodules = (await checkedOutSubmodules(this.git, path)).length > 0;
    const options = force || hasSubmodules ? ['--force'] : [];
    const removed = await this.git.run(this.projectDir, ['worktree', 'remove', ...options, path]);
    if (!removed.ok) {
      const { why, cure } = readProblem(removed.problem, `See ${path}`);
      throw errors.worktreeRefused(`${name} was not removed: ${why}`, cure);
    }
    if (branch === '') return { savedAs, branchKept: '' };
    const deleted = (await this.isMerged(branch)) && (await this.git.run(this.projectDir, ['branch', '-D', branch])).ok;
    return { savedAs, branchKept: deleted ? '' : branch };
  }

  /**
   * Returns whether another branch or tag has all its commits; a detached HEAD with such commits can be left safely.
   */
  private async isMerged(branch: string): Promise<boolean> {
    const format = ['for-each-ref', '--format=%(refname)', '--contains', `refs/heads/${branch}`];
    const refs = await this.git.run(this.projectDir, [...format, 'refs/heads', 'refs/remotes', 'refs/tags']);
    return refs.ok && refs.out.split('\n').some((ref) => ref !== '' && ref !== `refs/heads/${branch}`);
  }

  private async submoduleWithWork(path: string): Promise<string | null> {
    const top = await this.git.run(this.projectDir, ['rev-parse', '--show-toplevel']);
    // A bare repository has no copy of a submodule: the worktree's checkout is the only one.
    return submoduleWithWork(this.git, top.ok ? top.out : this.projectDir, path);
  }

  /** Commits all files, new ones included, on its HEAD; its own index stays unchanged. */
  private async save(path: string, name: string): Promise<string> {
    const index = join(this.root, `.index-${process.pid}-${Date.now()}`);
    const ref = `refs/taco/saved/${name}-${Date.now()}`;
    const run = async (...args: string[]): Promise<string> => {
      const { ok, out, problem } = await this.git.run(path, args, { env: { ...TACO, GIT_INDEX_FILE: index } });
      if (ok) return out;
      const { why, cure } = readProblem(problem, `Save it by hand: ${path}`);
      throw errors.worktreeRefused(`What is in ${name} could not be saved: ${why}`, `${cure} Nothing was removed.`);
    };
    try {
      await run('read-tree', 'HEAD');
      await run('-c', 'core.safecrlf=false', 'add', '--all');
      const tree = await run('write-tree');
      const commit = await run('commit-tree', '--no-gpg-sign', tree, '-p', 'HEAD', '-m', `Uncommitted work of ${name}`);
      await run('update-ref', ref, commit);
      return ref;
    } finally {
      await rm(index, { force: true });
    }
  }
}

import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { errors } from '../../core/errors/errors';
import { Git } from './git';
import { type Worktree, listTrees, type ListedTree } from './worktreeList';
import { WorktreeMaker, type MakeOptions, type NewWorktree } from './worktreeMaker';
import { WorktreeMerger, type Merged } from './worktreeMerge';
import { WorktreeRemover, type RemovedWorktree } from './worktreeRemoval';

/**
 * git worktrees for agents, each with a branch `taco/SESSION/AGENT`, below `root` and never inside the project. Only
 * `merge` changes the user's own tree.
 */
export class Worktrees {
  private readonly git: Git;
  private readonly maker: WorktreeMaker;
  private readonly merger: WorktreeMerger;
  private readonly remover: WorktreeRemover;

  constructor(
    private readonly projectDir: string,
    /** TACO's own folder for this project's worktrees. */
    private readonly root: string,
    env: Readonly<Record<string, string | undefined>>,
  ) {
    this.git = new Git(env);
    this.maker = new WorktreeMaker(this.git, projectDir, root, env);
    this.merger = new WorktreeMerger(this.git, projectDir);
    this.remover = new WorktreeRemover(this.git, projectDir, root);
  }

  /**
   * Makes a worktree from the project's last commit, checks out the submodules that the project has checked out, and
   * runs the set-up. Reuses an unused one of this name. Throws TacoError worktree-refused, cancelled. Git's partial
   * work is then undone or named. A worktree with a failed set-up stays for the next attempt. The user's uncommitted
   * work is untouched.
   */
  add(session: string, agent: string, options: MakeOptions = {}): Promise<NewWorktree> {
    return this.maker.make(session, agent, options);
  }

  /** Lists the worktrees, sorted by name. */
  async list(): Promise<readonly Worktree[]> {
    if (!existsSync(this.root)) return [];
    const root = (await realpath(this.root)) + sep;
    const own = (await listTrees(this.git, this.projectDir)).filter(
      ({ path }) => path.startsWith(root) && existsSync(path),
    );
    const sorted = own.sort((a, b) => (a.path < b.path ? -1 : 1));
    return Promise.all(sorted.map((tree) => this.read(tree, tree.path.slice(root.length))));
  }

  /**
   * Finds a worktree by `session/agent`, or by the agent's name if that is unique. Throws TacoError worktree-refused.
   */
  async find(name: string): Promise<Worktree> {
    const all = await this.list();
    const found = all.filter((each) => each.name === name || each.name.split('/').at(-1) === name);
    const [only] = found;
    if (only && found.length === 1) return only;
    const known = all.map((each) => each.name).join(', ');
    throw errors.worktreeRefused(
      only ? `There are ${found.length} worktrees "${name}".` : `There is no worktree "${name}".`,
      known ? `Available: ${known}.` : 'There are none.',
    );
  }

  /** Returns the changes that the project's HEAD lacks, committed or not, and the names of new files. */
  async diff({ path }: Worktree): Promise<{ readonly patch: string; readonly untracked: readonly string[] }> {
    const head = (await this.git.run(this.projectDir, ['rev-parse', 'HEAD'])).out;
    const base = await this.git.run(path, ['merge-base', 'HEAD', head]);
    const patch = await this.git.run(path, ['diff', '--no-color', '--no-ext-diff', base.ok ? base.out : 'HEAD']);
    const untracked = await this.git.run(path, ['ls-files', '--others', '--exclude-standard', '-z']);
    return { patch: patch.out, untracked: untracked.raw.split('\0').filter(Boolean) };
  }

  /**
   * Merges its branch into the user's current branch. Throws TacoError worktree-refused, worktree-conflict with the
   * files.
   */
  merge(worktree: Worktree, signal?: AbortSignal): Promise<Merged> {
    return this.merger.merge(worktree, signal);
  }

  /**
   * Removes the worktree; deletes its branch only when all its commits are merged. `force` first saves work that is
   * uncommitted or on no branch under `refs/taco/saved/`. Throws TacoError worktree-refused when `force` is necessary
   * and not set.
   */
  remove(worktree: Worktree, force: boolean): Promise<RemovedWorktree> {
    return this.remover.remove(worktree, force);
  }

  private async read({ path, branch }: ListedTree, name: string): Promise<Worktree> {
    const head = await this.git.run(this.projectDir, ['rev-parse', 'HEAD']);
    const [ahead, keeps] = await Promise.all([
      this.git.run(path, ['rev-list', '--count', `${head.out}..HEAD`]),
      this.remover.keeps(path),
    ]);
    return { name, path, branch, ahead: Number(ahead.out) || 0, keeps };
  }
}

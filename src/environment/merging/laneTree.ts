import { existsSync } from 'node:fs';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { errors } from '../../core/errors/errors';
import type { Git } from '../git/git';
import { readProblem } from '../git/gitProblem';
import { copyIncludedFiles } from '../git/includedFiles';
import { initSubmodules, shareSubmodules } from '../git/submodules';
import { listTrees } from '../git/worktreeList';
import { runSetup } from '../git/worktreeSetup';

export interface LaneTreeOptions {
  readonly projectDir: string;
  /** Where the lane's worktree is, outside every project. */
  readonly path: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly setup: readonly string[];
  readonly include: readonly string[];
}

/** The merge lane's own worktree: nobody works in it, so that it can always be reset. */
export class LaneTree {
  constructor(
    private readonly git: Git,
    private readonly options: LaneTreeOptions,
  ) {}

  /**
   * Makes the worktree if it is missing, and sets it to `commit` without any rest of an earlier merge. Returns the
   * folder in it that is the project's. Throws TacoError worktree-refused, cancelled.
   */
  async at(commit: string, signal?: AbortSignal): Promise<string> {
    const { path, projectDir } = this.options;
    const isNew = !(await this.isOurs());
    if (isNew) await this.make(commit);
    await this.git.run(path, ['merge', '--abort']);
    await this.git.run(path, ['rebase', '--abort']);
    await this.must(['reset', '--quiet', '--hard'], path);
    await this.must(['checkout', '--quiet', '--force', '--detach', commit], path);
    await this.must(['clean', '--quiet', '-fd'], path);
    const top = (await this.git.run(projectDir, ['rev-parse', '--show-toplevel'])).out;
    const folder = top === '' ? path : join(path, relative(await realpath(top), await realpath(projectDir)));
    await mkdir(folder, { recursive: true });
    if (top !== '') await initSubmodules(this.git, await realpath(top), path, signal);
    if (isNew) await this.prepare(top, folder, signal);
    return folder;
  }

  /**
   * Checks out the submodules of a merged result as it names them. Commits that only the agent's worktree has are copied
   * from there, also into the project's submodules. Returns why that failed; empty when it did not.
   */
  async checkOutSubmodules(agentTree: string, signal?: AbortSignal): Promise<string> {
    const { path, projectDir } = this.options;
    const top = (await this.git.run(projectDir, ['rev-parse', '--show-toplevel'])).out;
    if (top !== '') await shareSubmodules(this.git, agentTree, top);
    return (await initSubmodules(this.git, agentTree, path, signal)).join(' ');
  }

  /** Copies the commits of the agent's submodules here: git merges two commits of a submodule only where it has both. */
  async takeSubmodules(agentTree: string): Promise<void> {
    await shareSubmodules(this.git, agentTree, this.options.path);
  }

  private async isOurs(): Promise<boolean> {
    const { path, projectDir } = this.options;
    if (!existsSync(path)) return false;
    const real = await realpath(path);
    return (await listTrees(this.git, projectDir)).some((tree) => tree.path === real);
  }

  private async make(commit: string): Promise<void> {
    const { path, projectDir } = this.options;
    await rm(path, { recursive: true, force: true });
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // Twice: git may still list a worktree whose folder was removed.
    await this.must(['worktree', 'add', '--quiet', '--force', '--force', '--detach', path, commit], projectDir);
  }

  /** Copies ignored files and runs the set-up; after a failure the worktree is removed, so that the next try repeats it. */
  private async prepare(top: string, folder: string, signal?: AbortSignal): Promise<void> {
    const { path, projectDir, include, setup, env } = this.options;
    try {
      if (top !== '') await copyIncludedFiles(this.git, await realpath(top), await realpath(path), include, signal);
      if (setup.length > 0)
        await runSetup({ agent: 'the merge lane', folder, command: setup, env, signal, onLine: () => undefined });
    } catch (error) {
      await this.git.run(projectDir, ['worktree', 'remove', '--force', '--force', path]);
      throw error;
    }
  }

  private async must(args: readonly string[], cwd: string): Promise<void> {
    const answer = await this.git.run(cwd, args);
    if (answer.ok) return;
    const { why, cure } = readProblem(answer.problem, 'See `git worktree list` in the project.');
    throw errors.worktreeRefused(`Cannot prepare the merge: ${why}`, cure);
  }
}

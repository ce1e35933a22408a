import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { errors } from '../../core/base/errors';
import { Git } from './git';

/** An agent's own working tree, as it stands. */
export interface Worktree {
  /** `session/agent`. */
  readonly name: string;
  /** Its folder, real path. */
  readonly path: string;
  /** Empty while its HEAD is detached. */
  readonly branch: string;
  /** Why it cannot be removed without losing something; empty: it can. */
  readonly keeps: string;
  /** Commits that the project's HEAD does not have. */
  readonly ahead: number;
}

export interface RemovedWorktree {
  /** Where what was not committed lies now; empty when there was nothing. */
  readonly savedAs: string;
  /** The branch, if it is still there: it has commits that are merged nowhere. */
  readonly branchKept: string;
}

const SETUP_MS = 10 * 60_000;

/**
 * git worktrees for agents, each with a branch `taco/SESSION/AGENT`, below `root` and never inside the project. The person's
 * own tree is touched by `merge` alone.
 */
export class Worktrees {
  private readonly git: Git;

  constructor(
    private readonly projectDir: string,
    /** Folder of TACO's own for this project's worktrees. */
    private readonly root: string,
    private readonly env: Readonly<Record<string, string | undefined>>,
  ) {
    this.git = new Git(env);
  }

  /**
   * Makes a worktree from the project's last commit and runs `setup` in it. Returns the folder to work in, which is as deep in it as the
   * project is in its repository. Throws TacoError worktree-refused; what the person has not committed stays where it is.
   */
  async add(session: string, agent: string, setup: readonly string[] = []): Promise<string> {
    const top = await this.git.run(this.projectDir, ['rev-parse', '--show-toplevel']);
    if (!top.ok)
      throw errors.worktreeRefused(
        'The project is in no git repository.',
        'Run `git init` and commit, or do without worktrees.',
      );
    const head = await this.git.run(this.projectDir, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
    if (!head.ok)
      throw errors.worktreeRefused(
        'The project has no commit yet.',
        'Commit once; a worktree begins with the last commit.',
      );
    const { path, branch } = await this.free(session, agent);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const added = await this.git.run(this.projectDir, ['worktree', 'add', '--quiet', '-b', branch, path, head.out]);
    if (!added.ok)
      throw errors.worktreeRefused(
        `git could not make a worktree for ${agent}: ${added.problem}`,
        'See `git worktree list`.',
      );
    const folder = join(await realpath(path), relative(await realpath(top.out), this.projectDir));
    // The project may be a folder that was never committed.
    await mkdir(folder, { recursive: true });
    if (setup.length > 0) await this.setUp(agent, folder, setup);
    return folder;
  }

  /** Those that are there, in the order of their names. */
  async list(): Promise<readonly Worktree[]> {
    const listed = await this.git.run(this.projectDir, ['worktree', 'list', '--porcelain']);
    if (!listed.ok || !existsSync(this.root)) return [];
    const root = (await realpath(this.root)) + sep;
    const paths = listed.out
      .split('\n')
      .filter((line) => line.startsWith('worktree '))
      .map((line) => line.slice('worktree '.length));
    const own = paths.filter((path) => path.startsWith(root) && existsSync(path)).sort();
    return Promise.all(own.map((path) => this.read(path, path.slice(root.length))));
  }

  /** By `session/agent`, or by the agent's name where that is enough. Throws TacoError worktree-refused. */
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

  /** What it has that the project's HEAD has not, committed or not; names of new files after it. */
  async diff({ path }: Worktree): Promise<{ readonly patch: string; readonly untracked: readonly string[] }> {
    const head = (await this.git.run(this.projectDir, ['rev-parse', 'HEAD'])).out;
    const base = await this.git.run(path, ['merge-base', 'HEAD', head]);
    const patch = await this.git.run(path, ['diff', '--no-color', '--no-ext-diff', base.ok ? base.out : 'HEAD']);
    const untracked = await this.git.run(path, ['ls-files', '--others', '--exclude-standard']);
    return { patch: patch.out, untracked: untracked.out.split('\n').filter(Boolean) };
  }

  /**
   * Merges its branch into the branch the person is on. Conflicts stay in the person's tree, where the editor shows them. Throws TacoError
   * worktree-refused when nothing was merged, worktree-conflict with the files.
   */
  async merge(worktree: Worktree): Promise<void> {
    const { branch, name } = worktree;
    if (branch === '')
      throw errors.worktreeRefused(`${name} is on no branch.`, `Switch to one there: ${worktree.path}`);
    if (!(await this.git.run(this.projectDir, ['symbolic-ref', '--quiet', 'HEAD'])).ok) {
      throw errors.worktreeRefused(
        'The project is on no branch, so a merge could get lost.',
        'Switch to a branch first.',
      );
    }
    const merged = await this.git.run(this.projectDir, ['merge', '--no-ff', '--no-edit', branch]);
    if (merged.ok) return;
    const conflicts = (await this.git.run(this.projectDir, ['diff', '--name-only', '--diff-filter=U'])).out
      .split('\n')
      .filter(Boolean);
    if (conflicts.length > 0) throw errors.worktreeConflict(branch, conflicts);
    throw errors.worktreeRefused(`Nothing was merged: ${merged.problem}`, 'Your files are as they were.');
  }

  /**
   * Removes the worktree; its branch goes only when all its commits are merged. With `force` what is not committed, or on no branch, is first
   * saved under `refs/taco/saved/`. Throws TacoError worktree-refused when that would be needed and is not given.
   */
  async remove(worktree: Worktree, force: boolean): Promise<RemovedWorktree> {
    const { path, branch, keeps, name } = worktree;
    if (keeps !== '' && !force)
      throw errors.worktreeRefused(`${name} ${keeps}.`, 'Commit it there, or say --force: it is saved, then removed.');
    if (keeps !== '' && (await this.submodules(path))) {
      // A submodule's commits lie inside the worktree: no reference of ours can save them.
      throw errors.worktreeRefused(
        `${name} has submodules, whose commits would go with it.`,
        `Push them, then run: git worktree remove --force ${path}`,
      );
    }
    const savedAs = keeps === '' ? '' : await this.save(path, name);
    const removed = await this.git.run(this.projectDir, ['worktree', 'remove', ...(force ? ['--force'] : []), path]);
    if (!removed.ok) throw errors.worktreeRefused(`${name} was not removed: ${removed.problem}`, `See ${path}`);
    if (branch === '') return { savedAs, branchKept: '' };
    const merged = (await this.git.run(this.projectDir, ['merge-base', '--is-ancestor', branch, 'HEAD'])).ok;
    const deleted = merged && (await this.git.run(this.projectDir, ['branch', '-D', branch])).ok;
    return { savedAs, branchKept: deleted ? '' : branch };
  }

  /** A name that no worktree and no branch has: an earlier team's work is never taken for this one's. */
  private async free(session: string, agent: string): Promise<{ path: string; branch: string }> {
    for (let n = 1; ; n++) {
      const name = n === 1 ? agent : `${agent}-${n}`;
      const branch = `taco/${session}/${name}`;
      const path = join(this.root, session, name);
      const known = await this.git.run(this.projectDir, ['show-ref', '--verify', '--quiet', `refs/heads/${branch}`]);
      if (!known.ok && !existsSync(path)) return { path, branch };
    }
  }

  private setUp(agent: string, cwd: string, [command = '', ...args]: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      execFile(
        command,
        args,
        { cwd, env: { ...this.env }, timeout: SETUP_MS, encoding: 'utf8' },
        (error, _stdout, stderr) => {
          if (error === null) resolve();
          else
            reject(
              errors.worktreeRefused(
                `The setup of ${agent}'s worktree failed: ${stderr.trim().slice(-500) || error.message}`,
                `It stays as it is: ${cwd}`,
              ),
            );
        },
      );
    });
  }

  private async read(path: string, name: string): Promise<Worktree> {
    const [branch, ahead, keeps] = await Promise.all([
      this.git.run(path, ['symbolic-ref', '--short', '--quiet', 'HEAD']),
      this.git
        .run(this.projectDir, ['rev-parse', 'HEAD'])
        .then(({ out }) => this.git.run(path, ['rev-list', '--count', `${out}..HEAD`])),
      this.keeps(path),
    ]);
    return { name, path, branch: branch.ok ? branch.out : '', ahead: Number(ahead.out) || 0, keeps };
  }

  /** What would be lost with it. When git cannot say, everything. */
  private async keeps(path: string): Promise<string> {
    const status = await this.git.run(path, [
      'status',
      '--porcelain',
      '--untracked-files=all',
      '--ignore-submodules=none',
    ]);
    if (!status.ok) return 'cannot be read';
    const files = status.out.split('\n').filter(Boolean).length;
    if (files > 0) return `has ${files} uncommitted file${files === 1 ? '' : 's'}`;
    if (await this.submodules(path)) return 'has submodules';
    const refs = await this.git.run(path, [
      'for-each-ref',
      '--contains',
      'HEAD',
      '--count=1',
      'refs/heads',
      'refs/remotes',
      'refs/tags',
    ]);
    return refs.ok && refs.out !== '' ? '' : 'has commits that are on no branch';
  }

  /** Whether it has submodules that were checked out there. */
  private async submodules(path: string): Promise<boolean> {
    const { ok, out } = await this.git.run(path, ['submodule', 'status', '--recursive']);
    return !ok || out.split('\n').some((line) => line !== '' && !line.startsWith('-'));
  }

  /** All that is there, new files included, as a commit on its HEAD; its own index stays untouched. */
  private async save(path: string, name: string): Promise<string> {
    const index = join(this.root, `.index-${process.pid}-${Date.now()}`);
    const ref = `refs/taco/saved/${name}-${Date.now()}`;
    const who = {
      GIT_AUTHOR_NAME: 'TACO',
      GIT_AUTHOR_EMAIL: 'taco@localhost',
      GIT_COMMITTER_NAME: 'TACO',
      GIT_COMMITTER_EMAIL: 'taco@localhost',
      GIT_INDEX_FILE: index,
    };
    try {
      const run = async (...args: string[]): Promise<string> => {
        const { ok, out, problem } = await this.git.run(path, args, who);
        if (!ok)
          throw errors.worktreeRefused(
            `What is in ${name} could not be saved: ${problem}`,
            `Nothing was removed: ${path}`,
          );
        return out;
      };
      await run('read-tree', 'HEAD');
      await run('add', '--all');
      const commit = await run(
        'commit-tree',
        await run('write-tree'),
        '-p',
        'HEAD',
        '-m',
        `Uncommitted work of ${name}`,
      );
      await run('update-ref', ref, commit);
      return ref;
    } finally {
      await rm(index, { force: true });
    }
  }
}

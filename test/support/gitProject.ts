/** A project in the test's own git repository, with one commit, and the worktrees that TACO makes of it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTacoError, type TacoErrorCode } from '../../src/core/errors/tacoError';
import { Worktrees } from '../../src/environment/git/worktrees';

/** For `assert.rejects`: a TacoError of this code whose message and hint match. */
export const refused =
  (code: TacoErrorCode, words: RegExp) =>
  (error: unknown): boolean => {
    if (isTacoError(error, code) && words.test(`${error.message} ${error.hint}`)) return true;
    throw error;
  };

export class GitProject {
  readonly dir = realpathSync(mkdtempSync(join(tmpdir(), 'taco-git-')));
  readonly project = join(this.dir, 'project');
  readonly root = join(this.dir, 'taco');
  readonly env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: this.dir,
    GIT_AUTHOR_NAME: 'T',
    GIT_AUTHOR_EMAIL: 't@localhost',
    GIT_COMMITTER_NAME: 'T',
    GIT_COMMITTER_EMAIL: 't@localhost',
  };

  constructor() {
    mkdirSync(this.project);
    this.git(this.project, 'init', '-q', '-b', 'main');
    this.commit(this.project, 'a.txt', 'one\n');
  }

  get worktrees(): Worktrees {
    return this.worktreesOf(this.project);
  }

  worktreesOf(project: string, env: Readonly<Record<string, string>> = {}): Worktrees {
    return new Worktrees(project, this.root, { ...this.env, ...env });
  }

  /** Runs git; throws when it fails. */
  git(cwd: string, ...args: string[]): string {
    return execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
      cwd,
      env: this.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  }

  write(folder: string, name: string, text: string): void {
    writeFileSync(join(folder, name), text);
  }

  read(folder: string, name: string): string {
    return readFileSync(join(folder, name), 'utf8');
  }

  commit(folder: string, name: string, text: string): void {
    this.write(folder, name, text);
    this.git(folder, 'add', '--all');
    this.git(folder, 'commit', '-q', '-m', name);
  }

  hook(name: string, script: string): void {
    const file = join(this.project, '.git', 'hooks', name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }

  branches(): string[] {
    return this.git(this.project, 'for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads').split('\n');
  }

  /** Creates a worktree with one commit that the project does not have. */
  async withWork(agent = 'api', file = 'b.txt', text = 'by the agent\n'): Promise<string> {
    const { folder } = await this.worktrees.add('team', agent);
    this.commit(folder, file, text);
    return folder;
  }

  /** Creates a repository with one file `l.txt`, as a submodule `lib` of the project. */
  addSubmodule(): string {
    const library = join(this.dir, 'library');
    mkdirSync(library);
    this.git(library, 'init', '-q', '-b', 'main');
    this.commit(library, 'l.txt', 'l');
    this.git(this.project, 'submodule', '--quiet', 'add', library, 'lib');
    this.git(this.project, 'commit', '-q', '-m', 'lib');
    return library;
  }

  close(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

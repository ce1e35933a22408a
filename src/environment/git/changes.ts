import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { errors } from '../../core/errors/errors';
import { Git } from './git';
import { isOutsideRepository, readProblem } from './gitProblem';

export interface ChangedFile {
  /** Relative to the top of the working tree. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  readonly kind: 'added' | 'changed' | 'deleted' | 'renamed';
  /** Path of a renamed file at the base; else its own path. */
  readonly basePath: string;
  /** Lines; null for a binary file. */
  readonly added: number | null;
  readonly removed: number | null;
}

/** The differences of a working tree from its base, committed or not. */
export interface TreeChanges {
  /** Top of the working tree, real path. */
  readonly top: string;
  /** The commit that it is compared with; empty in a repository without commits. */
  readonly base: string;
  readonly files: readonly ChangedFile[];
}

/** One hunk of a file's difference, in lines of the current file. */
export interface Hunk {
  readonly first: number;
  readonly last: number;
  /** The hunk as `git diff` prints it, from `@@` on. */
  readonly patch: string;
}

const KINDS: Readonly<Record<string, ChangedFile['kind']>> = { A: 'added', D: 'deleted', R: 'renamed', C: 'added' };
/** The empty tree, with which a repository without commits is compared. */
const NOTHING = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** Reads the changes of agents. Writes nothing and takes no git lock. */
export class Changes {
  private readonly git: Git;

  constructor(
    /** Real path. */
    private readonly projectDir: string,
    env: Readonly<Record<string, string | undefined>>,
  ) {
    this.git = new Git({ ...env, GIT_OPTIONAL_LOCKS: '0' });
  }

  /**
   * Compares a worktree with its merge base with the project's HEAD, and the project itself with its HEAD. Returns
   * null when the folder is in no git repository. Throws TacoError worktree-refused with git's reason and the cure when
   * git refuses the repository.
   * @param workspace an agent's folder
   */
  async of(workspace: string): Promise<TreeChanges | null> {
    const top = await this.git.run(workspace, ['rev-parse', '--show-toplevel']);
    if (!top.ok) {
      if (isOutsideRepository(top.problem)) return null;
      const { why, cure } = readProblem(top.problem, 'See `git status` in that folder.');
      throw errors.worktreeRefused(`Cannot use git in ${workspace}: ${why}`, cure);
    }
    const tree = await realpath(top.out);
    const base = await this.base(workspace);
    const [diff, untracked] = await Promise.all([
      this.git.run(tree, [
        'diff',
        '--no-color',
        '--raw',
        '--numstat',
        '-z',
        '-M',
        '--no-ext-diff',
        '--ignore-submodules=dirty',
        base || NOTHING,
      ]),
      this.git.run(tree, ['ls-files', '--others', '--exclude-standard', '-z']),
    ]);
    const fresh = untracked.out
      .split('\0')
      .filter(Boolean)
      .map((path): ChangedFile => ({
        path,
        file: join(tree, path),
        kind: 'added',
        basePath: path,
        added: null,
        removed: null,
      }));
    const known = filesOf(diff.out, tree);
    const names = new Set(known.map(({ path }) => path));
    const files = [...known, ...fresh.filter(({ path }) => !names.has(path))].sort((a, b) =>
      a.path < b.path ? -1 : 1,
    );
    return { top: tree, base, files };
  }

  /** Returns a file at a commit; empty when it does not exist there or is not text. */
  async contents(top: string, commit: string, path: string): Promise<string> {
    if (commit === '') return '';
    const shown = await this.git.run(top, ['show', `${commit}:${path}`]);
    return shown.ok && !shown.raw.includes('\0') ? shown.raw : '';
  }

  /** Returns the hunks of one file on disk. */
  async hunks({ top, base }: Pick<TreeChanges, 'top' | 'base'>, path: string): Promise<readonly Hunk[]> {
    const diff = await this.git.run(top, ['diff', '--no-color', '--no-ext-diff', base || NOTHING, '--', path]);
    return hunksOf(diff.out);
  }

  private async base(workspace: string): Promise<string> {
    const head = await this.git.run(this.projectDir, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
    const project = head.ok ? head.out : '';
    if (workspace === this.projectDir || project === '') return project;
    const parted = await this.git.run(workspace, ['merge-base', 'HEAD', project]);
    return parted.ok
      ? parted.out
      : (await this.git.run(workspace, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])).out;
  }
}

/**
 * Parses `git diff --raw --numstat -z`: first all raw entries, then the counts of the same files in the same order.
 */
function filesOf(output: string, top: string): readonly ChangedFile[] {
  const parts = output.split('\0');
  const files: ChangedFile[] = [];
  const numbers = new Map<string, readonly [number | null, number | null]>();
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at] ?? '';
    const raw = /^:\d+ \d+ \S+ \S+ ([A-Z])\d*$/.exec(part);
    if (raw) {
      const letter = raw[1] ?? 'M';
      const basePath = parts[++at] ?? '';
      const path = letter === 'R' || letter === 'C' ? (parts[++at] ?? '') : basePath;
      files.push({
        path,
        file: join(top, path),
        kind: KINDS[letter] ?? 'changed',
        basePath,
        added: null,
        removed: null,
      });
      continue;
    }
    const count = /^(\d+|-)\t(\d+|-)\t([^]*)$/.exec(part);
    if (!count) continue;
    const [, added = '-', removed = '-', name = ''] = count;
    if (name === '') at += 2; // a rename: its two names follow
    numbers.set(name === '' ? (parts[at] ?? '') : name, [numberOf(added), numberOf(removed)]);
  }
  return files.map((file) => {
    const [added, removed] = numbers.get(file.path) ?? [null, null];
    return { ...file, added, removed };
  });
}

function numberOf(text: string): number | null {
  return text === '-' ? null : Number(text);
}

/** Parses the hunks of one file's `git diff`. A hunk that only removes lines is at the line before. */
function hunksOf(diff: string): readonly Hunk[] {
  return diff.split(/^(?=@@ )/m).flatMap((part) => {
    const match = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/.exec(part);
    if (!match) return [];
    const first = Math.max(1, Number(match[1]));
    return [{ first, last: first + Math.max(0, Number(match[2] ?? 1) - 1), patch: part.trimEnd() }];
  });
}

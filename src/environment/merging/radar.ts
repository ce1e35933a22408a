import type { Git } from '../git/git';
import { commitOf } from '../git/projectRepository';
import { treeOfFiles } from '../git/treeOfFiles';

/** A working tree that the radar compares: an agent's, or the user's own. */
export interface RadarTree {
  readonly name: string;
  readonly path: string;
  /** Globs of the files that only this agent changes; absent: it may change any. */
  readonly owns?: readonly string[] | undefined;
}

/** Lines of a file as the merged text has them, from 1. */
export interface ConflictLines {
  readonly file: string;
  readonly lines: readonly (readonly [first: number, last: number])[];
}

interface Overlap {
  readonly agents: readonly [string, string];
  /** Files that both changed. */
  readonly files: readonly string[];
  /** Files whose merge would need a decision. */
  readonly conflicts: readonly ConflictLines[];
}

export interface RadarReport {
  readonly overlaps: readonly Overlap[];
  /** Files that an agent changed outside what it owns. */
  readonly outside: readonly { readonly agent: string; readonly files: readonly string[] }[];
}

interface Work {
  readonly tree: RadarTree;
  /** Its HEAD, or a commit on no branch that holds its uncommitted files as well. */
  readonly commit: string;
  readonly files: readonly string[];
}

/** Author of the commits that hold uncommitted files; no branch ever has them. */
const TACO = {
  GIT_AUTHOR_NAME: 'TACO',
  GIT_AUTHOR_EMAIL: 'taco@localhost',
  GIT_COMMITTER_NAME: 'TACO',
  GIT_COMMITTER_EMAIL: 'taco@localhost',
};

/** Compares working trees in memory (`git merge-tree`): no file, index or branch changes. Needs git 2.38. */
export class Radar {
  constructor(
    private readonly git: Git,
    private readonly projectDir: string,
  ) {}

  /** Compares each pair of trees that both have work, committed or not. A tree that git cannot read is left out. */
  async scan(trees: readonly RadarTree[]): Promise<RadarReport> {
    const works = (await Promise.all(trees.map((tree) => this.workOf(tree)))).flatMap((work) => work ?? []);
    const overlaps: Overlap[] = [];
    for (const [index, one] of works.entries())
      for (const other of works.slice(index + 1)) {
        const files = one.files.filter((file) => other.files.includes(file));
        const conflicts = await this.conflicts(one.commit, other.commit);
        if (files.length + conflicts.length > 0)
          overlaps.push({ agents: [one.tree.name, other.tree.name], files, conflicts });
      }
    const outside = await Promise.all(works.map((work) => this.outside(work)));
    return { overlaps, outside: outside.filter(({ files }) => files.length > 0) };
  }

  private async workOf(tree: RadarTree): Promise<Work | null> {
    const project = await commitOf(this.git, this.projectDir, 'HEAD');
    const commit = await this.commitWithFiles(tree.path);
    if (project === null || commit === null) return null;
    const base = await this.git.run(tree.path, ['merge-base', commit, project]);
    if (!base.ok) return null;
    const diff = await this.git.run(tree.path, ['diff', '--name-only', '--no-renames', '-z', base.out, commit]);
    const files = diff.raw.split('\0').filter(Boolean);
    return diff.ok && files.length > 0 ? { tree, commit, files } : null;
  }

  /** Returns a commit with everything in the tree that git does not ignore; null when git cannot read it. */
  private async commitWithFiles(path: string): Promise<string | null> {
    const head = await commitOf(this.git, path, 'HEAD');
    const tree = head === null ? null : await treeOfFiles(this.git, path);
    if (head === null || tree === null) return null;
    if (tree === (await this.git.run(path, ['rev-parse', 'HEAD^{tree}'])).out) return head;
    const commit = await this.git.run(path, ['commit-tree', '--no-gpg-sign', '-p', head, '-m', 'work', tree], {
      env: TACO,
    });
    return commit.ok ? commit.out : null;
  }

  private async conflicts(one: string, other: string): Promise<readonly ConflictLines[]> {
    const merged = await this.git.run(this.projectDir, ['merge-tree', '--write-tree', '-z', '--name-only', one, other]);
    if (merged.ok || merged.exitCode !== 1) return [];
    const [tree = '', ...rest] = merged.raw.split('\0');
    const end = rest.indexOf('');
    const files = [...new Set(rest.slice(0, end < 0 ? rest.length : end))];
    return Promise.all(
      files.map(async (file) => {
        const text = await this.git.run(this.projectDir, ['cat-file', '-p', `${tree}:${file}`]);
        return { file, lines: text.ok ? linesOf(text.raw) : [] };
      }),
    );
  }

  private async outside({ tree, commit, files }: Work): Promise<{ readonly agent: string; readonly files: string[] }> {
    if (tree.owns === undefined) return { agent: tree.name, files: [] };
    const project = (await commitOf(this.git, this.projectDir, 'HEAD')) ?? '';
    const base = (await this.git.run(tree.path, ['merge-base', commit, project])).out;
    const globs = tree.owns.map((glob) => `:(top,glob)${glob}`);
    const diff = await this.git.run(tree.path, [
      'diff',
      '--name-only',
      '--no-renames',
      '-z',
      base,
      commit,
      '--',
      ...globs,
    ]);
    const owned = new Set(diff.raw.split('\0').filter(Boolean));
    return { agent: tree.name, files: diff.ok ? files.filter((file) => !owned.has(file)) : [] };
  }
}

/** Returns the ranges of lines between conflict markers. */
function linesOf(text: string): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  let first = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('<<<<<<< ')) first = index + 1;
    if (line.startsWith('>>>>>>> ') && first > 0) {
      ranges.push([first, index + 1]);
      first = 0;
    }
  }
  return ranges;
}

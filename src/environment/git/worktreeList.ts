import type { Git } from './git';

/** A working tree as `git worktree list --porcelain` lists it. */
export interface ListedTree {
  readonly path: string;
  /** Without `refs/heads/`; empty when its HEAD is detached or it is bare. */
  readonly branch: string;
  readonly bare: boolean;
  /** The reason of a lock, empty when none was given; null: not locked. */
  readonly locked: string | null;
}

/** Lists all working trees of a project's repository, the main one first; empty when git fails. */
export async function listTrees(git: Git, projectDir: string): Promise<readonly ListedTree[]> {
  const listed = await git.run(projectDir, ['worktree', 'list', '--porcelain', '-z']);
  if (listed.ok) return treesOf(listed.raw, '\0');
  // git has `-z` since 2.36; without it a path with a line break looks like two lines.
  const lines = await git.run(projectDir, ['worktree', 'list', '--porcelain']);
  return lines.ok ? treesOf(lines.raw, '\n') : [];
}

/** Parses the output; each field ends with `end`, and each tree with an empty field. */
function treesOf(output: string, end: '\0' | '\n'): readonly ListedTree[] {
  return output.split(end + end).flatMap((block) => {
    const fields = new Map(
      block.split(end).map((field) => {
        const space = field.indexOf(' ');
        return space < 0 ? [field, ''] : [field.slice(0, space), field.slice(space + 1)];
      }),
    );
    const path = fields.get('worktree');
    if (path === undefined) return [];
    return [
      {
        path,
        branch: (fields.get('branch') ?? '').replace(/^refs\/heads\//, ''),
        bare: fields.has('bare'),
        locked: fields.get('locked') ?? null,
      },
    ];
  });
}

/** An agent's own working tree in its current state. */
export interface Worktree {
  /** `session/agent`. */
  readonly name: string;
  /** Its folder, real path. */
  readonly path: string;
  /** Empty while its HEAD is detached. */
  readonly branch: string;
  /** The reason why a removal would lose something; empty when nothing would be lost. */
  readonly keeps: string;
  /** Number of commits that the project's HEAD lacks. */
  readonly ahead: number;
}

import type { Git } from './git';
import { commitOf } from './projectRepository';

/** The content of a working tree at one moment. */
export interface WorkState {
  /** Its commit; empty without one. */
  readonly commit: string;
  /** Tracked files that differ from the commit, submodules with work included. */
  readonly changed: readonly string[];
  /** Files that no commit has and that git does not ignore. */
  readonly untracked: readonly string[];
}

/** Reads the state of a working tree without a lock; null when git cannot read it. */
export async function readWorkState(git: Git, folder: string): Promise<WorkState | null> {
  const status = await git.run(
    folder,
    ['status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--ignore-submodules=none'],
    { env: { GIT_OPTIONAL_LOCKS: '0' } },
  );
  if (!status.ok) return null;
  const entries = status.raw.split('\0').filter(Boolean);
  const paths = (isNew: boolean): readonly string[] =>
    entries.filter((entry) => entry.startsWith('??') === isNew).map((entry) => entry.slice(3));
  return { commit: (await commitOf(git, folder, 'HEAD')) ?? '', changed: paths(false), untracked: paths(true) };
}

/** Returns whether a tree is still what was proven: the same commit, and no file beside it that was not there then. */
export function isUnchanged(
  proven: { readonly commit: string; readonly untracked: readonly string[] },
  now: WorkState,
): boolean {
  const known = new Set(proven.untracked);
  return proven.commit === now.commit && now.changed.length === 0 && now.untracked.every((path) => known.has(path));
}

import { constants, existsSync } from 'node:fs';
import { copyFile, lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { Git } from './git';

/** File in a project that names, in .gitignore syntax, the ignored files that each new worktree gets a copy of. */
const INCLUDE_FILE = '.worktreeinclude';

/**
 * Copies ignored files of the project, `.env` for example, into a new worktree if `.worktreeinclude` or `patterns`
 * names them. Existing files stay. A link is copied as its target if the target is in the project; otherwise it is
 * skipped with a warning. Returns sentences for the user.
 * @param patterns in .gitignore syntax; braces are expanded
 */
export async function copyIncludedFiles(
  git: Git,
  projectTop: string,
  worktree: string,
  patterns: readonly string[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const file = join(projectTop, INCLUDE_FILE);
  const sources = [
    ...(existsSync(file) ? [`--exclude-from=${file}`] : []),
    ...patterns.flatMap(expandBraces).map((pattern) => `--exclude=${pattern}`),
  ];
  if (sources.length === 0) return [];
  const warnings: string[] = [];
  const included = await ignoredFiles(git, projectTop, sources);
  const ignored = new Set(await ignoredFiles(git, projectTop, ['--exclude-standard']));
  for (const path of included.filter((each) => ignored.has(each))) {
    if (signal?.aborted) break;
    const problem = await copyInto(projectTop, worktree, path).catch((error: NodeJS.ErrnoException) =>
      error.code === 'EEXIST' ? null : error.message,
    );
    if (problem !== null) warnings.push(`${path} was not copied into the worktree: ${problem}.`);
  }
  return warnings;
}

/** Expands a glob with `{a,b}` into globs without braces, which .gitignore does not support. Pure. */
function expandBraces(glob: string): readonly string[] {
  const group = /\{([^{}]*)\}/.exec(glob);
  if (!group) return [glob];
  const [before, after] = [glob.slice(0, group.index), glob.slice(group.index + group[0].length)];
  return (group[1] ?? '').split(',').flatMap((choice) => expandBraces(`${before}${choice}${after}`));
}

/** Returns untracked files below the top of the working tree that match the given pattern sources. */
async function ignoredFiles(git: Git, top: string, sources: readonly string[]): Promise<readonly string[]> {
  const listed = await git.run(top, ['ls-files', '--others', '--ignored', '-z', ...sources]);
  return listed.raw.split('\0').filter((path) => path !== '' && !path.endsWith('/'));
}

/** Returns the reason why a file was not copied; null when it was. Throws errors of the file system. */
async function copyInto(projectTop: string, worktree: string, path: string): Promise<string | null> {
  const from = join(projectTop, path);
  const source = await realpath(from);
  const isLink = (await lstat(from)).isSymbolicLink();
  if (isLink && !source.startsWith(projectTop + sep)) return 'it is a link to a place outside the project';
  if (!(await stat(source)).isFile()) return 'it is not a file';
  const folder = dirname(join(worktree, path));
  await mkdir(folder, { recursive: true });
  // A link in the repository can lead out of the worktree.
  const target = await realpath(folder);
  if (target !== worktree && !target.startsWith(worktree + sep))
    return 'its folder is a link to a place outside the worktree';
  await copyFile(source, join(worktree, path), constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  return null;
}

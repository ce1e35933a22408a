import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from './git';
import { readProblem } from './gitProblem';

export interface Submodule {
  /** Name in the configuration. */
  readonly name: string;
  /** Path relative to the top of its working tree. */
  readonly path: string;
}

/** Returns the checked-out submodules of a working tree, without nested ones. */
export async function checkedOutSubmodules(git: Git, top: string): Promise<readonly Submodule[]> {
  const listed = await git.run(top, [
    'config',
    '-z',
    '--file',
    '.gitmodules',
    '--get-regexp',
    '^submodule\\..*\\.path$',
  ]);
  const all = listed.raw.split('\0').flatMap((entry) => {
    const match = /^submodule\.([^]*)\.path\n([^]*)$/.exec(entry);
    return match ? [{ name: match[1] ?? '', path: match[2] ?? '' }] : [];
  });
  const checked = await Promise.all(all.map(async (each) => ((await isOwnTree(git, top, each.path)) ? [each] : [])));
  return checked.flat();
}

/**
 * Checks out the project's checked-out submodules, with nested ones, in a new worktree. The objects come from the
 * project's own copy, so that no network and no password is needed; the remote's address stays. Returns a warning for
 * each that failed.
 */
export async function initSubmodules(
  git: Git,
  projectTop: string,
  worktree: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const warnings: string[] = [];
  for (const { name, path } of await checkedOutSubmodules(git, projectTop)) {
    if (signal?.aborted) break;
    const source = await git.run(join(projectTop, path), ['rev-parse', '--path-format=absolute', '--git-common-dir']);
    const remote = await git.run(join(projectTop, path), ['config', '--get', 'remote.origin.url']);
    const update = ['submodule', '--quiet', 'update', '--init', '--', path];
    // Only this address, a folder of the project itself, may be read as a file.
    const local = ['-c', 'protocol.file.allow=always', '-c', `submodule.${name}.url=${source.out}`, ...update];
    if (source.ok) await fetchMissing(git, worktree, path, source.out, signal);
    const copied = source.ok ? await git.run(worktree, local, { signal }) : source;
    const done = copied.ok || signal?.aborted ? copied : await git.run(worktree, update, { signal });
    const folder = join(worktree, path);
    if (!done.ok) {
      const { why } = readProblem(done.problem, '');
      warnings.push(
        `The submodule ${path} is not checked out: ${why}. Run \`git submodule update --init\` in ${worktree}.`,
      );
      continue;
    }
    if (copied.ok && remote.ok) await git.run(folder, ['remote', 'set-url', 'origin', remote.out]);
    warnings.push(...(await initSubmodules(git, join(projectTop, path), folder, signal)));
  }
  return warnings;
}

/**
 * Returns the first submodule of a worktree with uncommitted files, or with commits that the project's copy lacks;
 * null when there is none. An unreadable submodule counts as one with work.
 */
export async function submoduleWithWork(git: Git, projectTop: string, worktree: string): Promise<string | null> {
  for (const { path } of await checkedOutSubmodules(git, worktree)) {
    const folder = join(worktree, path);
    const original = join(projectTop, path);
    const status = await git.run(folder, [
      'status',
      '--porcelain',
      '--untracked-files=all',
      '--ignore-submodules=none',
    ]);
    if (!status.ok || status.out !== '') return path;
    if (!(await isOwnTree(git, projectTop, path))) return path;
    const tips = await git.run(folder, ['for-each-ref', '--format=%(objectname)']);
    const head = await git.run(folder, ['rev-parse', '--verify', 'HEAD']);
    if (!tips.ok || !head.ok) return path;
    const commits = [...new Set([head.out, ...tips.out.split('\n').filter(Boolean)])];
    // Fails when the project's copy lacks one of them.
    const missing = await git.run(original, ['rev-list', '--count', ...commits, '--not', '--all']);
    if (!missing.ok || missing.out !== '0') return path;
    const inner = await submoduleWithWork(git, original, folder);
    if (inner !== null) return join(path, inner);
  }
  return null;
}

/**
 * Copies the commits of a worktree's checked-out submodules that the project's own copy lacks into that copy, on refs of
 * TACO: the project may name them soon, and nobody else may have them.
 */
export async function shareSubmodules(git: Git, worktree: string, projectTop: string): Promise<void> {
  for (const { path } of await checkedOutSubmodules(git, worktree)) {
    if (!(await isOwnTree(git, projectTop, path))) continue;
    const [from, to] = [join(worktree, path), join(projectTop, path)];
    const head = await git.run(from, ['rev-parse', '--verify', '--quiet', 'HEAD']);
    if (head.ok && !(await hasCommit(git, to, head.out)))
      await git.run(to, ['fetch', '--quiet', '--no-recurse-submodules', from, `+HEAD:refs/taco/merged/${head.out}`]);
    await shareSubmodules(git, from, to);
  }
}

/** Copies the commit of a submodule that the worktree names from another copy, when the checked-out one lacks it. */
async function fetchMissing(
  git: Git,
  worktree: string,
  path: string,
  source: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const named = await git.run(worktree, ['rev-parse', '--verify', '--quiet', `HEAD:${path}`]);
  if (!named.ok || !(await isOwnTree(git, worktree, path))) return;
  const folder = join(worktree, path);
  if (await hasCommit(git, folder, named.out)) return;
  const refs = ['HEAD', '+refs/*:refs/taco/source/*'];
  await git.run(folder, ['fetch', '--quiet', '--no-recurse-submodules', source, ...refs], { signal });
}

async function hasCommit(git: Git, folder: string, commit: string): Promise<boolean> {
  return (await git.run(folder, ['cat-file', '-e', `${commit}^{commit}`])).ok;
}

/** Returns whether the folder below `top` is the top of its own repository. */
async function isOwnTree(git: Git, top: string, path: string): Promise<boolean> {
  const folder = join(top, path);
  const isThere = await readdir(folder).then(
    (names) => names.includes('.git'),
    () => false,
  );
  if (!isThere) return false;
  const found = await git.run(folder, ['rev-parse', '--show-toplevel']);
  return found.ok && (await realpath(found.out)) === (await realpath(folder));
}

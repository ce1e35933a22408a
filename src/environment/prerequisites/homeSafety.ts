/** Whether TACO's folder is safe: `bin/taco` in it is first on each agent's PATH, so a user who can replace it runs code as the user. */
import { constants } from 'node:fs';
import { access, chmod, lstat, mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { localizable, type LocalizableText } from '../../core/base/localizedText';
import { errors } from '../../core/errors/errors';
import { errorMessage } from '../../core/errors/tacoError';
import type { TacoPaths } from '../../core/programs/paths';

export interface HomeProblem {
  readonly path: string;
  /** True: the user owns the folder, so TACO takes the others' right to write away itself. */
  readonly isRepairable: boolean;
  readonly reason: LocalizableText;
  readonly cure: LocalizableText;
}

const WRITABLE_BY_OTHERS = 0o022;
const WRITABLE_BY_ALL = 0o002;
const STICKY = 0o1000;

/** Finds who else could replace TACO's files: in the folder, in `bin`, in `bin/taco`, in every folder above, and where a link leads. Never throws. */
export async function inspectHome(paths: TacoPaths): Promise<readonly HomeProblem[]> {
  const own = [paths.home, paths.binDir, join(paths.binDir, 'taco')];
  const real = await realpath(paths.home).catch(() => resolve(paths.home));
  const above = new Set([...ancestors(resolve(paths.home)), ...ancestors(real)]);
  const problems = await Promise.all([
    ...own.map((path) => inspectOwn(path)),
    ...[...above].filter((path) => path !== real).map((path) => inspectAbove(path)),
  ]);
  return problems.flatMap((problem) => problem ?? []);
}

/**
 * Makes TACO's folder, takes others' right to write in it away, and returns what it repaired.
 * Throws TacoError home-unusable when the folder cannot be made or written, or stays unsafe.
 */
export async function secureHome(paths: TacoPaths): Promise<readonly HomeProblem[]> {
  await makeWritable(paths.home);
  const repaired: HomeProblem[] = [];
  for (const problem of await inspectHome(paths)) {
    if (!problem.isRepairable) throw errors.homeUnsafe(problem.path, problem.reason, problem.cure);
    const { mode } = await stat(problem.path);
    await chmod(problem.path, mode & 0o777 & ~WRITABLE_BY_OTHERS);
    repaired.push(problem);
  }
  const foreign = repaired.length === 0 ? [] : await foreignPrograms(paths);
  if (foreign.length > 0)
    throw errors.homeUnsafe(
      paths.binDir,
      localizable`others could write there, and it holds programs that TACO did not write (${foreign.join(', ')})`,
      localizable`Remove them: every agent would run them.`,
    );
  return repaired;
}

/** Returns the files in `bin` beside TACO's own: each would come before every program of its name. */
async function foreignPrograms(paths: TacoPaths): Promise<readonly string[]> {
  const names = await readdir(paths.binDir).catch(() => []);
  return names.filter((name) => !/^taco(?:\.\d+)?$/.test(name));
}

async function inspectOwn(path: string): Promise<HomeProblem | null> {
  const facts = await stat(path).catch(() => null);
  if (!facts) return null;
  const uid = process.getuid?.() ?? facts.uid;
  if (facts.uid !== uid)
    return {
      path,
      isRepairable: false,
      reason: localizable`it belongs to another user (${facts.uid})`,
      cure: localizable`Set TACO_HOME to a folder of your own.`,
    };
  if ((facts.mode & WRITABLE_BY_OTHERS) === 0) return null;
  return {
    path,
    isRepairable: true,
    reason: localizable`other users can write to it`,
    cure: localizable`Run: ${`chmod go-w ${path}`}`,
  };
}

/** A folder above: its owner, and everybody who may write in it, can put another folder in the place of TACO's, unless it is sticky. */
async function inspectAbove(path: string): Promise<HomeProblem | null> {
  const facts = await lstat(path).catch(() => null);
  if (!facts) return null;
  const uid = process.getuid?.() ?? facts.uid;
  const isForeign = facts.uid !== uid && facts.uid !== 0;
  // A link has no mode of its own; the folder that it leads to is looked at as well.
  const isOpen = !facts.isSymbolicLink() && (facts.mode & WRITABLE_BY_ALL) !== 0 && (facts.mode & STICKY) === 0;
  if (!isForeign && !isOpen) return null;
  return {
    path,
    isRepairable: false,
    reason: isForeign
      ? localizable`the folder above TACO's, or a link to it, belongs to another user (${facts.uid})`
      : localizable`every user can write to this folder above TACO's`,
    cure: isForeign
      ? localizable`Set TACO_HOME to a folder of your own.`
      : localizable`Run: ${`chmod o-w ${path}`}, or set TACO_HOME to another folder.`,
  };
}

/** Makes TACO's folder. Throws TacoError home-unusable with the true reason. */
async function makeWritable(home: string): Promise<void> {
  let at = home;
  try {
    // One by one: `mkdir` with `recursive` reports ENOENT where the file system is read-only, and never returns in /proc.
    for (const path of ancestors(resolve(home)).toReversed()) {
      at = path;
      if (!(await exists(path))) await mkdir(path, { mode: 0o700 }).catch(unlessExists);
    }
    await access(home, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw errors.homeUnwritable(home, reasonOf((error as NodeJS.ErrnoException).code, at, error));
  }
}

/** Throws ENOTDIR for what is no folder. */
async function exists(path: string): Promise<boolean> {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (facts && !facts.isDirectory()) throw Object.assign(new Error(`${path} is no folder`), { code: 'ENOTDIR' });
  return facts !== null;
}

/** Another process may have made it meanwhile. */
function unlessExists(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

function reasonOf(code: string | undefined, path: string, error: unknown): LocalizableText {
  switch (code) {
    case 'EROFS':
      return localizable`${path} is on a read-only file system`;
    case 'ENOSPC':
      return localizable`the disk is full`;
    case 'EDQUOT':
      return localizable`your disk quota is used up`;
    case 'EACCES':
    case 'EPERM':
      return localizable`you have no right to write in ${path}`;
    case 'ENOTDIR':
    case 'EEXIST':
      return localizable`${path} is no folder`;
    default:
      return localizable`${errorMessage(error)}`;
  }
}

/** A folder and all above it, nearest first. */
function ancestors(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...ancestors(parent)];
}

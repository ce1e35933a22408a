/** Finds the project of a command and its connection data. Needs no zod: the light commands use it too. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { errors } from '../../core/errors/errors';
import { TacoPaths } from '../../core/programs/paths';
import { projectIdOf } from '../../redis/client/keys';
import { readProjectFile } from '../../team/projects/projectFile';

export interface ProjectPlace {
  /** Real path. */
  readonly dir: string;
  readonly id: string;
  readonly paths: TacoPaths;
  /**
   * Redis URL or socket path from the user, the environment or the project; undefined: TACO's own. May hold a
   * password.
   */
  readonly redisUrl: string | undefined;
  /** tmux server socket name. */
  readonly socket: string;
}

export interface PlaceOptions {
  readonly project: string | undefined;
  readonly redis: string | undefined;
  readonly socket: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

const DEFAULT_SOCKET = 'taco';

function realDirectory(path: string): string {
  try {
    const real = realpathSync(path);
    if (statSync(real).isDirectory()) return real;
  } catch {
    // Reported below as a TacoError.
  }
  throw errors.usage(`The folder ${path} does not exist.`, 'Give --project an existing folder.');
}

/** Returns `dir` and its ancestors, nearest first. */
function ancestors(dir: string): string[] {
  const parent = dirname(dir);
  return parent === dir ? [dir] : [dir, ...ancestors(parent)];
}

function placeOf(dir: string, paths: TacoPaths, options: PlaceOptions): ProjectPlace {
  const id = projectIdOf(dir);
  const facts = readProjectFile(paths.projectFile(id));
  return {
    dir,
    id,
    paths,
    redisUrl: options.redis ?? (options.env['TACO_REDIS'] || facts.redisUrl),
    socket: options.socket ?? facts.socket ?? DEFAULT_SOCKET,
  };
}

/**
 * Finds the project by `--project`, else TACO_PROJECT, else the nearest known one at or above the current folder.
 * `create`: when none is known, the folder itself becomes the project (`taco up`). Throws TacoError no-project, usage,
 * home-unusable.
 */
export function findProject(options: PlaceOptions, create = false): ProjectPlace {
  const paths = new TacoPaths(options.env, homedir());
  if (create) paths.assertUsable();
  // The folder of a known team may have been deleted or moved: the team can still be seen and ended.
  const isKnown = (dir: string): boolean => existsSync(paths.projectFile(projectIdOf(dir)));
  const named = options.project ?? (options.env['TACO_PROJECT'] || undefined);
  if (named !== undefined) {
    const path = resolve(options.cwd, named);
    const dir = !existsSync(path) && isKnown(path) ? path : realDirectory(path);
    if (!create && !isKnown(dir)) throw errors.noProject(dir);
    return placeOf(dir, paths, options);
  }
  const here = !existsSync(options.cwd) ? options.cwd : realDirectory(options.cwd);
  const known = ancestors(here).find(isKnown);
  if (known === undefined && !create) throw errors.noProject(here);
  return placeOf(known ?? here, paths, options);
}

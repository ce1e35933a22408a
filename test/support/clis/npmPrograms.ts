/**
 * Installs real programs from npm for tests: once, into `${XDG_CACHE_HOME:-~/.cache}/taco/NAME/VERSION`, never into the
 * repository.
 */
import { execFile } from 'node:child_process';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface NpmProgram {
  /** Folder below the cache. */
  readonly name: string;
  readonly version: string;
  /** `PACKAGE@VERSION`, and packages that it also needs. */
  readonly specs: readonly string[];
  /** Below the folder: `node_modules/.bin/codex`. */
  readonly executable: string;
  readonly flags?: readonly string[];
}

/** Returns the path of the executable; installs it when it is missing. Rejects when npm fails. */
export async function installed({ name, version, specs, executable, flags = [] }: NpmProgram): Promise<string> {
  const dir = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'taco', name, version);
  const path = join(dir, executable);
  if (await exists(path)) return path;
  // Install beside the target and rename, so that an interrupted run leaves nothing that looks complete.
  const fresh = `${dir}.${process.pid}`;
  await mkdir(fresh, { recursive: true });
  try {
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--prefix', fresh, ...flags, ...specs], {
      timeout: 600_000,
    });
    if (!(await exists(path))) await rm(dir, { recursive: true, force: true });
    await rename(fresh, dir);
  } catch (error) {
    // Another test was faster: its copy is equally good, and may run already.
    if (!(await exists(path))) throw error;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return path;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, readlink, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { TacoPaths } from '../../core/programs/paths';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';

/** Larger files and deeper ones are a CLI's own records; TACO writes only small ones, bytes. */
const MAX_FILE_BYTES = 64 * 1024;
const MAX_FILES = 1000;
const MAX_DEPTH = 4;

interface Copied {
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
  /** Changes when the file does. */
  readonly version: string;
  readonly content: { readonly bytes: Buffer; readonly mode: number } | { readonly target: string };
}

/**
 * A copy in memory of the small files below TACO_HOME on which a running team depends: the `taco` command, the
 * project's record and that of its tmux session, launch scripts, hooks and settings of the agents. Work (worktrees) and
 * what waits (spools) is not among them.
 */
export class HomeFiles {
  private files = new Map<string, Copied>();
  private readonly left: ReadonlySet<string>;

  constructor(
    private readonly paths: TacoPaths,
    private readonly projectId: string,
  ) {
    const folders = [
      paths.spoolDir(projectId),
      paths.hooksDir(projectId),
      paths.worktreesDir(projectId),
      paths.preparationsDir(projectId),
    ];
    // The session's copy is newer in the hands of its owner.
    this.left = new Set([...folders, paths.sessionCopy(projectId)]);
  }

  /** Reads what has changed since the last call; returns the time of the latest change. Never throws. */
  async read(): Promise<number> {
    const found = new Map<string, Copied>();
    const { binDir, tmuxConfig } = this.paths;
    for (const path of [join(binDir, 'taco'), tmuxConfig]) await this.readOne(path, found);
    await this.readFolder(this.paths.projectDir(this.projectId), 0, found);
    this.files = found;
    return Math.max(0, ...[...found.values()].map(({ changedAt }) => changedAt));
  }

  /** Writes the files that are gone, as they were. Rejects with the error of the file system. */
  async restore(): Promise<number> {
    let count = 0;
    for (const [path, { content }] of this.files) {
      if (existsSync(path)) continue;
      if ('bytes' in content) await writeFileAtomic(path, content.bytes, content.mode);
      else {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await symlink(content.target, path).catch(ifOther);
      }
      count += 1;
    }
    return count;
  }

  private async readFolder(dir: string, depth: number, found: Map<string, Copied>): Promise<void> {
    const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(dir, entry.name);
      if (found.size >= MAX_FILES || this.left.has(path) || basename(path).startsWith('preparing@')) continue;
      if (!entry.isDirectory()) await this.readOne(path, found);
      else if (depth < MAX_DEPTH) await this.readFolder(path, depth + 1, found);
    }
  }

  private async readOne(path: string, found: Map<string, Copied>): Promise<void> {
    try {
      const stat = await lstat(path);
      const version = [stat.ino, stat.size, stat.mtimeMs, stat.mode].join(' ');
      const known = this.files.get(path);
      const facts = { version, changedAt: stat.mtimeMs };
      if (known?.version === version) found.set(path, known);
      else if (stat.isSymbolicLink()) found.set(path, { ...facts, content: { target: await readlink(path) } });
      else if (stat.isFile() && stat.size <= MAX_FILE_BYTES)
        found.set(path, { ...facts, content: { bytes: await readFile(path), mode: stat.mode & 0o777 } });
    } catch {
      // It was removed at this moment.
    }
  }
}

function ifOther(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

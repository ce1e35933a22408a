import { createHash } from 'node:crypto';
import { delimiter, join, resolve } from 'node:path';
import { errors } from './errors';

/** Longest path a unix socket may have, bytes (sun_path less its terminator). */
export const MAX_SOCKET_PATH = 107;

/**
 * Where TACO keeps things, all below one private folder: `TACO_HOME`, else `~/.taco`. Nothing is written into
 * the person's project.
 */
export class TacoPaths {
  readonly home: string;
  constructor(env: Readonly<Record<string, string | undefined>>, homeDir: string) {
    this.home = resolve(env['TACO_HOME'] || join(homeDir, '.taco'));
  }

  /** Throws TacoError home-unusable where the folder cannot be on a PATH, as `taco` has to be for each agent. */
  assertUsable(): void {
    if (this.home.includes(delimiter)) throw errors.homeUnusable(this.home, delimiter);
  }

  /** Folder of the Redis that TACO starts: append-only file, lock, log. */
  get redisDir(): string {
    return join(this.home, 'redis');
  }
  /** Unix socket of that Redis; in a short temporary folder of ours when the home is too deep. */
  get redisSocket(): string {
    const natural = join(this.redisDir, 'redis.sock');
    if (Buffer.byteLength(natural) <= MAX_SOCKET_PATH) return natural;
    return join('/tmp', `taco-${createHash('sha256').update(this.home).digest('hex').slice(0, 16)}`, 'redis.sock');
  }
  /** tmux configuration of our own server. */
  get tmuxConfig(): string {
    return join(this.home, 'tmux.conf');
  }
  /** Folder with the `taco` shim that goes first on each agent's PATH. */
  get binDir(): string {
    return join(this.home, 'bin');
  }
  projectDir(projectId: string): string {
    return join(this.home, 'projects', projectId);
  }
  /** `{"dir","redisUrl"?,"socket"}`: how a process inside the project finds it. */
  projectFile(projectId: string): string {
    return join(this.projectDir(projectId), 'project.json');
  }
  /** What this machine remembers of the project's tmux session, or of that of a host that joined. */
  tmuxRecord(projectId: string, host = ''): string {
    return join(this.projectDir(projectId), host === '' ? 'tmux.json' : `tmux@${host}.json`);
  }
  spoolDir(projectId: string): string {
    return join(this.projectDir(projectId), 'spool');
  }
  /** What agents' hooks said while Redis was away: a folder for each window, there only while something is kept. */
  hooksDir(projectId: string): string {
    return join(this.projectDir(projectId), 'hooks');
  }
  agentDir(projectId: string, window: number): string {
    return join(this.projectDir(projectId), 'agents', String(window));
  }
  /** The script that starts a window's program with its environment; private, and there as long as its pane. */
  launchScript(projectId: string, window: number): string {
    return join(this.agentDir(projectId, window), 'launch.sh');
  }
  worktreesDir(projectId: string): string {
    return join(this.projectDir(projectId), 'worktrees');
  }
  /** Whether a folder lies in a worktree that TACO made for this project, wherever TACO's home is. */
  static inWorktree(projectId: string, folder: string): boolean {
    return folder.includes(`/projects/${projectId}/worktrees/`);
  }
  get logDir(): string {
    return join(this.home, 'log');
  }
}

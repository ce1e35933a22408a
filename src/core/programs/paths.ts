import { createHash } from 'node:crypto';
import { delimiter, join, resolve } from 'node:path';
import { errors } from '../errors/errors';

/** Maximum length of a unix socket path, bytes (sun_path without its terminator). */
const MAX_SOCKET_PATH = 107;

/**
 * Paths of TACO's files, all below one private folder: `TACO_HOME`, else `~/.taco`. TACO writes nothing into the user's
 * project.
 */
export class TacoPaths {
  readonly home: string;
  constructor(env: Readonly<Record<string, string | undefined>>, homeDir: string) {
    this.home = resolve(env['TACO_HOME'] || join(homeDir, '.taco'));
  }

  /** Throws TacoError home-unusable if the folder cannot be in PATH; each agent needs `taco` in its PATH. */
  assertUsable(): void {
    if (this.home.includes(delimiter)) throw errors.homeUnusable(this.home, delimiter);
  }

  /** Folder of TACO's own Redis: append-only file, lock, log. */
  get redisDir(): string {
    return join(this.home, 'redis');
  }
  /** Unix socket of TACO's own Redis, in a short folder below /tmp if the home path is too long. */
  get redisSocket(): string {
    const natural = join(this.redisDir, 'redis.sock');
    if (Buffer.byteLength(natural) <= MAX_SOCKET_PATH) return natural;
    return join('/tmp', `taco-${createHash('sha256').update(this.home).digest('hex').slice(0, 16)}`, 'redis.sock');
  }
  /** tmux configuration of TACO's own server. */
  get tmuxConfig(): string {
    return join(this.home, 'tmux.conf');
  }
  /** Folder with the `taco` shim; it comes first in each agent's PATH. */
  get binDir(): string {
    return join(this.home, 'bin');
  }
  projectDir(projectId: string): string {
    return join(this.home, 'projects', projectId);
  }
  /** `{"dir","redisUrl"?,"socket"}`: a process inside the project finds the project by this file. */
  projectFile(projectId: string): string {
    return join(this.projectDir(projectId), 'project.json');
  }
  /** This machine's record of the tmux session of the project or of a joined host. */
  tmuxRecord(projectId: string, host = ''): string {
    return join(this.projectDir(projectId), host === '' ? 'tmux.json' : `tmux@${host}.json`);
  }
  /** The leader's copy of the session's state in Redis. */
  sessionCopy(projectId: string): string {
    return join(this.projectDir(projectId), 'session.json');
  }
  /** Records of the workspaces that are being prepared; see `preparationRecords.ts`. */
  preparationsDir(projectId: string, host = ''): string {
    return join(this.projectDir(projectId), host === '' ? 'preparing' : `preparing@${host}`);
  }
  /** The checks of the plans that were approved on this machine. */
  approvedChecksDir(projectId: string): string {
    return join(this.projectDir(projectId), 'approved-checks');
  }
  /** The plans and starts that were approved on this machine. */
  approvalsDir(projectId: string): string {
    return join(this.projectDir(projectId), 'approvals');
  }
  /** Evidence of agents' work: a folder for each agent. */
  evidenceDir(projectId: string): string {
    return join(this.projectDir(projectId), 'evidence');
  }
  /** Records of the checks that run; see `preparationRecords.ts`. */
  runningChecksDir(projectId: string): string {
    return join(this.projectDir(projectId), 'checking');
  }
  /** Requests that wait behind a run of the merge lane. */
  mergeQueue(projectId: string): string {
    return join(this.projectDir(projectId), 'merge-queue.json');
  }
  /** Journal of the merge lane, its own worktree, and the records of its checks that run. */
  mergeJournal(projectId: string): string {
    return join(this.projectDir(projectId), 'merge.json');
  }
  laneDir(projectId: string): string {
    return join(this.projectDir(projectId), 'lane', 'merge');
  }
  runningMergesDir(projectId: string): string {
    return join(this.projectDir(projectId), 'merging');
  }
  /** The news of pull requests that agents got. */
  sentNews(projectId: string): string {
    return join(this.projectDir(projectId), 'pull-request-news.json');
  }
  /** The user's permission rules. */
  rulesFile(projectId: string): string {
    return join(this.projectDir(projectId), 'rules.json');
  }
  spoolDir(projectId: string): string {
    return join(this.projectDir(projectId), 'spool');
  }
  /** Spool of hook reports while Redis is unreachable: one folder per window, present only while it holds a report. */
  hooksDir(projectId: string): string {
    return join(this.projectDir(projectId), 'hooks');
  }
  agentDir(projectId: string, window: number): string {
    return join(this.projectDir(projectId), 'agents', String(window));
  }
  /** The script that starts a window's program with its environment. It is private and exists as long as the pane. */
  launchScript(projectId: string, window: number): string {
    return join(this.agentDir(projectId, window), 'launch.sh');
  }
  /** The texts that were last typed into a window. */
  typedText(projectId: string, window: number): string {
    return join(this.agentDir(projectId, window), 'typed.json');
  }
  /** The files of the latest conversations of the agent in a window. */
  conversations(projectId: string, window: number): string {
    return join(this.agentDir(projectId, window), 'conversations.json');
  }
  worktreesDir(projectId: string): string {
    return join(this.projectDir(projectId), 'worktrees');
  }
  /** Returns whether a folder is in a worktree that TACO made for this project, in any TACO home. */
  static inWorktree(projectId: string, folder: string): boolean {
    return folder.includes(`/projects/${projectId}/worktrees/`);
  }
  get logDir(): string {
    return join(this.home, 'log');
  }
}

/** Returns a name as one part of a path: names of agents come from Redis, and `../x` must not lead out of a folder. */
export function pathPart(name: string): string {
  return encodeURIComponent(name).replace(/^\./, '%2E');
}

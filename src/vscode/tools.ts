/** Looks for the programs a team needs, without starting any but `tmux -V`. No `vscode` here. */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export type ToolName = 'tmux' | 'redis' | 'agent';
export interface ToolCheck {
  readonly name: ToolName;
  readonly ok: boolean;
  /** One line for people: the version and path found, or what is missing. */
  readonly detail: string;
}

export interface ToolQuestions {
  readonly tmuxCommand: string;
  /** Non-empty: that Redis is used and no local server is needed. */
  readonly redisUrl: string;
  readonly agentCommand: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The oldest tmux with everything the engine uses. */
export const OLDEST_TMUX = [3, 2] as const;
const TMUX_TIMEOUT_MS = 5000;

/** All three, in the order in which a person should mend them. Never throws. */
export async function checkTools(questions: ToolQuestions): Promise<readonly ToolCheck[]> {
  return Promise.all([checkTmux(questions), checkRedis(questions), checkAgent(questions)]);
}

async function checkTmux({ tmuxCommand, env }: ToolQuestions): Promise<ToolCheck> {
  const path = await findExecutable(tmuxCommand, env);
  if (path === null) return { name: 'tmux', ok: false, detail: `"${tmuxCommand}" was not found on the PATH` };
  const version = await tmuxVersion(path);
  if (version === null) return { name: 'tmux', ok: false, detail: `${path} did not answer -V` };
  const [major, minor] = OLDEST_TMUX;
  const ok = isAtLeast(version, major, minor);
  return { name: 'tmux', ok, detail: ok ? `${version} at ${path}` : `${version} at ${path} is older than ${major}.${minor}` };
}

async function checkRedis({ redisUrl, env }: ToolQuestions): Promise<ToolCheck> {
  if (redisUrl !== '') return { name: 'redis', ok: true, detail: 'the Redis whose URL is set' };
  for (const command of ['redis-server', 'valkey-server']) {
    const path = await findExecutable(command, env);
    if (path !== null) return { name: 'redis', ok: true, detail: path };
  }
  return { name: 'redis', ok: false, detail: 'neither redis-server nor valkey-server was found on the PATH, and no URL is set' };
}

async function checkAgent({ agentCommand, env }: ToolQuestions): Promise<ToolCheck> {
  const path = await findExecutable(agentCommand, env);
  return { name: 'agent', ok: path !== null, detail: path ?? `"${agentCommand}" was not found on the PATH` };
}

/** Absolute path of an executable file, or null. A command with a slash is taken as it is. */
export async function findExecutable(command: string, env: Readonly<Record<string, string | undefined>>): Promise<string | null> {
  const candidates = command.includes('/') ? [command] : (env['PATH'] ?? '').split(delimiter).filter(Boolean).map((dir) => join(dir, command));
  for (const file of candidates) if (await isExecutableFile(file)) return file;
  return null;
}

async function isExecutableFile(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false; // not there, or not ours to run: the next one
  }
}

function tmuxVersion(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(path, ['-V'], { timeout: TMUX_TIMEOUT_MS }, (error, stdout) => resolve(error ? null : stdout.trim().replace(/^tmux /, '')));
  });
}

/** `3.3a` and `next-3.6` are compared by their first two numbers. */
export function isAtLeast(version: string, major: number, minor: number): boolean {
  const match = /(\d+)\.(\d+)/.exec(version);
  if (!match) return version.startsWith('master');
  const [foundMajor, foundMinor] = [Number(match[1]), Number(match[2])];
  return foundMajor > major || (foundMajor === major && foundMinor >= minor);
}

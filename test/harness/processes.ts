/**
 * Child processes that cannot outlive this process: each leads its own process group, and only groups are ended, never
 * names.
 */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const KILL_GRACE_MS = 3000;
/** Set in the environment of every started process, so that leftovers can be distinguished from other processes. */
export const MARK = 'TACO_TEST_BED';

const running = new Set<ChildProcess>();
const lastWill = new Set<() => void>();

/** Runs `action` (synchronous, must not throw) when this process ends, also by a signal; the result undoes it. */
export function onEnd(action: () => void): () => void {
  lastWill.add(action);
  return () => void lastWill.delete(action);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has already ended.
  }
}

function endEverything(): void {
  for (const child of running) signalGroup(child, 'SIGKILL');
  running.clear();
  for (const action of [...lastWill].reverse()) action();
  lastWill.clear();
}

let installed = false;
function installHandlers(): void {
  if (installed) return;
  installed = true;
  process.once('exit', endEverything);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(signal === 'SIGINT' ? 130 : 143));
  }
}

/** Starts a process group that ends with this process. */
export function start(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  installHandlers();
  const child = spawn(command, [...args], { ...options, detached: true });
  running.add(child);
  // The group may outlive its leader: it is removed only when `end` ends it.
  child.once('error', () => running.delete(child));
  return child;
}

/** Ends the whole group: SIGTERM, and SIGKILL after 3 s to the rest. */
export async function end(child: ChildProcess): Promise<void> {
  const gone =
    child.exitCode !== null || child.signalCode !== null || child.pid === undefined
      ? Promise.resolve()
      : new Promise<void>((resolve) => child.once('exit', () => resolve()));
  signalGroup(child, 'SIGTERM');
  await Promise.race([gone, sleep(KILL_GRACE_MS, undefined, { ref: false })]);
  signalGroup(child, 'SIGKILL');
  running.delete(child);
}

export interface RunResult {
  /** Exit code; null when a signal ended it or it could not be started. */
  readonly code: number | null;
  readonly output: string;
  readonly timedOut: boolean;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  /** Also print the output here as it comes. */
  readonly echo?: boolean;
}

/**
 * Runs a command to its end and collects its output (stdout and stderr in one). Never throws; ends the group on
 * time-out.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const child = start(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const take = (stream: NodeJS.WriteStream) => (data: Buffer) => {
    output += data.toString('utf8');
    if (options.echo) stream.write(data);
  };
  child.stdout?.on('data', take(process.stdout));
  child.stderr?.on('data', take(process.stderr));
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    void end(child);
  }, options.timeoutMs ?? 600_000);
  // 'exit', not 'close': a daemon that inherited the pipes would delay 'close'.
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      output += `${error.message}\n`;
      resolve(null);
    });
    child.once('exit', (exitCode) => setTimeout(() => resolve(exitCode), 50));
  });
  clearTimeout(timer);
  child.stdout?.destroy();
  child.stderr?.destroy();
  await end(child);
  return { code, output, timedOut };
}

interface LeftProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * Returns live processes (Linux), except this one, whose environment contains `MARK=mark`, or whose command line or
 * environment names the folder `scratch`. redis-server writes its title over its environment, but the title contains
 * its socket.
 */
function marked(mark: string, scratch: string | undefined): readonly LeftProcess[] {
  if (process.platform !== 'linux') return [];
  const found: LeftProcess[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    try {
      const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      const environment = readFileSync(`/proc/${entry}/environ`, 'utf8');
      // An agent CLI that ignores the end of its terminal has the folder only in its environment.
      const isOurs =
        (scratch !== undefined && (command.includes(scratch) || environment.includes(scratch))) ||
        environment.split('\0').includes(`${MARK}=${mark}`);
      if (isOurs && command) found.push({ pid: Number(entry), command });
    } catch {
      // It ended meanwhile, or belongs to another user.
    }
  }
  return found;
}

/**
 * Ends, by pid, processes that still run with the mark or in the folder (a fresh one that nothing else uses). Returns
 * their command lines.
 */
export function endMarked(mark: string, scratch?: string): readonly string[] {
  const left = marked(mark, scratch);
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
  return left.map(({ command }) => command);
}

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';

/** Returns true while a process with this id runs. A zombie has ended, also where nothing ever reaps it (containers). */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Returns false without /proc (macOS), where the first process reaps every orphan at once. */
function isZombie(pid: number): boolean {
  try {
    // `PID (NAME) STATE …`; the name may contain spaces and parentheses.
    return /\) Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Returns true when the process is a Redis (or Valkey) server whose command line contains one of `marks`. */
export async function isRedisProcess(pid: number, marks: readonly string[]): Promise<boolean> {
  const line = await commandLineOf(pid);
  return /redis|valkey/.test(line) && marks.some((mark) => line.includes(mark));
}

/**
 * Returns the process id of the Redis server that listens (or listened, when the file was deleted) on exactly this
 * socket and works in exactly this folder; null when none runs. The folder as this process sees it: a server in a
 * container with the same paths is another one. Returns null without /proc (macOS).
 */
export async function findRedisServer(socket: string, dir: string): Promise<number | null> {
  const here = await readlink('/proc/self/ns/mnt').catch(() => '');
  const names = here === '' ? [] : await readdir('/proc').catch(() => []);
  for (const pid of names.filter((name) => /^\d+$/.test(name))) {
    const line = await commandLineOf(Number(pid));
    if (!/^\S*(redis|valkey)-server\b/.test(line)) continue;
    // Redis shows its socket as `unixsocket:PATH`; until it has started it shows its arguments.
    if (!line.trimEnd().endsWith(`unixsocket:${socket}`) && !line.trimEnd().endsWith(`--unixsocket ${socket}`))
      continue;
    const [cwd, space] = await Promise.all(
      ['cwd', 'ns/mnt'].map((name) => readlink(`/proc/${pid}/${name}`).catch(() => '')),
    );
    if (space === here && (cwd === dir || cwd === `${dir} (deleted)`)) return Number(pid);
  }
  return null;
}

/** Waits for a process to exit; returns false when it still runs after `timeoutMs`. */
export async function waitForExit(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isRunning(pid)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}

async function commandLineOf(pid: number): Promise<string> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
  } catch {
    // Without /proc (macOS).
    return await new Promise((resolve) => {
      execFile('ps', ['-o', 'args=', '-p', String(pid)], (error, stdout) => resolve(error ? '' : stdout));
    });
  }
}

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** Returns true while a process with this id exists. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Returns true when the process is a Redis (or Valkey) server whose command line contains one of `marks`. */
export async function isRedisProcess(pid: number, marks: readonly string[]): Promise<boolean> {
  const line = await commandLineOf(pid);
  return /redis|valkey/.test(line) && marks.some((mark) => line.includes(mark));
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

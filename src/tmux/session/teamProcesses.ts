/** Finds the processes of one team, on any tmux server: each inherited the team's identity in its environment. */
import { readdir, readFile } from 'node:fs/promises';
import { processesBelow, type ProcessFacts } from './processTree';

/**
 * Returns the processes whose environment has all of these entries (`NAME=VALUE`), and all processes below them.
 * Processes of other users cannot be read and are omitted. Returns an empty list without /proc (macOS), where only
 * terminals identify processes.
 */
export async function processesWith(...entries: readonly string[]): Promise<readonly ProcessFacts[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(async (pid) => ((await hasAll(pid, entries)) ? [pid] : [])));
  const roots = found.flat();
  return roots.length === 0 ? [] : processesBelow(roots);
}

async function hasAll(pid: number, entries: readonly string[]): Promise<boolean> {
  if (pid === process.pid) return false;
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  if (environment === '') return false;
  const present = new Set(environment.split('\0'));
  return entries.every((entry) => present.has(entry));
}

/** Finds the processes of one team, on any tmux server: each inherited the team's identity in its environment. */
import { readFile } from 'node:fs/promises';
import { listProcesses, stillRuns, type ProcessFacts } from './processTable';
import { withDescendants } from './processTree';

/**
 * Returns the processes whose environment has all of these entries (`NAME=VALUE`), and all processes below them.
 * Processes of other users cannot be read and are omitted. Returns an empty list without /proc (macOS), where only
 * terminals identify processes.
 */
export async function processesWith(...entries: readonly string[]): Promise<readonly ProcessFacts[]> {
  const all = await listProcesses();
  const found = await Promise.all(all.map(async (each) => ((await hasAll(each, entries)) ? [each] : [])));
  return withDescendants(all, found.flat());
}

async function hasAll(listed: ProcessFacts, entries: readonly string[]): Promise<boolean> {
  if (listed.pid === process.pid) return false;
  const environment = await readFile(`/proc/${listed.pid}/environ`, 'utf8').catch(() => '');
  if (environment === '') return false;
  const present = new Set(environment.split('\0'));
  // What was read is of a later process if the listed one has ended.
  return entries.every((entry) => present.has(entry)) && (await stillRuns(listed));
}

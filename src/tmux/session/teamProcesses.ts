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

/**
 * Returns the processes of the project's team on this tmux socket, whatever its identity is: those that inherited these
 * facts. Empty without /proc (macOS).
 */
export function processesOfProject(projectId: string, home: string, socket: string): Promise<readonly ProcessFacts[]> {
  return processesWith(`TACO_PROJECT_ID=${projectId}`, `TACO_HOME=${home}`, `TACO_SOCKET=${socket}`);
}

/** Returns the values that a variable has in the environments of these processes. */
export async function valuesIn(processes: readonly ProcessFacts[], name: string): Promise<ReadonlySet<string>> {
  const all = await Promise.all(processes.map(({ pid }) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')));
  const entries = all.flatMap((environment) => environment.split('\0'));
  return new Set(entries.flatMap((entry) => (entry.startsWith(`${name}=`) ? [entry.slice(name.length + 1)] : [])));
}

async function hasAll(listed: ProcessFacts, entries: readonly string[]): Promise<boolean> {
  if (listed.pid === process.pid) return false;
  const environment = await readFile(`/proc/${listed.pid}/environ`, 'utf8').catch(() => '');
  if (environment === '') return false;
  const present = new Set(environment.split('\0'));
  // If the listed process has ended, the values are those of a later one.
  return entries.every((entry) => present.has(entry)) && (await stillRuns(listed));
}

/** The processes of panes, and their end. */
import { listProcesses, signalProcess, stillRuns, type ProcessFacts } from './processTable';

/** A pane as tmux listed it a moment ago. */
export interface PaneTerminal {
  readonly pid: number;
  /** Terminal, `/dev/pts/5`. */
  readonly tty: string;
}

const POLL_MS = 25;

/**
 * Returns the processes of the panes, all others in their terminals, and all below these. A pane that has ended since
 * tmux listed it has none: its process id and its terminal may belong to another process by now.
 */
export async function processesOfPanes(panes: readonly PaneTerminal[]): Promise<readonly ProcessFacts[]> {
  const all = await listProcesses();
  const now = new Map(all.map((each) => [each.pid, each]));
  const own = panes
    .map(({ pid, tty }) => ({ pid, tty: tty.replace(/^\/dev\//, ''), there: now.get(pid) }))
    .filter(({ pid, tty, there }) => pid > 1 && (there === undefined || there.tty === tty));
  const isIn = ({ pid, session, tty }: ProcessFacts, pane: (typeof own)[number]): boolean =>
    // Terminals of containers have the same names; a session is of one pane only, and keeps its id after its leader.
    pid === pane.pid || (session > 0 ? session === pane.pid : pane.there !== undefined && tty === pane.tty);
  return withDescendants(
    all,
    all.filter((each) => own.some((pane) => isIn(each, pane))),
  );
}

/** Returns those of `all` that are `roots` or below them, except this process and the first of the machine. */
export function withDescendants(all: readonly ProcessFacts[], roots: readonly ProcessFacts[]): readonly ProcessFacts[] {
  const found = new Set(roots.map(({ pid }) => pid).filter((pid) => pid > 1));
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => found.has(pid) && pid !== process.pid);
}

/** Waits `graceMs` for the processes to end by themselves, then kills the rest. Returns those that cannot be killed. */
export async function endSurvivors(
  processes: readonly ProcessFacts[],
  graceMs: number,
): Promise<readonly ProcessFacts[]> {
  let left = await leftAfter(processes, graceMs);
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (left.length === 0) break;
    for (const each of left) await signalProcess(each, signal);
    left = await leftAfter(left, graceMs);
  }
  return left;
}

/** Returns those that still run after `ms`, at once when none does. */
async function leftAfter(processes: readonly ProcessFacts[], ms: number): Promise<readonly ProcessFacts[]> {
  for (const end = Date.now() + ms; ;) {
    const left: ProcessFacts[] = [];
    for (const each of processes) if (await stillRuns(each)) left.push(each);
    if (left.length === 0 || Date.now() >= end) return left;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

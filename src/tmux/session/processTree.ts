import { execFile } from 'node:child_process';

/** A process according to `ps`; the start time distinguishes it from a later one with the same id. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  /** Terminal without `/dev/`, such as `pts/5`. */
  readonly tty: string;
  readonly started: string;
}

const POLL_MS = 25;

/** Returns all processes of this machine except zombies; an empty list if `ps` fails. */
function listProcesses(): Promise<readonly ProcessFacts[]> {
  return new Promise((resolve) => {
    execFile(
      'ps',
      ['-A', '-o', 'pid=,ppid=,stat=,tty=,lstart='],
      { env: { ...process.env, LC_ALL: 'C' }, encoding: 'utf8', timeout: 5000, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout) => {
        if (error) return resolve([]);
        resolve(
          stdout.split('\n').flatMap((line) => {
            const match = /^\s*(\d+)\s+(\d+)\s+[^Z\s]\S*\s+(\S+)\s+(.+?)\s*$/.exec(line);
            return match
              ? [{ pid: Number(match[1]), parent: Number(match[2]), tty: match[3] ?? '', started: match[4] ?? '' }]
              : [];
          }),
        );
      },
    );
  });
}

/**
 * Returns `pids`, all processes below them, and all others on the terminals (`/dev/pts/5`). A process detached by its
 * parent is below none of `pids`.
 */
export async function processesBelow(
  pids: readonly number[],
  ttys: readonly string[] = [],
): Promise<readonly ProcessFacts[]> {
  const all = await listProcesses();
  const terminals = new Set(ttys.filter((tty) => tty !== '').map((tty) => tty.replace(/^\/dev\//, '')));
  const found = new Set(pids);
  for (const { pid, tty } of all) if (terminals.has(tty)) found.add(pid);
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => found.has(pid) && pid !== process.pid && pid > 1);
}

/** Waits `graceMs` for the processes to end by themselves, then kills the rest. Returns those that cannot be killed. */
export async function endSurvivors(
  processes: readonly ProcessFacts[],
  graceMs: number,
): Promise<readonly ProcessFacts[]> {
  if (await allGone(processes, graceMs)) return [];
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const left = await survivorsOf(processes);
    for (const { pid } of left) send(pid, signal);
    if (await allGone(left, graceMs)) return [];
  }
  return survivorsOf(processes);
}

/** Returns the facts of a process according to `ps`; null when it does not exist. */
export async function processFacts(pid: number): Promise<ProcessFacts | null> {
  return (await listProcesses()).find((each) => each.pid === pid) ?? null;
}

/** Returns those processes that still run; a reused process id does not count. */
async function survivorsOf(processes: readonly ProcessFacts[]): Promise<readonly ProcessFacts[]> {
  const now = new Map((await listProcesses()).map((each) => [each.pid, each.started]));
  return processes.filter(({ pid, started }) => now.get(pid) === started);
}

async function allGone(processes: readonly ProcessFacts[], withinMs: number): Promise<boolean> {
  for (let end = Date.now() + withinMs, polls = 1; ; polls++) {
    if (!processes.some(({ pid }) => isAlive(pid))) return true;
    // A zombie still has its process id, so `ps` decides.
    if (polls % 10 === 0 && (await survivorsOf(processes)).length === 0) return true;
    if (Date.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}

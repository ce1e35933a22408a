/** The processes of this machine, each with what distinguishes it from a later process with the same id. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { errors } from '../../core/errors/errors';
import { errorMessage } from '../../core/errors/tacoError';

export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  /** Process id of the leader of its session (`setsid`); 0 where `ps` does not print it (macOS). */
  readonly session: number;
  /** Terminal without `/dev/`, such as `pts/5`; `?` without one. */
  readonly tty: string;
  /** Start time, in a form that only equality makes sense of. */
  readonly started: string;
}

const HAS_PROC = existsSync('/proc/self/stat');
/** Device numbers of pseudo terminals: 8 major numbers from here, with 256 minor numbers each in the old count (proc(5)). */
const PTS_MAJOR = 136;
const PTS_MAJORS = 8;

/** Returns all processes of this machine except zombies. Throws TacoError internal when they cannot be listed. */
export async function listProcesses(): Promise<readonly ProcessFacts[]> {
  if (!HAS_PROC) return fromPs('-A');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => fromProc(Number(name)) ?? []);
}

/** Returns the facts of a process; null when it does not exist or is a zombie. */
export async function processFacts(pid: number): Promise<ProcessFacts | null> {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return HAS_PROC ? fromProc(pid) : ((await fromPs('-p', String(pid)))[0] ?? null);
}

/**
 * Returns the process and those above it, the nearest first, without the first of the machine; an empty list where they
 * cannot be listed.
 */
export async function ancestorsOf(pid: number): Promise<readonly number[]> {
  const parents = HAS_PROC
    ? { get: (id: number) => fromProc(id)?.parent }
    : new Map((await fromPs('-A').catch(() => [])).map((each) => [each.pid, each.parent]));
  const found: number[] = [];
  for (let id: number | undefined = pid; id !== undefined && id > 1 && !found.includes(id); id = parents.get(id))
    if (parents.get(id) !== undefined) found.push(id);
  return found;
}

/** Returns whether exactly this process still runs; a later one with its id does not count. */
export async function stillRuns({ pid, started }: Pick<ProcessFacts, 'pid' | 'started'>): Promise<boolean> {
  return (await processFacts(pid))?.started === started;
}

/** Signals exactly this process; does nothing when it has ended, whatever has its id now. */
export async function signalProcess(
  process_: Pick<ProcessFacts, 'pid' | 'started'>,
  signal: NodeJS.Signals,
): Promise<void> {
  // With /proc nothing is waited for between this check and the signal.
  if (process_.pid <= 1 || !(await stillRuns(process_))) return;
  try {
    process.kill(process_.pid, signal);
  } catch {
    // It has ended in the meantime, or belongs to another user.
  }
}

let boot: string | undefined;

/** Ticks since the start of the machine tell processes apart only together with that start. */
function bootId(): string {
  try {
    boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
  } catch {
    boot = '';
  }
  return boot;
}

function fromProc(pid: number): ProcessFacts | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // `PID (NAME) STATE PARENT GROUP SESSION TTY …`; the name may contain spaces and parentheses.
  const [state = 'X', parent, , session, tty, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return null;
  return {
    pid,
    parent: Number(parent),
    session: Number(session),
    tty: terminalName(Number(tty)),
    started: `${rest[14]}@${bootId()}`,
  };
}

function terminalName(device: number): string {
  const major = (device >> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
  const isPts = major >= PTS_MAJOR && major < PTS_MAJOR + PTS_MAJORS;
  return isPts ? `pts/${(major - PTS_MAJOR) * 256 + minor}` : device === 0 ? '?' : `${major}:${minor}`;
}

function fromPs(...which: readonly string[]): Promise<readonly ProcessFacts[]> {
  return new Promise((resolve, reject) => {
    execFile(
      'ps',
      [...which, '-o', 'pid=,ppid=,stat=,tty=,lstart='],
      { env: { ...process.env, LC_ALL: 'C' }, encoding: 'utf8', timeout: 20_000, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout) => {
        // `ps -p` exits with 1 when there is no such process.
        if (error && !(error.code === 1 && which[0] === '-p'))
          return reject(errors.processesUnknown(errorMessage(error)));
        resolve(stdout.split('\n').flatMap(toFacts));
      },
    );
  });
}

function toFacts(line: string): readonly ProcessFacts[] {
  const match = /^\s*(\d+)\s+(\d+)\s+[^Z\s]\S*\s+(\S+)\s+(.+?)\s*$/.exec(line);
  return match
    ? [{ pid: Number(match[1]), parent: Number(match[2]), session: 0, tty: match[3] ?? '?', started: match[4] ?? '' }]
    : [];
}

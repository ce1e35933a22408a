/** Memory and processor time of process trees. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export interface ProcessUsage {
  readonly pid: number;
  readonly parent: number;
  /** Resident memory, bytes. */
  readonly memory: number;
  /** Processor time since its start, milliseconds. */
  readonly cpuMs: number;
}

export interface TreeUsage {
  readonly memory: number;
  /** Processor time of each process of the tree, milliseconds: of one that ended nothing is left. */
  readonly cpuMs: ReadonlyMap<number, number>;
}

const HAS_PROC = existsSync('/proc/self/stat');
/** `getconf PAGESIZE` on x86-64; where pages are larger, `ps` counts instead. */
const PAGE = 4096;
const HAS_SMALL_PAGES = process.arch === 'x64' || process.arch === 'ia32';
/** `getconf CLK_TCK` is 100 on every Linux. */
const TICK_MS = 10;

/** Returns all processes of this machine; empty when they cannot be listed. */
export async function processUsages(): Promise<readonly ProcessUsage[]> {
  if (!HAS_PROC || !HAS_SMALL_PAGES) return fromPs();
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (fromProc(Number(name)) ?? []) : []));
}

/** Returns what each of the trees below `roots` uses, by root. */
export function treeUsages(all: readonly ProcessUsage[], roots: readonly number[]): ReadonlyMap<number, TreeUsage> {
  const children = new Map<number, ProcessUsage[]>();
  for (const each of all) children.set(each.parent, [...(children.get(each.parent) ?? []), each]);
  const byPid = new Map(all.map((each) => [each.pid, each]));
  return new Map(
    roots.map((root) => {
      const found = new Map<number, ProcessUsage>();
      const waiting = [byPid.get(root)];
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        if (found.has(next.pid)) continue;
        found.set(next.pid, next);
        waiting.push(...(children.get(next.pid) ?? []));
      }
      const tree = [...found.values()];
      return [
        root,
        {
          memory: tree.reduce((sum, { memory }) => sum + memory, 0),
          cpuMs: new Map(tree.map(({ pid, cpuMs }) => [pid, cpuMs])),
        },
      ];
    }),
  );
}

/** Returns the processor time that a tree used between two measurements, milliseconds. */
export function cpuBetween(before: TreeUsage['cpuMs'], after: TreeUsage['cpuMs']): number {
  return [...after].reduce((sum, [pid, ms]) => sum + Math.max(0, ms - (before.get(pid) ?? 0)), 0);
}

function fromProc(pid: number): ProcessUsage | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // `PID (NAME) STATE PARENT …`; the name may contain spaces and parentheses. Fields as numbered in proc(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const field = (number: number): number => Number(fields[number - 3]);
    return { pid, parent: field(4), memory: field(24) * PAGE, cpuMs: (field(14) + field(15)) * TICK_MS };
  } catch {
    return null;
  }
}

function fromPs(): Promise<readonly ProcessUsage[]> {
  return new Promise((resolve) => {
    execFile(
      'ps',
      ['-A', '-o', 'pid=,ppid=,rss=,time='],
      { env: { ...process.env, LC_ALL: 'C' }, encoding: 'utf8', timeout: 20_000, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout) => resolve(error ? [] : stdout.split('\n').flatMap(fromPsLine)),
    );
  });
}

/** Reads `PID PARENT KB TIME`, with the time as `[[DAYS-]HOURS:]MINUTES:SECONDS[.HUNDREDTHS]`. */
export function fromPsLine(line: string): readonly ProcessUsage[] {
  const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(?:(\d+)-)?([\d:.]+)\s*$/.exec(line);
  if (!match) return [];
  const seconds = (match[5] ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return [
    {
      pid: Number(match[1]),
      parent: Number(match[2]),
      memory: Number(match[3]) * 1024,
      cpuMs: Math.round((seconds + Number(match[4] ?? 0) * 86_400) * 1000),
    },
  ];
}

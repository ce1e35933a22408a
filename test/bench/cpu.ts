import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second on every known machine. */
const TICK_MS = 10;

function fields(file: string): string[] {
  return readFileSync(file, 'utf8')
    .trim()
    .replace(/^\d+ \(.*\) /s, '')
    .split(/\s+/);
}

/** Returns the CPU time of a process since its start, milliseconds, in steps of 10. */
export function cpuMsOf(pid: number): number {
  const stat = fields(`/proc/${pid}/stat`);
  return (Number(stat[11]) + Number(stat[12])) * TICK_MS;
}

/** Returns the same, including its ended children: an agent and its hooks. */
export function cpuMsWithChildren(pid: number): number {
  const stat = fields(`/proc/${pid}/stat`);
  return [11, 12, 13, 14].reduce((sum, field) => sum + Number(stat[field]), 0) * TICK_MS;
}

/** Returns the time that all cores together were not idle since the machine started, milliseconds. */
export function machineBusyMs(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (
    readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? ''
  )
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) * TICK_MS;
}

/** Returns true for a process that runs `taco monitor` and no other command. */
export function isMonitor(pid: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes('monitor');
}

import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second on every machine we know. */
const TICK_MS = 10;

function fields(file: string): string[] {
  return readFileSync(file, 'utf8')
    .trim()
    .replace(/^\d+ \(.*\) /s, '')
    .split(/\s+/);
}

/** CPU time of a process since its start, milliseconds, in steps of 10. */
export function cpuMsOf(pid: number): number {
  const stat = fields(`/proc/${pid}/stat`);
  return (Number(stat[11]) + Number(stat[12])) * TICK_MS;
}

/** The same with that of its children that have ended: an agent and its hooks. */
export function cpuMsWithChildren(pid: number): number {
  const stat = fields(`/proc/${pid}/stat`);
  return [11, 12, 13, 14].reduce((sum, field) => sum + Number(stat[field]), 0) * TICK_MS;
}

/** Time that all cores together were not idle since the machine started, milliseconds. */
export function machineBusyMs(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (
    readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? ''
  )
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) * TICK_MS;
}

/** A process that carries a `taco monitor` and no other command. */
export function isMonitor(pid: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes('monitor');
}

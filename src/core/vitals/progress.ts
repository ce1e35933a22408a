/** Lines that change although nothing happens: a spinner with its time and its tokens. */
const SPINNER = /…|esc to (?:interrupt|cancel)|\(\d+[hms]/i;
/** Processor time that shows work, cores: a CLI that only draws its spinner uses less. */
const WORKING_CPU = 0.15;

/** Returns what a screen shows apart from spinners, counters and frames; two equal ones mean that nothing was printed. */
export function screenSign(lines: readonly string[]): string {
  return lines
    .filter((line) => !SPINNER.test(line))
    .map((line) => line.replace(/[^\p{L}]/gu, ''))
    .filter(Boolean)
    .join('\n');
}

/** The last sign of progress of one working agent. */
export class Progress {
  private at: number;
  private sign = '';

  constructor(now: number) {
    this.at = now;
  }

  /** A hook reported, or the agent entered a state. */
  onSign(now: number): void {
    this.at = now;
  }

  /** @param cpu processor time since the last measurement, cores */
  onCpu(cpu: number, now: number): void {
    if (cpu >= WORKING_CPU) this.at = now;
  }

  onScreen(lines: readonly string[], now: number): void {
    const sign = screenSign(lines);
    if (sign !== this.sign) this.at = now;
    this.sign = sign;
  }

  /** Milliseconds since the last sign. */
  idleMs(now: number): number {
    return now - this.at;
  }

  get since(): number {
    return this.at;
  }
}

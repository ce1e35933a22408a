/** A growing number over time, such as memory or cost. */
export interface Sample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: number;
}

const HOUR = 60 * 60_000;

/** Remembers a number once a minute for half an hour, and returns its change per hour. */
export class Trend {
  private samples: Sample[] = [];

  /** @param leastMs time over which the number must be known before its change is, milliseconds */
  constructor(
    private readonly leastMs: number,
    private readonly spanMs = HOUR / 2,
    private readonly stepMs = 60_000,
  ) {}

  add(at: number, value: number): void {
    const last = this.samples.at(-1);
    if (last !== undefined && at - last.at < this.stepMs) return;
    this.samples = [...this.samples, { at, value }].filter((each) => at - each.at <= this.spanMs);
  }

  /** Returns the change per hour until `now`, with `value` now; undefined while it is known for too short a time. */
  perHour(now: number, value: number): number | undefined {
    const [first] = this.samples;
    if (first === undefined || now - first.at < this.leastMs) return undefined;
    return ((value - first.value) * HOUR) / (now - first.at);
  }
}

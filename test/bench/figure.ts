/** One budget: a measured value and its limit. */
export interface Goal {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly bound: 'at most' | 'at least';
  readonly unit: string;
}

interface Series {
  readonly name: string;
  /** `[x, y]`, with growing x. */
  readonly points: readonly (readonly [number, number])[];
}

/** A picture of a growth. */
export interface Curve {
  readonly file: string;
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
}

export interface Result {
  /** The baseline of the figure, measured in the same run. */
  readonly floor: string;
  readonly runs: number;
  /** One line of numbers for readers. */
  readonly measured: string;
  readonly goals: readonly Goal[];
  readonly notes?: readonly string[];
  readonly curves?: readonly Curve[];
  /** All measurements, for readers of the JSON. */
  readonly data: unknown;
}

interface BenchOptions {
  /** One minute instead of half a minute, and up to 200 agents. */
  readonly long: boolean;
}

export interface Figure {
  readonly name: string;
  readonly title: string;
  run(options: BenchOptions): Promise<Result>;
}

export function goal(what: string, value: number, bound: Goal['bound'], limit: number, unit: string): Goal {
  return { what, value, bound, limit, unit };
}

export function isMet({ value, limit, bound }: Goal): boolean {
  return bound === 'at most' ? value <= limit : value >= limit;
}

export function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

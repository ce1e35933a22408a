/** Results of tests. Each failure has a name, so that the end of a long run's output lists what failed and why. */

export interface Failure {
  /** The test's full title, or the step's name. */
  readonly title: string;
  /** Its message, in as many lines as are useful. */
  readonly reason: string;
}

export interface Outcome {
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
}

export const NOTHING: Outcome = { passed: 0, skipped: 0, failures: [] };

export function failure(title: string, reason: string): Outcome {
  return { ...NOTHING, failures: [{ title, reason }] };
}

export function sumOf(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce(
    (sum, { passed, skipped, failures }) => ({
      passed: sum.passed + passed,
      skipped: sum.skipped + skipped,
      failures: [...sum.failures, ...failures],
    }),
    NOTHING,
  );
}

/** Returns `3 passed, 1 failed`, the last line of a run. */
export function counts({ passed, skipped, failures }: Outcome): string {
  return `${passed} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Returns a failure as lines for the console. */
export function failureText({ title, reason }: Failure): string {
  return [`  ✖ ${title}`, ...reason.split('\n').map((line) => `      ${line}`)].join('\n');
}

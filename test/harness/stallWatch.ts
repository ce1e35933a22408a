/** Notices a stalled Mocha run. A run has no total limit: a slow machine only takes longer. */
import type { MochaReport } from './mocha';

export class StallWatch {
  private seen = '';
  private since: number;

  /** @param stallMs time limit without a test that begins or ends, beyond the limit of the running one, milliseconds */
  constructor(
    private readonly stallMs: number,
    private readonly now: () => number = Date.now,
  ) {
    this.since = now();
  }

  /**
   * Returns the problem in one sentence; empty while the run makes progress. Call it repeatedly with the latest report.
   */
  check(report: MochaReport | null): string {
    const state = JSON.stringify(report);
    if (state !== this.seen) {
      this.seen = state;
      this.since = this.now();
      return '';
    }
    const limitMs = this.stallMs + (report?.running?.limitMs ?? 0);
    if (this.now() - this.since <= limitMs) return '';
    const seconds = Math.round(limitMs / 1000);
    return `stopped: no progress for ${seconds} s${report?.running ? ` in "${report.running.title}"` : ''}`;
  }
}

import type { Clock } from './clock';
import type { DisposableLike } from './disposable';

/**
 * Throttle with a leading and a trailing call: `work` runs at once after a quiet time, then at most once in `everyMs`.
 * Only disposal drops the trailing call.
 */
export class Throttle implements DisposableLike {
  private doneAt = Number.NEGATIVE_INFINITY;
  private waiting: AbortController | null = null;
  private disposed = false;

  constructor(
    private readonly clock: Clock,
    private readonly everyMs: () => number,
    private readonly work: () => void,
  ) {}

  ask(): void {
    if (this.disposed || this.waiting !== null) return;
    const every = this.everyMs();
    const left = this.doneAt + every - this.clock.now();
    if (left <= 0 || left > every)
      this.run(); // longer than the interval: the clock was set back
    else void this.runLater(left);
  }

  dispose(): void {
    this.disposed = true;
    this.waiting?.abort();
  }

  private async runLater(ms: number): Promise<void> {
    const waiting = new AbortController();
    this.waiting = waiting;
    await this.clock.sleep(ms, waiting.signal);
    this.waiting = null;
    if (!this.disposed) this.run();
  }

  private run(): void {
    this.doneAt = this.clock.now();
    this.work();
  }
}

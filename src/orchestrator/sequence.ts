import type { DisposableLike } from '../core/lifecycle';

/** One thing after another; what fails is reported, and keeps nothing from what comes after it. */
export class Sequence implements DisposableLike {
  private work: Promise<void> = Promise.resolve();
  private ended = false;

  constructor(private readonly onFailed: (error: unknown) => void) {}

  add(work: () => Promise<void>): void {
    this.work = this.work.then(() => (this.ended ? undefined : work())).catch((error: unknown) => this.onFailed(error));
  }

  /** What has not begun is left. */
  dispose(): void {
    this.ended = true;
  }
}

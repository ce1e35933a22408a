import type { DisposableLike } from './disposable';

/** One thing after another; what fails is reported, and keeps nothing from what comes after it. */
export class SerialQueue implements DisposableLike {
  private work: Promise<void> = Promise.resolve();
  private ended = false;

  constructor(private readonly onFailed: (error: unknown) => void) {}

  add(work: () => Promise<void>): void {
    this.work = this.work.then(() => (this.ended ? undefined : work())).catch((error: unknown) => this.onFailed(error));
  }

  /** The same work for whoever asks: done once for all that ask while it waits its turn. */
  shared(work: () => Promise<void>): () => void {
    let asked = false;
    return () => {
      if (asked) return;
      asked = true;
      this.add(async () => {
        asked = false;
        await work();
      });
    };
  }

  /** What has not begun is left. */
  dispose(): void {
    this.ended = true;
  }
}

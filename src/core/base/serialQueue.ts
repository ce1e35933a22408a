import type { DisposableLike } from './disposable';

/** Runs tasks one after another. A failed task is reported and does not stop the next one. */
export class SerialQueue implements DisposableLike {
  private work: Promise<void> = Promise.resolve();
  private ended = false;

  constructor(private readonly onFailed: (error: unknown) => void) {}

  add(work: () => Promise<void>): void {
    this.work = this.work.then(() => (this.ended ? undefined : work())).catch((error: unknown) => this.onFailed(error));
  }

  /** Returns a function that queues `work` unless it is already queued and not started. */
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

  /** Skips all tasks that have not started. */
  dispose(): void {
    this.ended = true;
  }
}

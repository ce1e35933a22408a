/** Time per frame for deferred drawing, milliseconds; the rest is for scrolling and input. */
const SHARE_MS = 4;

/** Schedules drawing that may wait a frame or two: each frame draws as much as fits, so that no frame is late. */
export class FrameScheduler {
  private readonly waiting = new Map<object, () => void>();

  constructor(
    private readonly next: (run: () => void) => void,
    /** Milliseconds. */
    private readonly now: () => number,
  ) {}

  /** @param whose the drawn object: of two waiting drawings of the same object only the later one runs */
  put(whose: object, draw: () => void): void {
    const asleep = this.waiting.size === 0;
    this.waiting.set(whose, draw);
    if (asleep) this.next(() => this.run());
  }

  private run(): void {
    const until = this.now() + SHARE_MS;
    for (const [whose, draw] of [...this.waiting]) {
      this.waiting.delete(whose);
      draw();
      if (this.now() >= until) break;
    }
    if (this.waiting.size > 0) this.next(() => this.run());
  }
}

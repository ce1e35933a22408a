/** How long of a frame is given to what may wait, milliseconds: with the rest of it the page must scroll and answer. */
const SHARE_MS = 4;

/** Drawing that may wait a frame or two: as much of it is done in each as fits, so that no frame comes late. */
export class FrameScheduler {
  private readonly waiting = new Map<object, () => void>();

  constructor(
    private readonly next: (run: () => void) => void,
    /** Milliseconds. */
    private readonly now: () => number,
  ) {}

  /** @param whose what it draws: of two drawings of the same thing that both wait, only the later is done */
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

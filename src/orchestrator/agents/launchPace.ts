import { availableParallelism } from 'node:os';
import type { Clock } from '../../core/team/ports';

/** An agent that has not come up after this long keeps nobody else waiting, milliseconds: eight Claudes at once on two cores took 9,000. */
const COME_UP_MS = 10_000;
const MIN_AT_ONCE = 2;

/**
 * Starts agents a few at a time, in the order in which they ask: a CLI's start takes all of a core, and of sixteen at once each draws
 * its screen and reads its keys many seconds later than alone. As many start at once as the machine has cores.
 */
export class LaunchPace {
  private readonly starting = new Map<number, AbortController>();
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly atOnce = Math.max(MIN_AT_ONCE, availableParallelism()),
  ) {}

  /** True when the next one that asks has to wait. */
  get isFull(): boolean {
    return this.starting.size >= this.atOnce;
  }

  /** Resolves when the agent of this window may start; its place is taken then, until `cameUp` or for ten seconds. */
  async turn(window: number): Promise<void> {
    this.cameUp(window);
    // Whoever was woken and found the place taken again stays first.
    for (let at = Infinity; this.isFull; at = 0)
      await new Promise<void>((resolve) => this.waiting.splice(at, 0, resolve));
    const place = new AbortController();
    this.starting.set(window, place);
    void this.clock.sleep(COME_UP_MS, place.signal).then(() => {
      if (this.starting.get(window) === place) this.cameUp(window);
    });
  }

  /** It has come up, ended, or could not be started: the next one may begin. */
  cameUp(window: number): void {
    const place = this.starting.get(window);
    if (!place) return;
    this.starting.delete(window);
    place.abort();
    this.waiting.shift()?.();
  }
}

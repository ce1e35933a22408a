import { availableParallelism } from 'node:os';
import type { Clock } from '../../core/base/clock';

/**
 * An agent that has not come up after this long frees its start slot, milliseconds. Eight Claude Code agents at once
 * on two cores took 9,000.
 */
const COME_UP_MS = 10_000;
const MIN_AT_ONCE = 2;

/**
 * Starts a few agents at a time, in the order of their requests: one per core, but at least two. A CLI's start uses a
 * whole core. With sixteen starts at once each CLI draws its screen and reads its keys many seconds later.
 */
export class LaunchPace {
  private readonly starting = new Map<number, AbortController>();
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly atOnce = Math.max(MIN_AT_ONCE, availableParallelism()),
  ) {}

  /** True when the next agent has to wait. */
  get isFull(): boolean {
    return this.starting.size >= this.atOnce;
  }

  /** Resolves when the agent of this window may start. Its slot stays taken until `cameUp`, or for ten seconds. */
  async turn(window: number): Promise<void> {
    this.cameUp(window);
    // A waiter that wakes up and finds the slot taken again stays first in the queue.
    for (let at = Infinity; this.isFull; at = 0)
      await new Promise<void>((resolve) => this.waiting.splice(at, 0, resolve));
    const place = new AbortController();
    this.starting.set(window, place);
    void this.clock.sleep(COME_UP_MS, place.signal).then(() => {
      if (this.starting.get(window) === place) this.cameUp(window);
    });
  }

  /** Frees the slot: the agent came up, ended, or could not be started. */
  cameUp(window: number): void {
    const place = this.starting.get(window);
    if (!place) return;
    this.starting.delete(window);
    place.abort();
    this.waiting.shift()?.();
  }
}

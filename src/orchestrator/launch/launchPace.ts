import { availableParallelism } from 'node:os';
import type { Clock } from '../../core/base/clock';

/**
 * An agent that has not come up after this long frees its start slot, milliseconds. Eight Claude Code agents at once
 * on two cores took 9,000.
 */
const COME_UP_MS = 10_000;
/**
 * The same for a CLI that starts alone, milliseconds. OpenCode took 40,000 for its first start in a new home on a
 * loaded machine.
 */
const FIRST_COME_UP_MS = 60_000;
const MIN_AT_ONCE = 2;

interface Slot {
  readonly timer: AbortController;
  /** The installation that this agent starts alone for the first time; undefined for any other start. */
  readonly first: string | undefined;
}

/**
 * Starts a few agents at a time, in the order of their requests: one per core, but at least two. A CLI's start uses a
 * whole core. With sixteen starts at once each CLI draws its screen and reads its keys many seconds later.
 */
export class LaunchPace {
  private readonly starting = new Map<number, Slot>();
  private readonly waiting: (() => void)[] = [];
  /** Installations of which one agent has drawn its screen. */
  private readonly drawn = new Set<string>();

  constructor(
    private readonly clock: Clock,
    private readonly atOnce = Math.max(MIN_AT_ONCE, availableParallelism()),
  ) {}

  /** True when the next agent has to wait. */
  get isFull(): boolean {
    return this.starting.size >= this.atOnce;
  }

  /**
   * Resolves when the agent of this window may start. Its slot stays taken until `cameUp`, or for ten seconds.
   * @param alone the CLI's installation, if only one agent may start while the installation is not set up. That agent
   * keeps its slot until `drew`, or for a minute.
   */
  async turn(window: number, alone?: string): Promise<void> {
    this.ended(window);
    // A waiter that wakes up and finds the slot taken again stays first in the queue.
    for (let at = Infinity; this.isFull || this.isBeingSetUp(alone); at = 0)
      await new Promise<void>((resolve) => this.waiting.splice(at, 0, resolve));
    const first = alone !== undefined && !this.drawn.has(alone) ? alone : undefined;
    const slot: Slot = { timer: new AbortController(), first };
    this.starting.set(window, slot);
    void this.clock.sleep(first === undefined ? COME_UP_MS : FIRST_COME_UP_MS, slot.timer.signal).then(() => {
      if (this.starting.get(window) === slot) this.ended(window);
    });
    // The end of a start alone may have freed more than this slot.
    if (!this.isFull) this.waiting.shift()?.();
  }

  /** Frees the slot of an agent that came up. One that starts alone keeps it: its hooks report before it has drawn. */
  cameUp(window: number): void {
    if (this.starting.get(window)?.first === undefined) this.ended(window);
  }

  /** Frees the slot of an agent that started alone and has drawn its first screen. */
  drew(window: number): void {
    const first = this.starting.get(window)?.first;
    if (first === undefined) return;
    this.drawn.add(first);
    this.ended(window);
  }

  /** Frees the slot: the agent ended, or could not be started. */
  ended(window: number): void {
    const slot = this.starting.get(window);
    if (!slot) return;
    this.starting.delete(window);
    slot.timer.abort();
    this.waiting.shift()?.();
  }

  private isBeingSetUp(installation: string | undefined): boolean {
    return installation !== undefined && [...this.starting.values()].some(({ first }) => first === installation);
  }
}

import type { Clock } from '../../core/base/clock';
import type { DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage, isTacoError } from '../../core/errors/tacoError';
import { windowOfTarget } from '../../core/messages/address';
import type { WhenBusy } from '../../core/messages/whenBusy';
import type { CommandConsumer, PendingCommand } from '../../core/team/ports';
import type { Courier } from './courier';
import { Lane } from './lane';

export interface DispatcherOptions {
  readonly consumer: CommandConsumer;
  readonly courier: Pick<Courier, 'carry'>;
  readonly whenBusy: WhenBusy;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onLeadershipLost: () => void;
}

const BLOCK_MS = 2000;
const READ_COUNT = 256;
const PAUSE_AFTER_ERROR = 500;

/**
 * Reads the one ordered stream and feeds one lane per agent. The lanes are only a view of the consumer's pending
 * entries. Each start and reconnect rebuilds them from these entries, so that no entry is lost.
 */
export class Dispatcher implements DisposableLike {
  private readonly lanes = new Map<string, { readonly window: number | null; readonly lane: Lane }>();
  /** Stream ids that a lane has or had: a recovery must not queue them again. */
  private readonly known = new Set<string>();
  /** Stream ids that ended since the last reads began; those reads may still show their old state. */
  private readonly ended: string[] = [];
  private stopped = false;
  private recoverNow = true;

  constructor(private readonly options: DispatcherOptions) {}

  start(): void {
    void this.loop();
  }

  /** Wakes the lane of this window after a change of its agent; undefined wakes all lanes. */
  wake(window?: number): void {
    for (const each of this.lanes.values()) if (window === undefined || each.window === window) each.lane.wake();
  }

  /** Rebuilds after a reconnect: entries that were read without an answer are pending. */
  recover(): void {
    this.recoverNow = true;
  }

  dispose(): void {
    this.stopped = true;
    for (const { lane } of this.lanes.values()) lane.dispose();
    this.lanes.clear();
  }

  private async loop(): Promise<void> {
    const { consumer, clock, log } = this.options;
    while (!this.stopped) {
      try {
        for (const streamId of this.ended.splice(0)) this.known.delete(streamId);
        if (this.recoverNow) {
          this.recoverNow = false;
          for (const pending of await consumer.recover()) this.route(pending);
        }
        for (const pending of await consumer.read(READ_COUNT, BLOCK_MS)) this.route(pending);
      } catch (error) {
        if (this.stopped) return;
        if (isTacoError(error, 'not-leader')) {
          this.dispose();
          this.options.onLeadershipLost();
          return;
        }
        log.warn('dispatcher.paused', { error: errorMessage(error) });
        this.recoverNow = true;
        await clock.sleep(PAUSE_AFTER_ERROR);
      }
    }
  }

  private route(pending: PendingCommand): void {
    if (this.stopped || this.known.has(pending.streamId)) return;
    this.known.add(pending.streamId);
    const { target } = pending.command;
    let known = this.lanes.get(target);
    if (!known) {
      const window = windowOfTarget(target);
      known = { window, lane: this.laneFor(target) };
      this.lanes.set(target, known);
    }
    known.lane.push(pending);
  }

  private laneFor(target: string): Lane {
    const { consumer, courier, whenBusy, clock, log, onLeadershipLost } = this.options;
    return new Lane({
      name: target,
      consumer,
      courier,
      whenBusy,
      clock,
      log,
      onLeadershipLost,
      onEnded: ({ streamId }) => void this.ended.push(streamId),
    });
  }
}

import type { Clock } from '../../core/base/clock';
import type { DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { isTacoError } from '../../core/errors/tacoError';
import { retryDelay } from '../../core/messages/backoff';
import { isForLater, type WhenBusy } from '../../core/messages/whenBusy';
import type { CommandConsumer, PendingCommand } from '../../core/team/ports';
import type { Courier } from './courier';

export interface LaneOptions {
  /** Name of the target, for the log. */
  readonly name: string;
  readonly consumer: CommandConsumer;
  readonly courier: Pick<Courier, 'carry'>;
  /** The team's handling of a message for a working agent. */
  readonly whenBusy: WhenBusy;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called when the command has ended. */
  readonly onEnded: (pending: PendingCommand) => void;
  /** Called when another process leads: the lane has stopped. */
  readonly onLeadershipLost: () => void;
}

/**
 * First delay until a held message is checked again, milliseconds. It grows with each check, which costs 0.6 ms, and
 * restarts after each wake-up. A hook reports a moment before its CLI draws the screen that frees the message.
 */
const MIN_CHECK_INTERVAL_MS = 10;
const MAX_CHECK_INTERVAL_MS = 1000;

/**
 * One agent's messages in order: the head blocks its own lane and no other. An interrupt overtakes a head that is not
 * being typed. A message that waits for the end of a turn is overtaken by those that do not. So the order holds among
 * messages of the same kind.
 */
export class Lane implements DisposableLike {
  private readonly waiting: PendingCommand[] = [];
  private readonly stopped = new AbortController();
  private nap: AbortController | undefined;
  private running = false;

  constructor(private readonly options: LaneOptions) {}

  /** Number of commands that have not ended. */
  get length(): number {
    return this.waiting.length;
  }

  push(pending: PendingCommand): void {
    if (this.stopped.signal.aborted) return;
    if (isOvertaking(pending)) {
      const behind = this.waiting.findIndex(
        (each, index) => !isOvertaking(each) && (index > 0 || this.nap !== undefined),
      );
      if (behind >= 0) this.waiting.splice(behind, 0, pending);
      else this.waiting.push(pending);
      this.wake();
    } else {
      this.waiting.push(pending);
      // The head, held until a turn ends, gives way to it.
      const [head] = this.waiting;
      if (head && this.isForLater(head) && !this.isForLater(pending)) this.wake();
    }
    void this.run();
  }

  /** Checks again now after a change of the agent (a hook, a mode, its process). */
  wake(): void {
    this.nap?.abort();
  }

  dispose(): void {
    this.stopped.abort();
    this.wake();
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      let interval = MIN_CHECK_INTERVAL_MS;
      for (let head = this.waiting[0]; head && !this.stopped.signal.aborted; head = this.waiting[0]) {
        const early = head.notBefore - this.options.clock.now();
        if (early > 0) {
          // A clock that was set back by hours must not delay the retry by hours.
          const woken = await this.sleep(Math.min(early, retryDelay(head.attempts)));
          if (!woken) this.replace(head, { ...head, notBefore: 0 });
          continue;
        }
        const next = await this.step(head);
        if (next === 'ended') {
          this.remove(head);
          this.options.onEnded(head);
          interval = MIN_CHECK_INTERVAL_MS;
        } else if (next === 'held') {
          if (this.letInterruptPass(head)) continue;
          const woken = await this.sleep(interval);
          interval = woken ? MIN_CHECK_INTERVAL_MS : Math.min(interval * 2, MAX_CHECK_INTERVAL_MS);
        }
      }
    } finally {
      this.running = false;
    }
  }

  /**
   * Makes one attempt and returns its effect on the queue. A temporary failure of Redis or tmux only pauses the lane.
   */
  private async step(head: PendingCommand): Promise<'ended' | 'held' | 'again'> {
    const { consumer, clock, log, name } = this.options;
    const id = head.command.id;
    try {
      const result = await this.options.courier.carry(head, this.stopped.signal);
      if (this.stopped.signal.aborted) return 'held';
      switch (result.kind) {
        case 'ended':
        case 'dropped':
          return 'ended';
        case 'received':
        case 'delivered':
          await consumer.done(head, result.kind, result.kind === 'received' ? result.receipt : undefined);
          log.info('message.ended', { id, target: name, state: result.kind });
          return 'ended';
        case 'waiting':
          await consumer.phase(id, 'delivered', result.reason);
          return 'held';
        case 'uncertain':
          await consumer.uncertain(head, result.reason);
          log.warn('message.uncertain', { id, target: name, reason: result.reason });
          return 'ended';
        case 'failed': {
          const notBefore = clock.now() + retryDelay(head.attempts + 1);
          const outcome = await consumer.fail(head, result.reason, notBefore, result.final);
          log.warn('message.failed', { id, target: name, reason: result.reason, outcome });
          if (outcome === 'dead') return 'ended';
          this.replace(head, { ...head, state: 'retrying', attempts: head.attempts + 1, notBefore });
          return 'again';
        }
        case 'held':
          if (await consumer.phase(id, 'held', result.reason))
            return result.reason === 'busy' && this.giveWay(head) ? 'again' : 'held';
          // The user dropped it: the next attempt only removes from the pane what it holds of it.
          this.replace(head, { ...head, state: 'dropped' });
          return 'again';
        case 'stale-leader':
          this.stop();
          return 'held';
      }
    } catch (error) {
      if (isTacoError(error, 'not-leader')) this.stop();
      else log.warn('lane.paused', { id, target: name, error: error instanceof Error ? error.message : String(error) });
      return 'held';
    }
  }

  /** Puts an interrupt that came during the attempt before a head that could not end. */
  private letInterruptPass(head: PendingCommand): boolean {
    if (this.waiting[0] !== head || isOvertaking(head)) return false;
    const at = this.waiting.findIndex(isOvertaking);
    if (at < 0) return false;
    this.waiting.unshift(...this.waiting.splice(at, 1));
    return true;
  }

  /** Puts the first message that does not wait for the end of a turn before a head that does. */
  private giveWay(head: PendingCommand): boolean {
    if (this.waiting[0] !== head || !this.isForLater(head)) return false;
    const at = this.waiting.findIndex((each) => !this.isForLater(each));
    if (at < 0) return false;
    this.waiting.unshift(...this.waiting.splice(at, 1));
    return true;
  }

  private isForLater({ command }: PendingCommand): boolean {
    return !isOvertaking({ command }) && isForLater(command, this.options.whenBusy);
  }

  private stop(): void {
    if (this.stopped.signal.aborted) return;
    this.dispose();
    this.options.onLeadershipLost();
  }

  /** Resolves to true when a wake-up ended the sleep early. */
  private async sleep(ms: number): Promise<boolean> {
    const nap = new AbortController();
    this.nap = nap;
    try {
      await this.options.clock.sleep(ms, nap.signal);
      return nap.signal.aborted;
    } finally {
      if (this.nap === nap) this.nap = undefined;
    }
  }

  private remove(pending: PendingCommand): void {
    const at = this.waiting.findIndex((each) => each.command.id === pending.command.id);
    if (at >= 0) this.waiting.splice(at, 1);
  }

  private replace(pending: PendingCommand, by: PendingCommand): void {
    const at = this.waiting.indexOf(pending);
    if (at >= 0) this.waiting[at] = by;
  }
}

/** Interrupts overtake; so does TACO's own slash command, which frees an agent whose messages are held. */
function isOvertaking({ command: { type, sender } }: Pick<PendingCommand, 'command'>): boolean {
  return type === 'tmux_interrupt' || (type === 'slash' && sender === 'TACO');
}

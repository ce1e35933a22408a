import type { DisposableLike } from '../../core/base/disposable';
import { retryDelay } from '../../core/messages/backoff';
import type { AgentRecord } from '../../core/models';
import type { Clock } from '../../core/team/ports';

export interface RelaunchPolicyOptions {
  readonly mode: 'never' | 'onCrash';
  readonly clock: Clock;
  /** Starts the agent in this window again, with its conversation. */
  readonly relaunch: (window: number) => void;
  /** One line for people. */
  readonly note: (text: string) => void;
}

/** So many crashes in so short a time, milliseconds, are a loop: a person must look. */
export const CRASH_LIMIT = 5;
const CRASH_PERIOD = 10 * 60_000;

/** Starts a crashed agent again if the person set it so: at first after a second, then ever later, and in a crash loop no more. */
export class RelaunchPolicy implements DisposableLike {
  private readonly crashes = new Map<number, readonly number[]>();
  private readonly stopped = new AbortController();

  constructor(private readonly options: RelaunchPolicyOptions) {}

  /** The agent's process ended and nobody had asked for it. */
  onCrash({ window, name }: AgentRecord): void {
    if (this.options.mode === 'never') return;
    const now = this.options.clock.now();
    const recent = [...(this.crashes.get(window) ?? []).filter((at) => now - at < CRASH_PERIOD), now];
    this.crashes.set(window, recent);
    if (recent.length > CRASH_LIMIT) {
      this.options.note(
        `${name} crashed ${recent.length} times in ${CRASH_PERIOD / 60_000} minutes and is left as it is: look at its window, then relaunch it`,
      );
      return;
    }
    void this.later(window, retryDelay(recent.length));
  }

  /** It could not be started again for now, for no fault of its own: that is tried once more. */
  again(window: number): void {
    void this.later(window, retryDelay(1));
  }

  dispose(): void {
    this.stopped.abort();
  }

  private async later(window: number, ms: number): Promise<void> {
    await this.options.clock.sleep(ms, this.stopped.signal);
    if (!this.stopped.signal.aborted) this.options.relaunch(window);
  }
}

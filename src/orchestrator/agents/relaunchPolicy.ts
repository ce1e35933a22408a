import type { AgentRecord } from '../../core/agents/agentRecord';
import type { Clock } from '../../core/base/clock';
import type { DisposableLike } from '../../core/base/disposable';
import { retryDelay } from '../../core/messages/backoff';

export interface RelaunchPolicyOptions {
  readonly mode: 'never' | 'onCrash';
  readonly clock: Clock;
  /** Relaunches the agent in this window with its conversation. */
  readonly relaunch: (window: number) => void;
  /** Publishes one line for the user. */
  readonly note: (text: string) => void;
}

/** This many crashes within this time (milliseconds) are a crash loop, which the user must examine. */
export const CRASH_LIMIT = 5;
const CRASH_PERIOD = 10 * 60_000;

/**
 * Relaunches a crashed agent if the setting says so: first after a second, then with growing delays. Stops in a crash
 * loop.
 */
export class RelaunchPolicy implements DisposableLike {
  private readonly crashes = new Map<number, readonly number[]>();
  private readonly stopped = new AbortController();

  constructor(private readonly options: RelaunchPolicyOptions) {}

  /** Handles the unexpected end of an agent's process. */
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

  /** Tries once more after a relaunch that failed for now through no fault of the agent. */
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

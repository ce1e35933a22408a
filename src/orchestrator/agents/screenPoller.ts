import type { HookBusyState } from '../../core/agents/hookBusyState';
import type { DisposableLike } from '../../core/base/disposable';
import { errorMessage } from '../../core/base/errors';
import type { AgentRecord } from '../../core/models';
import type { Clock, Logger } from '../../core/team/ports';

export interface ScreenPollerOptions {
  readonly agent: (window: number) => AgentRecord | undefined;
  readonly word: (record: AgentRecord) => HookBusyState | null;
  /** Reads its screen. */
  readonly look: (window: number) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** An agent that does not say by a hook that it is ready is looked at until its screen does, milliseconds. */
const SETTLE_EVERY = 250;
const SETTLE_FOR = 90_000;
/** While a dialog stands open its end is looked for; hooks do not tell. */
const DIALOG_EVERY = 500;

/** Looks at an agent as long as its hooks may not tell what comes: until it is ready, while a dialog stands open, and while its turn can end unsaid. */
export class ScreenPoller implements DisposableLike {
  private readonly watched = new Set<number>();
  private disposed = false;

  constructor(private readonly options: ScreenPollerOptions) {}

  async watch(window: number): Promise<void> {
    if (this.watched.has(window)) return;
    this.watched.add(window);
    const { agent, word, look, clock, log } = this.options;
    let until = clock.now() + SETTLE_FOR;
    try {
      for (let record = agent(window); record && !this.disposed; record = agent(window)) {
        const { status } = record;
        if (status === 'exited' || status === 'failed') break;
        if (!word(record)?.says && (status === 'starting' ? clock.now() > until : status !== 'needs-input')) break;
        if (status !== 'starting') until = clock.now() + SETTLE_FOR;
        await clock.sleep(status === 'starting' ? SETTLE_EVERY : DIALOG_EVERY);
        await look(window).catch((error: unknown) => log.debug('agent.look', { window, error: errorMessage(error) }));
      }
    } finally {
      this.watched.delete(window);
    }
  }

  dispose(): void {
    this.disposed = true;
  }
}

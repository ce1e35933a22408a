import type { ReadingKind } from '../../core/agents/agentProfile';
import type { AgentRecord } from '../../core/agents/agentRecord';
import type { AgentState } from '../../core/agents/agentState';
import type { HookBusyState } from '../../core/agents/hookBusyState';
import type { Clock } from '../../core/base/clock';
import type { DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import type { AgentRegistry } from './agentRegistry';

/** The part of `AgentStates` that the poller needs. */
export interface PolledScreens {
  hookState(record: AgentRecord): HookBusyState | null;
  /** Captures the agent's screen; with `rests` a busy agent may be set to idle. */
  readScreen(window: number, rests: boolean): Promise<ReadingKind | null>;
}

/**
 * Poll interval until the screen shows that an agent is ready, for CLIs whose hooks do not report it, milliseconds.
 */
const SETTLE_EVERY = 250;
const SETTLE_FOR = 90_000;
/** Poll interval while a dialog is open, milliseconds; hooks do not report its end. */
const DIALOG_EVERY = 500;
/** Poll interval of a busy agent, milliseconds: no hook reports that the user stopped a turn. */
const BUSY_EVERY = 1000;
const INTERVALS: Partial<Record<AgentState, number>> = { starting: SETTLE_EVERY, busy: BUSY_EVERY };
/** Polls in a row that must find a busy agent ready before it counts as idle: one may capture a half-drawn screen. */
const READY_POLLS = 2;

/**
 * Polls an agent's screen while hooks may miss a change: until it is ready, while a dialog is open, and while it
 * works.
 */
export class ScreenPoller implements DisposableLike {
  private readonly watched = new Set<number>();
  private disposed = false;

  constructor(
    private readonly agents: Pick<AgentRegistry, 'get'>,
    private readonly screens: PolledScreens,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  async watch(window: number): Promise<void> {
    if (this.watched.has(window)) return;
    this.watched.add(window);
    const { agents, screens, clock, log } = this;
    let until = clock.now() + SETTLE_FOR;
    let ready = 0;
    try {
      for (let record = agents.get(window); record && !this.disposed; record = agents.get(window)) {
        const { status } = record;
        if (status === 'exited' || status === 'failed') break;
        const ends = status === 'starting' ? clock.now() > until : status !== 'needs-input' && status !== 'busy';
        if (!screens.hookState(record)?.says && ends) break;
        if (status !== 'starting') until = clock.now() + SETTLE_FOR;
        await clock.sleep(INTERVALS[status] ?? DIALOG_EVERY);
        const kind = await screens.readScreen(window, ready + 1 >= READY_POLLS).catch((error: unknown) => {
          log.debug('agent.look', { window, error: errorMessage(error) });
          return null;
        });
        ready = kind === 'ready' ? ready + 1 : 0;
      }
    } finally {
      this.watched.delete(window);
    }
  }

  dispose(): void {
    this.disposed = true;
  }
}

import type { AgentRecord } from '../../core/agents/agentRecord';
import type { Clock } from '../../core/base/clock';
import { DisposableStore, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import type { Team } from '../../team/team';
import type { PaneDriver } from '../../tmux/pane/paneDriver';
import type { AgentLauncher } from '../launch/agentLauncher';
import type { AgentManager } from './agentManager';

export interface FirstScreensOptions {
  readonly agents: Pick<AgentManager, 'here' | 'get' | 'onWindows'>;
  readonly driver: Pick<PaneDriver, 'capture'>;
  readonly launcher: Pick<AgentLauncher, 'drew'>;
  readonly team: Pick<Team, 'request' | 'send' | 'store'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
  /** Time without a first screen after which an agent counts as hung, milliseconds. */
  readonly hungAfterMs?: number | undefined;
}

/**
 * Default of `hungAfterMs`. OpenCode drew its first screen after 38,000 to 100,000 in a new home on a machine with a load
 * of about 15 for each core.
 */
const HUNG_AFTER_MS = 180_000;

interface Start {
  readonly startedAt: number;
  /** Time of the first check, and of the last attempt to act, milliseconds of the clock. */
  readonly since: number;
  readonly state: 'blank' | 'drawn' | 'reported';
}

/**
 * Captures the panes of started agents until they draw their first screen. An agent that draws nothing is hung: it is
 * started again once, and then reported to the user. Its hooks may have reported its start, so its status proves
 * nothing.
 */
export class FirstScreens implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly starts = new Map<number, Start>();
  /** Windows whose agent was started again and has drawn nothing since. */
  private readonly startedAgain = new Set<number>();
  private isChecking = false;

  constructor(private readonly options: FirstScreensOptions) {
    this.disposables.add(options.agents.onWindows(() => void this.check()));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async check(): Promise<void> {
    if (this.isChecking) return;
    this.isChecking = true;
    const { agents, log } = this.options;
    try {
      for (const record of agents.here)
        if (runs(record))
          await this.read(record).catch((error: unknown) =>
            log.debug('agent.first-screen', { window: record.window, error: errorMessage(error) }),
          );
    } finally {
      this.isChecking = false;
    }
  }

  private async read(record: AgentRecord): Promise<void> {
    const { agents, driver, launcher, clock, hungAfterMs = HUNG_AFTER_MS } = this.options;
    const { window, startedAt, pane } = record;
    const known = this.starts.get(window);
    const start: Start = known?.startedAt === startedAt ? known : { startedAt, since: clock.now(), state: 'blank' };
    this.starts.set(window, start);
    if (start.state === 'drawn') return;
    const capture = await driver.capture(pane);
    const now = agents.get(window);
    if (!capture || capture.dead || now?.startedAt !== startedAt || now.pane !== pane || !runs(now)) return;
    if (capture.screen.lines.some(({ text }) => text.trim() !== '')) {
      this.starts.set(window, { ...start, state: 'drawn' });
      this.startedAgain.delete(window);
      launcher.drew(window);
    } else if (start.state === 'blank' && clock.now() - start.since >= hungAfterMs) {
      // After an error the next attempt comes as late as the first one.
      this.starts.set(window, { ...start, since: clock.now() });
      await this.onHung(record, Math.round(hungAfterMs / 1000));
      this.starts.set(window, { ...start, state: 'reported' });
    }
  }

  private async onHung({ window, name }: AgentRecord, seconds: number): Promise<void> {
    const { team, log } = this.options;
    const isSecond = this.startedAgain.has(window);
    log.warn('agent.hung', { agent: name, window, again: !isSecond });
    if (isSecond) {
      const text = `${name} was started twice and its window stayed empty, so its messages wait. Run its CLI in a terminal to see why, then relaunch it: taco relaunch ${name}`;
      return void (await team.send({ from: { kind: 'taco' }, to: 'user', text }));
    }
    await team.request({ kind: 'relaunch', window });
    this.startedAgain.add(window);
    await team.store.note(`${name} showed nothing for ${seconds} seconds after its start, so TACO starts it again`);
  }
}

/** An adopted agent was started by the user. */
function runs({ status, pane, adopted }: AgentRecord): boolean {
  return pane !== '' && adopted !== true && status !== 'exited' && status !== 'failed';
}

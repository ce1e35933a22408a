import type { AgentProfile, ReadingKind } from '../../core/agents/agentProfile';
import type { AgentRecord } from '../../core/agents/agentRecord';
import type { Clock } from '../../core/base/clock';
import { DisposableStore, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import type { PaneDriver } from '../../tmux/pane/paneDriver';
import type { AgentPanes } from './agentPanes';
import type { AgentRegistry } from './agentRegistry';
import type { AgentStates } from './agentStates';
import type { AgentUpdates } from './agentUpdates';

/** The part of `AgentStates` that the check of resting agents needs. */
type RestingStates = Pick<AgentStates, 'hookState' | 'sinceHook' | 'watch'>;

export interface RestingScreensOptions {
  readonly agents: Pick<AgentRegistry, 'here' | 'get'>;
  readonly updates: Pick<AgentUpdates, 'update'>;
  readonly panes: Pick<AgentPanes, 'onWindows'>;
  readonly driver: Pick<PaneDriver, 'capture'>;
  readonly states: RestingStates;
  readonly profile: (name: string) => AgentProfile;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
}

/** Interval of the captures of an agent at rest, milliseconds. One costs 0.6 ms. */
const EVERY_MS = 2000;
/** Milliseconds since the last hook report within which the screen may still show the work before it. */
const STILL_DRAWN_MS = 3000;
/** Captures in a row that must show work: one may catch a half-drawn screen. */
const BUSY_CAPTURES = 2;
/** This mode grants rights, so only the CLI's hooks may report it. */
const GRANTING_MODE = 'bypassPermissions';

/**
 * Captures the screens of agents at rest for what no hook reports: work that goes on after the hook that ended the turn,
 * because a hook of the user refused the end, and a permission mode that the user changed between two prompts.
 */
export class RestingScreens implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly busyCaptures = new Map<number, number>();
  private checkedAt = -Infinity;

  constructor(private readonly options: RestingScreensOptions) {
    this.disposables.add(options.panes.onWindows(() => void this.check()));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async check(): Promise<void> {
    const { agents, clock, log } = this.options;
    if (Math.abs(clock.now() - this.checkedAt) < EVERY_MS) return;
    this.checkedAt = clock.now();
    for (const record of agents.here) {
      if (!isAtRest(record)) this.busyCaptures.delete(record.window);
      else
        await this.read(record).catch((error: unknown) =>
          log.debug('agent.resting', { window: record.window, error: errorMessage(error) }),
        );
    }
  }

  private async read({ window, pane, profile }: AgentRecord): Promise<void> {
    const { agents, updates, driver, states, clock } = this.options;
    const state = await driver.capture(pane);
    const now = agents.get(window);
    if (!state || state.dead || !now || now.pane !== pane || !isAtRest(now)) return;
    const reading = this.options.profile(profile).readScreen(state.screen);
    const { permissionMode: mode } = reading;
    const isBusy = this.countBusy(now, states.hookState(now)?.onScreen(reading.kind, clock.now()) ?? reading.kind);
    await updates.update(window, {
      ...(mode === undefined || mode === GRANTING_MODE || mode === now.permissionMode ? {} : { permissionMode: mode }),
      ...(isBusy ? { status: 'busy', activity: '' } : {}),
    });
    if (isBusy) states.watch(window);
  }

  /** Returns whether enough captures in a row showed the agent at work. */
  private countBusy({ window }: AgentRecord, kind: ReadingKind): boolean {
    const isWork = kind === 'busy' && this.options.states.sinceHook(window) > STILL_DRAWN_MS;
    const count = isWork ? (this.busyCaptures.get(window) ?? 0) + 1 : 0;
    this.busyCaptures.set(window, count);
    return count >= BUSY_CAPTURES;
  }
}

/** The screens of adopted agents and of those with silent hooks are read anyway. */
function isAtRest({ status, pane, adopted, hooks }: AgentRecord): boolean {
  return (status === 'idle' || status === 'done') && pane !== '' && adopted !== true && hooks !== 'silent';
}

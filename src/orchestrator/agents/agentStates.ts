import { activityOf } from '../../core/agents/activity';
import type { AgentProfile, ReadingKind } from '../../core/agents/agentProfile';
import type { AgentRecord } from '../../core/agents/agentRecord';
import { agentStateOnScreen, HOOK_BEATS_SCREEN_MS, nextAgentState, withDone } from '../../core/agents/agentState';
import { conversationPatch } from '../../core/agents/conversation';
import { type HookBusyState, HookBusyStates } from '../../core/agents/hookBusyState';
import type { HookData } from '../../core/agents/hookData';
import { limitInDialog, limitInHook, limitOnScreen } from '../../core/agents/turnFailure';
import type { Clock } from '../../core/base/clock';
import { DisposableStore, Emitter, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { firstLine } from '../../core/base/truncate';
import { errorMessage } from '../../core/errors/tacoError';
import type { Limit } from '../../core/limits/limit';
import type { AgentPatch } from '../../core/team/hosts';
import type { StateStore } from '../../core/team/ports';
import type { InputRequestStore } from '../../redis/state/inputRequestStore';
import type { StoredHookReport } from '../../redis/state/stateStore';
import type { PaneDriver, PaneState } from '../../tmux/pane/paneDriver';
import type { AgentPanes } from './agentPanes';
import type { AgentRegistry } from './agentRegistry';
import type { AgentUpdates } from './agentUpdates';
import { ScreenPoller } from './screenPoller';

export interface AgentStatesOptions {
  readonly agents: AgentRegistry;
  readonly updates: AgentUpdates;
  readonly panes: AgentPanes;
  readonly driver: PaneDriver;
  readonly store: Pick<StateStore, 'note'>;
  readonly requests: Pick<InputRequestStore, 'hasOpen'>;
  readonly profile: (name: string) => AgentProfile;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A turn that a model refused. */
export interface TurnRefusal {
  readonly record: AgentRecord;
  readonly limit: Limit;
  /** Time of the report, milliseconds since the epoch. */
  readonly at: number;
}

/** Keeps the state of each agent here: first from its hooks, then from its screen. */
export class AgentStates implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly captures: Emitter<{ readonly record: AgentRecord; readonly state: PaneState }>;
  private readonly refusals: Emitter<TurnRefusal>;
  /** Time of each agent's last hook report, milliseconds since the epoch. */
  private readonly lastHook = new Map<number, number>();
  /** Windows whose dialog was announced by a hook and seen on no screen yet. */
  private readonly announced = new Set<number>();
  private readonly poller: ScreenPoller;
  readonly hookStates = new HookBusyStates();
  /** Fires after a capture of an agent that starts or waits for the user. */
  readonly onCapture: Emitter<{ readonly record: AgentRecord; readonly state: PaneState }>['event'];
  /** Fires after a model refused an agent's turn. */
  readonly onRefused: Emitter<TurnRefusal>['event'];

  constructor(private readonly options: AgentStatesOptions) {
    const { agents, panes, clock, log } = options;
    const onError = (error: unknown): void => log.error('agent.listener', { error: errorMessage(error) });
    this.captures = this.disposables.add(new Emitter(onError));
    this.refusals = this.disposables.add(new Emitter(onError));
    this.onRefused = this.refusals.event;
    this.onCapture = this.captures.event;
    this.poller = this.disposables.add(new ScreenPoller(agents, this, clock, log));
    this.disposables.add(
      panes.onWindows(
        () =>
          void this.readAdopted().catch((error: unknown) =>
            log.debug('agents.adopted', { error: errorMessage(error) }),
          ),
      ),
    );
  }

  /** Returns the time since the agent's last hook report, milliseconds; Infinity when there was none. */
  sinceHook(window: number): number {
    return this.options.clock.now() - (this.lastHook.get(window) ?? -Infinity);
  }

  /** Polls the agent's screen while its hooks may miss a change. */
  watch(window: number): void {
    void this.poller.watch(window);
  }

  async onHook(window: number, event: string, data: HookData): Promise<void> {
    const asked = this.options.agents.get(window);
    const panePid = asked ? await this.panePid(asked, [data]) : 0;
    const record = this.options.agents.get(window);
    const patch = record && this.patchFromHook(record, { event, data, at: this.options.clock.now() }, panePid);
    if (!patch) return;
    await this.noteCrossSession(record, data);
    await this.options.updates.update(window, patch);
    this.reportRefusal(window, limitInHook(this.profileOf(record), event, data, this.options.clock.now()));
    this.watch(window);
    if (event === 'Stop') void this.readFailure(window);
  }

  /**
   * Applies hook reports that came while no leader ran, oldest first. Ignores reports of an earlier launch. The
   * former leader saw most of them, so only the final state is published. Views never show an agent's past states
   * again.
   */
  async replay(reports: readonly StoredHookReport[]): Promise<void> {
    for (const record of this.options.agents.here) {
      let after: AgentRecord = record;
      let limit: Limit | null = null;
      let refusedAt = 0;
      const own = reports.filter(({ window, at }) => window === record.window && at >= record.startedAt);
      const panePid = await this.panePid(
        record,
        own.map(({ data }) => data),
      );
      for (const report of own) {
        after = { ...after, ...this.patchFromHook(after, report, panePid) };
        const found = limitInHook(this.profileOf(record), report.event, report.data, report.at);
        if (found) [limit, refusedAt] = [found, report.at];
      }
      if (after === record) continue;
      const {
        activity,
        background = '',
        sessionId,
        begun,
        permissionMode,
        hooks = '',
        hookParents = '',
        limitKind,
      } = after;
      const status = withDone(after.status, after.done);
      if (
        status !== record.status ||
        activity !== record.activity ||
        background !== (record.background ?? '') ||
        sessionId !== record.sessionId ||
        begun !== record.begun ||
        permissionMode !== record.permissionMode ||
        hooks !== record.hooks ||
        hookParents !== record.hookParents
      )
        await this.options.updates.update(record.window, {
          status,
          activity,
          background,
          sessionId,
          begun,
          permissionMode,
          hooks,
          hookParents,
          ...(limitKind ? { limitKind } : {}),
        });
      if (status === 'limited') this.reportRefusal(record.window, limit, refusedAt);
      this.watch(record.window);
    }
  }

  /** Reads the screens of adopted agents and of those whose hooks are silent: no hook reports their state. */
  async readAdopted(): Promise<void> {
    for (const { window, adopted, hooks, pane, status } of this.options.agents.here)
      if ((adopted || hooks === 'silent') && pane !== '' && status !== 'exited' && status !== 'failed')
        await this.readScreen(window);
  }

  /**
   * Captures the agent's screen and returns its kind; null when there is none.
   * @param rests whether a busy agent may be set to idle
   */
  async readScreen(window: number, rests = true): Promise<ReadingKind | null> {
    const { agents, updates, panes, driver, clock } = this.options;
    const record = agents.get(window);
    if (!record || record.pane === '') return null;
    const state = await driver.capture(record.pane);
    if (!state || state.dead) return panes.onLost(record, state ? 'pane' : 'window').then(() => null);
    const { kind: drawn, dialog, composer } = this.profileOf(record).readScreen(state.screen);
    const kind = this.hookState(record)?.onScreen(drawn, clock.now()) ?? drawn;
    const now = agents.get(window);
    if (!now || now.pane !== record.pane) return null;
    this.captures.fire({ record: now, state });
    if (kind === 'dialog') this.announced.delete(window);
    const awaitsDialog = this.announced.has(window) && (await this.options.requests.hasOpen(window));
    const shown = agentStateOnScreen(now.status, kind, this.sinceHook(window), awaitsDialog);
    const next = now.status === 'busy' && !rests ? now.status : shown;
    const ended = next === 'idle' && now.status === 'busy';
    const limit = ended ? limitOnScreen(this.profileOf(now), state.screen, composer, clock.now()) : null;
    const status = limit ? 'limited' : next;
    if (status !== now.status)
      await updates.update(window, {
        status,
        ...(status === 'needs-input' ? { activity: dialog } : {}),
        ...(status === 'idle' || limit ? { activity: limit?.text ?? '' } : {}),
        ...(limit ? { limitKind: limit.kind } : {}),
      });
    // The agent waits for the user, and the other agents of the account for the reset.
    const asked = status === 'needs-input' && status !== now.status;
    this.reportRefusal(window, asked ? limitInDialog(this.profileOf(now), dialog, clock.now()) : limit);
    return kind;
  }

  /** Returns the busy state from the CLI's hooks; null where its screen is more reliable. */
  hookState(record: AgentRecord): HookBusyState | null {
    return this.hookStates.of(record, this.profileOf(record));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** Some CLIs report the end of a turn that failed as any other; only their screen shows the failure. */
  private async readFailure(window: number): Promise<void> {
    const { agents, updates, driver, clock, log } = this.options;
    const record = agents.get(window);
    if (!record || this.profileOf(record).limits?.marks === undefined) return;
    await clock.sleep(HOOK_BEATS_SCREEN_MS);
    const state = await driver.capture(record.pane).catch((error: unknown) => {
      log.debug('agent.failure', { window, error: errorMessage(error) });
      return null;
    });
    const now = agents.get(window);
    if (!state || state.dead || now?.pane !== record.pane || (now.status !== 'idle' && now.status !== 'done')) return;
    const { kind, composer } = this.profileOf(now).readScreen(state.screen);
    const limit = kind === 'ready' ? limitOnScreen(this.profileOf(now), state.screen, composer, clock.now()) : null;
    if (!limit) return;
    await updates.update(window, { status: 'limited', activity: limit.text, limitKind: limit.kind });
    this.reportRefusal(window, limit);
  }

  private reportRefusal(window: number, limit: Limit | null, at = this.options.clock.now()): void {
    const record = this.options.agents.get(window);
    if (record && limit) this.refusals.fire({ record, limit, at });
  }

  private profileOf({ profile }: AgentRecord): AgentProfile {
    return this.options.profile(profile);
  }

  /** Shows a message that another session of the CLI sent to the agent past TACO. */
  private async noteCrossSession({ name, profile }: AgentRecord, { prompt }: HookData): Promise<void> {
    const message = prompt === undefined ? null : this.options.profile(profile).crossSessionMessage?.(prompt);
    if (!message) return;
    const from = firstLine(message.from, 60) || 'another session';
    await this.options.store.note(`${name} got a message past TACO from ${from}: ${firstLine(message.text, 200)}`);
  }

  /** Returns the process of the agent's pane, if one of the reports is about another conversation; otherwise 0. */
  private async panePid({ pane, sessionId }: AgentRecord, reports: readonly HookData[]): Promise<number> {
    if (pane === '' || reports.every((data) => data.sessionId === undefined || data.sessionId === sessionId)) return 0;
    const state = await this.options.driver.capture(pane).catch(() => null);
    return state?.pid ?? 0;
  }

  /** Returns the changes that a hook report makes to an agent; null when the report is not about it. */
  private patchFromHook(
    record: AgentRecord,
    { event, data, at }: Pick<StoredHookReport, 'event' | 'data' | 'at'>,
    panePid: number,
  ): AgentPatch | null {
    const conversation = this.options.agents.isHere(record) ? conversationPatch(record, event, data, panePid) : null;
    if (conversation === null) return null;
    this.lastHook.set(record.window, at);
    if (event === 'PermissionRequest') this.announced.add(record.window);
    else this.announced.delete(record.window);
    this.hookState(record)?.onHook(event, data.blockedId !== undefined);
    const limit = limitInHook(this.profileOf(record), event, data, at);
    const next = nextAgentState(record.status, event, data);
    const status = limit && next === 'idle' ? 'limited' : next;
    const activity = limit?.text ?? activityOf(event, data);
    const { background = '' } = event === 'Stop' ? data : record;
    return {
      ...(status === record.status ? {} : { status }),
      ...(activity === undefined ? {} : { activity }),
      ...(background === (record.background ?? '') ? {} : { background }),
      ...(limit ? { limitKind: limit.kind } : {}),
      ...(data.permissionMode === undefined || data.permissionMode === record.permissionMode
        ? {}
        : { permissionMode: data.permissionMode }),
      ...(record.hooks === 'heard' ? {} : { hooks: 'heard' }),
      ...conversation,
    };
  }
}

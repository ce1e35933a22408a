import { activityOf, endedHow, lastLines } from '../../core/agents/activity';
import type { ReadingKind } from '../../core/agents/agentProfile';
import type { AgentProfile } from '../../core/agents/agentProfile';
import type { AgentRecord } from '../../core/agents/agentRecord';
import { agentStateOnScreen, HOOK_BEATS_SCREEN_MS, nextAgentState, withDone } from '../../core/agents/agentState';
import { conversationPatch } from '../../core/agents/conversation';
import type { HookBusyState } from '../../core/agents/hookBusyState';
import { HookBusyStates } from '../../core/agents/hookBusyState';
import type { HookData } from '../../core/agents/hookData';
import type { Clock } from '../../core/base/clock';
import type { Logger } from '../../core/base/logger';
import { errors } from '../../core/errors/errors';
import { errorMessage } from '../../core/errors/tacoError';
import { firstLine } from '../../core/base/truncate';
import type { Limit } from '../../core/limits/limit';
import { limitInHook, limitOnScreen } from '../../core/agents/turnFailure';
import { labelOfWindow } from '../../core/messages/address';
import type { AgentSpec } from '../../core/models';
import type { AgentPatch, LaunchRequest } from '../../core/team/hosts';
import type { PendingCommand, StateStore } from '../../core/team/ports';
import type { StoredHookReport } from '../../redis/state/stateStore';
import type { TmuxExecutor } from '../../tmux/delivery/tmuxExecutor';
import type { PaneState } from '../../tmux/pane/paneDriver';
import type { TmuxSession, WindowPane } from '../../tmux/session/tmuxSession';
import type { Route } from '../delivery/courier';
import { routeTo } from '../delivery/route';
import type { AgentLauncher } from './agentLauncher';
import { AgentRegistry, STOPPED } from './agentRegistry';
import type { Elsewhere } from './remoteAgents';
import { ScreenPoller } from './screenPoller';

export interface AgentManagerOptions {
  readonly session: TmuxSession;
  readonly executor: TmuxExecutor;
  readonly launcher: AgentLauncher;
  readonly store: StateStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** The joined host whose agents run in this session; empty on the leader's own host. */
  readonly host: string;
  /** Remote agents, which the leader requests from their hosts; null: no requests to other hosts. */
  readonly elsewhere: Elsewhere | null;
  /** Returns the names of agents for which an opening task still waits. */
  readonly waitsFor: (record: AgentRecord, all: readonly AgentRecord[]) => readonly string[];
}

/**
 * tmux reports changes once a second. An agent that ends, is relaunched and ends again in between would look
 * unchanged.
 */
const RECONCILE_EVERY = 1000;
const WINDOW_CLOSED = 'its window was closed';
const LEFT = 'left the team';
const REPLACED = 'its process ended, and another program was started in its pane';

/** Tracks the pane and the state of each agent: first from its hooks, then from its screen. */
export class AgentManager extends AgentRegistry {
  private readonly captures = this.emitter<{ readonly record: AgentRecord; readonly state: PaneState }>();
  private readonly refusals = this.emitter<{ readonly record: AgentRecord; readonly limit: Limit }>();
  private readonly windows = this.emitter<readonly WindowPane[]>();
  /** Windows whose agents are being launched and have no record here yet. */
  private readonly launching = new Set<number>();
  /** Time of each agent's last hook report, milliseconds since the epoch. */
  private readonly lastHook = new Map<number, number>();
  private readonly words = new HookBusyStates();
  private readonly settling: ScreenPoller;
  /** Fires after a check of all windows: once a second and when tmux reports a change. */
  readonly onWindows = this.windows.event;
  /** Fires after a capture of an agent that starts or waits for the user. */
  readonly onCapture = this.captures.event;
  /** Fires after a model refused an agent's turn. */
  readonly onRefused = this.refusals.event;

  constructor(private readonly options: AgentManagerOptions) {
    const { clock, log, host } = options;
    super(host, log);
    const readScreen = (window: number, rests: boolean): Promise<ReadingKind | null> => this.readScreen(window, rests);
    this.settling = this.store.add(
      new ScreenPoller({
        agent: (window) => this.agents.get(window),
        word: (record) => this.word(record),
        readScreen,
        clock,
        log,
      }),
    );
    this.store.add(
      options.session.onPaneFacts(
        ({ pane, dead }) =>
          void this.onPane(pane, dead).catch((error: unknown) =>
            log.debug('agents.pane', { pane, error: errorMessage(error) }),
          ),
      ),
    );
    this.store.add(options.session.onWindowsChanged(() => void this.reconcile()));
    const timer = setInterval(() => void this.reconcile(), RECONCILE_EVERY);
    this.store.add({ dispose: () => clearInterval(timer) });
  }

  /** Takes over the agents of an earlier leader and checks their state. */
  async load(): Promise<void> {
    for (const record of await this.options.store.agents()) this.agents.set(record.window, record);
    // This leader handles a crash that the former leader could not handle any more.
    const unattended = this.all.filter(
      ({ status, exitCode, activity, pane }) =>
        status === 'exited' && exitCode !== '0' && activity !== STOPPED && pane !== '',
    );
    await this.reconcile();
    for (const record of unattended) this.crashes.fire(record);
    for (const { window } of this.here) void this.settling.watch(window);
  }

  async launch(order: LaunchRequest, pane: string | null): Promise<AgentRecord> {
    this.launching.add(order.window);
    try {
      const host = order.earlier?.host ?? order.spec?.host ?? '';
      if (host !== this.options.host) return this.applyRemote(await this.remoteAgents.launch(host, order));
      const record = await this.options.launcher.launch(this.options.session, order, pane);
      this.agents.set(record.window, record);
      this.changed.fire(record);
      void this.settling.watch(record.window);
      return record;
    } finally {
      this.launching.delete(order.window);
    }
  }

  /** Drops an agent whose launch was undone. */
  async forget(window: number): Promise<void> {
    const record = this.agents.get(window);
    this.agents.delete(window);
    if (record && !this.isHere(record)) await this.remoteAgents.remove(record.host ?? '', window);
    await this.options.store.removeAgent(window);
  }

  /** Updates the agent's spec. `undone` clears its done flag, so that it must report done again. */
  async updateSpec(window: number, spec: AgentSpec, clearsDone: boolean): Promise<void> {
    const { role, model = '', permission_mode: permissionMode = '' } = spec;
    await this.update(window, {
      spec: JSON.stringify(spec),
      role,
      model,
      permissionMode,
      ...(clearsDone ? { done: false } : {}),
    });
  }

  /** Applies a change that the leader made to an agent here. */
  async change(window: number, patch: AgentPatch): Promise<void> {
    await this.update(window, patch);
  }

  /**
   * Removes the agent from the team: its process and window end, and its waiting messages lose their receiver. A
   * repeated call has no further effect.
   */
  async remove(window: number): Promise<void> {
    const record = this.agents.get(window);
    if (!record) return;
    if (!this.isHere(record)) return this.forget(window);
    // The record changes first: tmux then reports no crash, and the agent's ports are released.
    await this.update(window, { status: 'exited', activity: LEFT });
    if (record.pane !== '') await this.options.session.killPane(record.pane);
    await this.options.launcher.removeScript(window);
    await this.forget(window);
  }

  /** Ends the agent's process. Its window stays with its last lines, and the agent can be relaunched. */
  async stop(window: number): Promise<void> {
    const record = this.agents.get(window);
    if (!record)
      throw errors.unknownAgent(
        labelOfWindow(window),
        this.all.map(({ name }) => name),
      );
    if (!this.isHere(record)) return this.remoteAgents.stop(record.host ?? '', window);
    // The record changes first, so that the end that tmux reports is no crash.
    await this.update(window, { status: 'exited', activity: STOPPED });
    if (record.pane !== '') await this.options.session.respawn(record.pane, { argv: ['true'] });
    await this.options.launcher.removeScript(window);
  }

  /**
   * Interrupts the working agents and returns their windows. Skips an agent with an open dialog: Escape would answer
   * it.
   */
  async stopWork(epoch: number, why: string): Promise<readonly number[]> {
    const stopped: number[] = [];
    for (const { window, pane, profile, status } of this.here) {
      if (status !== 'busy' || pane === '') continue;
      if (!(await this.options.executor.stopWork({ pane, profile: this.options.launcher.profile(profile), epoch })))
        continue;
      stopped.push(window);
      // No hook reports an interruption.
      await this.update(window, { status: 'idle', activity: why });
    }
    return stopped;
  }

  /** Returns an agent's screen with its history, and whether it waits for a prompt; null when it has no pane. */
  async screenOf(window: number): Promise<AgentScreen | null> {
    const record = this.agents.get(window);
    return record && record.pane !== '' && this.isHere(record)
      ? screenOf(this.options.session, record.pane, this.options.launcher.profile(record.profile))
      : null;
  }

  /** Returns the route of a command for this window now, or the reason to hold it. */
  route(window: number, pending: PendingCommand): Route {
    const record = this.agents.get(window);
    if (!record) return this.launching.has(window) ? { held: 'starting' } : { gone: `its agent ${LEFT}` };
    const { executor, launcher, waitsFor } = this.options;
    return routeTo(record, {
      executor,
      isHere: this.isHere(record),
      profile: (name) => launcher.profile(name),
      word: () => this.word(record),
      waits: () => pending.command.type === 'task' && waitsFor(record, this.all).length > 0,
    });
  }

  async onHook(window: number, event: string, data: HookData): Promise<void> {
    const record = this.agents.get(window);
    const patch = record && this.patchFromHook(record, { event, data, at: this.options.clock.now() });
    if (!patch) return;
    await this.noteCrossSession(record, data);
    await this.update(window, patch);
    this.tellRefusal(window, limitInHook(this.profileOf(record), event, data, this.options.clock.now()));
    void this.settling.watch(window);
    if (event === 'Stop') void this.readFailure(window);
  }

  /** Some CLIs report the end of a turn that failed as any other; only their screen shows the failure. */
  private async readFailure(window: number): Promise<void> {
    const { clock, session, log } = this.options;
    const record = this.agents.get(window);
    if (!record || this.profileOf(record).limits?.marks === undefined) return;
    await clock.sleep(HOOK_BEATS_SCREEN_MS);
    const state = await session.panes.capture(record.pane).catch((error: unknown) => {
      log.debug('agent.failure', { window, error: errorMessage(error) });
      return null;
    });
    const now = this.agents.get(window);
    if (!state || state.dead || now?.pane !== record.pane || (now.status !== 'idle' && now.status !== 'done')) return;
    const { kind, composer } = this.profileOf(now).readScreen(state.screen);
    const limit = kind === 'ready' ? limitOnScreen(this.profileOf(now), state.screen, composer, clock.now()) : null;
    if (!limit) return;
    await this.update(window, { status: 'limited', activity: limit.text });
    this.tellRefusal(window, limit);
  }

  private tellRefusal(window: number, limit: Limit | null): void {
    const record = this.agents.get(window);
    if (record && limit) this.refusals.fire({ record, limit });
  }

  /** Shows a message that another session of the CLI sent to the agent past TACO. */
  private async noteCrossSession({ name, profile }: AgentRecord, { prompt }: HookData): Promise<void> {
    const message = prompt === undefined ? null : this.options.launcher.profile(profile).crossSessionMessage?.(prompt);
    if (!message) return;
    const from = firstLine(message.from, 60) || 'another session';
    await this.options.store.note(`${name} got a message past TACO from ${from}: ${firstLine(message.text, 200)}`);
  }

  /**
   * Applies hook reports that came while no leader ran, oldest first. Ignores reports of an earlier launch. The
   * former leader saw most of them, so only the final state is published. Views never show an agent's past states
   * again.
   */
  async replay(reports: readonly StoredHookReport[]): Promise<void> {
    for (const record of this.here) {
      let after: AgentRecord = record;
      let limit: Limit | null = null;
      for (const report of reports)
        if (report.window === record.window && report.at >= record.startedAt) {
          after = { ...after, ...this.patchFromHook(after, report) };
          limit = limitInHook(this.profileOf(record), report.event, report.data, report.at) ?? limit;
        }
      if (after === record) continue;
      const { activity, sessionId, begun, permissionMode } = after;
      const status = withDone(after.status, after.done);
      if (
        status !== record.status ||
        activity !== record.activity ||
        sessionId !== record.sessionId ||
        begun !== record.begun ||
        permissionMode !== record.permissionMode
      )
        await this.update(record.window, { status, activity, sessionId, begun, permissionMode });
      if (status === 'limited') this.tellRefusal(record.window, limit);
      void this.settling.watch(record.window);
    }
  }

  /** Returns the changes that a hook report makes to an agent; null when the report is not about it. */
  private patchFromHook(
    record: AgentRecord,
    { event, data, at }: Pick<StoredHookReport, 'event' | 'data' | 'at'>,
  ): AgentPatch | null {
    const conversation = this.isHere(record) ? conversationPatch(record, event, data) : null;
    if (conversation === null) return null;
    this.lastHook.set(record.window, at);
    this.word(record)?.onHook(event, data.blockedId !== undefined);
    const limit = limitInHook(this.profileOf(record), event, data, at);
    const next = nextAgentState(record.status, event, data);
    const status = limit && next === 'idle' ? 'limited' : next;
    const activity = limit?.text ?? activityOf(event, data);
    return {
      ...(status === record.status ? {} : { status }),
      ...(activity === undefined ? {} : { activity }),
      ...(data.permissionMode === undefined || data.permissionMode === record.permissionMode
        ? {}
        : { permissionMode: data.permissionMode }),
      ...conversation,
    };
  }

  async reportDone(window: number, text: string): Promise<AgentRecord> {
    const record = this.agents.get(window);
    if (!record)
      throw errors.unknownAgent(
        labelOfWindow(window),
        this.all.map(({ name }) => name),
      );
    await this.update(window, { done: true, activity: text.slice(0, 200) || 'done' });
    return this.agents.get(window) ?? record;
  }

  private async update(window: number, patch: Partial<AgentRecord>): Promise<void> {
    const record = this.agents.get(window);
    if (!record || Object.keys(patch).length === 0) return;
    const status = withDone(patch.status ?? record.status, patch.done ?? record.done);
    const whole = { ...patch, ...(status === record.status ? {} : { status }), changedAt: this.options.clock.now() };
    const next = { ...record, ...patch, ...whole, status };
    this.agents.set(window, next);
    try {
      if (!this.isHere(record)) await this.remoteAgents.patch(record.host ?? '', window, patch);
      else await this.options.store.setAgent(window, { ...whole, ...(patch.status === undefined ? {} : { status }) });
    } catch (error) {
      this.rollback(record, next);
      throw error;
    }
    this.changed.fire(next);
  }

  private async onPane(pane: string, dead: boolean): Promise<void> {
    const record = this.here.find((each) => each.pane === pane);
    if (!record) return;
    if (dead) await this.onPaneLost(record, 'pane');
    else this.changed.fire(record); // The user entered or left copy mode: a held message may be delivered.
  }

  /** Finds windows that were closed and panes that ended without an event. */
  private async reconcile(): Promise<void> {
    try {
      const windows = await this.options.session.windows();
      const panes = new Map(windows.map((each) => [each.pane, each]));
      for (const record of this.here) {
        if (record.pane === '') continue;
        const pane = panes.get(record.pane);
        if (!pane) await this.onPaneLost(record, 'window');
        else if (pane.dead) await this.onPaneLost(record, 'pane');
        else if (!pane.ourProcess) await this.onPaneLost(record, 'process');
        else if (record.adopted) await this.readScreen(record.window);
      }
      this.windows.fire(windows);
    } catch (error) {
      this.options.log.debug('agents.reconcile', { error: errorMessage(error) });
    }
  }

  /**
   * @param what what ended: the window, the pane's process, or the agent's process, which the user replaced by
   * another
   */
  private async onPaneLost(record: AgentRecord, what: 'pane' | 'window' | 'process'): Promise<void> {
    const { session } = this.options;
    const state = what === 'pane' ? await session.panes.waitForExitStatus(record.pane) : null;
    // A relaunch may have come since the check.
    if (
      what === 'process' &&
      (await session.windows()).some(({ pane, ourProcess }) => ourProcess && pane === record.pane)
    )
      return;
    // Ignores a repeated report, or one from before a relaunch: tmux reports once a second.
    const now = this.agents.get(record.window);
    if (!now || now.pane !== record.pane || now.status === 'exited' || now.status === 'failed' || state?.dead === false)
      return;
    const exitCode = state?.deadStatus ?? '';
    const said = lastLines(state?.screen.lines.map(({ text }) => text) ?? []) || endedHow(exitCode);
    await this.update(record.window, {
      status: 'exited',
      exitCode,
      activity: what === 'window' ? WINDOW_CLOSED : what === 'process' ? REPLACED : said,
      ...(what === 'window' ? { pane: '' } : {}),
    });
    this.options.log.warn('agent.exited', { agent: record.name, window: record.window, exitCode });
    const ended = this.agents.get(record.window);
    if (what !== 'window' && exitCode !== '0' && ended?.status === 'exited') this.crashes.fire(ended);
    await this.options.store.note(`${record.name} ${endedHow(exitCode)}`);
  }

  private get remoteAgents(): Elsewhere {
    if (!this.options.elsewhere) throw errors.notLeader();
    return this.options.elsewhere;
  }

  private word(record: AgentRecord): HookBusyState | null {
    return this.words.of(record, this.profileOf(record));
  }

  private profileOf({ profile }: AgentRecord): AgentProfile {
    return this.options.launcher.profile(profile);
  }

  private async readScreen(window: number, rests = true): Promise<ReadingKind | null> {
    const record = this.agents.get(window);
    if (!record || record.pane === '') return null;
    const state = await this.options.session.panes.capture(record.pane);
    if (!state || state.dead) return this.onPaneLost(record, state ? 'pane' : 'window').then(() => null);
    const { kind: drawn, dialog, composer } = this.profileOf(record).readScreen(state.screen);
    const kind = this.word(record)?.onScreen(drawn, this.options.clock.now()) ?? drawn;
    const now = this.agents.get(window);
    if (!now || now.pane !== record.pane) return null;
    this.captures.fire({ record: now, state });
    const sinceHook = this.options.clock.now() - (this.lastHook.get(window) ?? -Infinity);
    const next = now.status === 'busy' && !rests ? now.status : agentStateOnScreen(now.status, kind, sinceHook);
    const ended = next === 'idle' && now.status === 'busy';
    const limit = ended ? limitOnScreen(this.profileOf(now), state.screen, composer, this.options.clock.now()) : null;
    const status = limit ? 'limited' : next;
    if (status !== now.status)
      await this.update(window, {
        status,
        ...(status === 'needs-input' ? { activity: dialog } : {}),
        ...(status === 'idle' || limit ? { activity: limit?.text ?? '' } : {}),
      });
    this.tellRefusal(window, limit);
    return kind;
  }
}

const HISTORY_LINES = 3000;

/** An agent's screen with its history, and whether it waits for a prompt. */
export interface AgentScreen {
  readonly text: string;
  readonly ready: boolean;
}

/** Returns null when no process runs in the pane. */
async function screenOf(session: TmuxSession, pane: string, profile: AgentProfile): Promise<AgentScreen | null> {
  const state = await session.panes.capture(pane);
  if (!state || state.dead) return null;
  const { kind } = profile.readScreen(state.screen);
  return { text: await session.text(pane, HISTORY_LINES), ready: kind === 'ready' };
}

import type { AgentProfile } from '../../core/agents/agentProfile';
import type { AgentRecord } from '../../core/agents/agentRecord';
import type { HookData } from '../../core/agents/hookData';
import type { Clock } from '../../core/base/clock';
import { DisposableStore, type DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errors } from '../../core/errors/errors';
import { labelOfWindow } from '../../core/messages/address';
import type { AgentSpec, CommandType } from '../../core/models';
import type { AgentPatch, LaunchRequest } from '../../core/team/hosts';
import type { StateStore } from '../../core/team/ports';
import { resolveRoute, type Route } from '../../core/team/resolveRoute';
import type { StoredHookReport } from '../../redis/state/stateStore';
import type { TmuxExecutor } from '../../tmux/delivery/tmuxExecutor';
import type { TmuxSession } from '../../tmux/session/tmuxSession';
import type { AgentLauncher } from '../launch/agentLauncher';
import { AgentPanes } from './agentPanes';
import { AgentRegistry, STOPPED } from './agentRegistry';
import { AgentStates, type AgentStatesOptions } from './agentStates';
import { AgentUpdates } from './agentUpdates';
import type { RemoteAgents } from './remote/remoteAgents';
import { RestingScreens } from './restingScreens';

export interface AgentManagerOptions {
  readonly session: TmuxSession;
  readonly executor: TmuxExecutor;
  readonly launcher: AgentLauncher;
  readonly store: StateStore;
  readonly requests: AgentStatesOptions['requests'];
  readonly clock: Clock;
  readonly log: Logger;
  /** The joined host whose agents run in this session; empty on the leader's own host. */
  readonly host: string;
  readonly remoteAgents: RemoteAgents;
}

/** An agent's screen with its history, and whether it waits for a prompt. */
export interface AgentScreen {
  readonly text: string;
  readonly ready: boolean;
}

const LEFT = 'left the team';
const HISTORY_LINES = 3000;

/** Launches, changes, stops and removes the agents of a session, and keeps their state. */
export class AgentManager implements DisposableLike {
  private readonly disposables = new DisposableStore();
  private readonly updates: AgentUpdates;
  private readonly panes: AgentPanes;
  private readonly states: AgentStates;
  /** Windows whose agents are being launched and have no record here yet. */
  private readonly launching = new Set<number>();
  readonly registry: AgentRegistry;
  readonly onChanged: AgentRegistry['onChanged'];
  readonly onCrash: AgentRegistry['onCrash'];
  /** Fires after a check of all windows: once a second and when tmux reports a change. */
  readonly onWindows: AgentPanes['onWindows'];
  /** Fires after a capture of an agent that starts or waits for the user. */
  readonly onCapture: AgentStates['onCapture'];
  /** Fires after a model refused an agent's turn. */
  readonly onRefused: AgentStates['onRefused'];

  constructor(private readonly options: AgentManagerOptions) {
    const { session, launcher, store, clock, log, host, remoteAgents } = options;
    const registry = this.disposables.add(new AgentRegistry(host, log));
    this.registry = registry;
    this.updates = new AgentUpdates(registry, store, remoteAgents, clock);
    this.panes = this.disposables.add(new AgentPanes(session, registry, this.updates, store, log));
    this.states = this.disposables.add(
      new AgentStates({
        agents: registry,
        updates: this.updates,
        panes: this.panes,
        driver: session.panes,
        store,
        requests: options.requests,
        profile: (name) => launcher.profile(name),
        clock,
        log,
      }),
    );
    this.disposables.add(
      new RestingScreens({
        agents: registry,
        updates: this.updates,
        panes: this.panes,
        driver: session.panes,
        states: this.states,
        profile: (name) => launcher.profile(name),
        clock,
        log,
      }),
    );
    this.onChanged = registry.onChanged;
    this.onCrash = registry.onCrash;
    this.onWindows = this.panes.onWindows;
    this.onCapture = this.states.onCapture;
    this.onRefused = this.states.onRefused;
  }

  get all(): readonly AgentRecord[] {
    return this.registry.all;
  }

  /** Returns the agents with panes in this session. */
  get here(): readonly AgentRecord[] {
    return this.registry.here;
  }

  get(window: number): AgentRecord | undefined {
    return this.registry.get(window);
  }

  isHere(record: Pick<AgentRecord, 'host'>): boolean {
    return this.registry.isHere(record);
  }

  /** Returns the profile of an agent here, also after its process ended; undefined for any other. */
  profileOf(window: number): AgentProfile | undefined {
    const record = this.get(window);
    return record && this.isHere(record) ? this.options.launcher.profile(record.profile) : undefined;
  }

  /** Returns whether another host has the agent. An agent without a record belongs to the leader. */
  isElsewhere(window: number): boolean {
    return !this.isHere({ host: this.get(window)?.host });
  }

  /** Takes over the agents of an earlier leader and checks their state. */
  async load(): Promise<void> {
    for (const record of await this.options.store.agents()) this.registry.set(record);
    // This leader handles a crash that the former leader could not handle any more.
    const unattended = this.all.filter(
      ({ status, exitCode, activity, pane }) =>
        status === 'exited' && exitCode !== '0' && activity !== STOPPED && pane !== '',
    );
    await this.panes.reconcile();
    for (const record of unattended) this.registry.reportCrash(record);
    for (const { window } of this.here) this.states.watch(window);
  }

  async launch(order: LaunchRequest, pane: string | null): Promise<AgentRecord> {
    const { session, launcher, host, remoteAgents } = this.options;
    this.launching.add(order.window);
    try {
      const wanted = order.earlier?.host ?? order.spec?.host ?? '';
      if (wanted !== host) return this.registry.applyRemote(await remoteAgents.launch(wanted, order));
      const record = await launcher.launch(session, order, pane);
      this.registry.upsert(record);
      this.states.watch(record.window);
      return record;
    } finally {
      this.launching.delete(order.window);
    }
  }

  /** Drops an agent whose launch was undone. */
  async forget(window: number): Promise<void> {
    const record = this.get(window);
    this.registry.discard(window);
    if (record && !this.isHere(record)) await this.options.remoteAgents.remove(record.host ?? '', window);
    await this.options.store.removeAgent(window);
  }

  /** Updates the agent's spec. `clearsDone` clears its done flag, so that it must report done again. */
  async updateSpec(window: number, spec: AgentSpec, clearsDone: boolean): Promise<void> {
    const { role, model = '', permission_mode: permissionMode = '' } = spec;
    await this.updates.update(window, {
      spec: JSON.stringify(spec),
      role,
      model,
      permissionMode,
      ...(clearsDone ? { done: false, proof: '', asked: false } : {}),
    });
  }

  /** Applies a change that the leader made to an agent here. */
  async change(window: number, patch: AgentPatch): Promise<void> {
    await this.updates.update(window, patch);
  }

  /**
   * Removes the agent from the team: its process and window end, and its waiting messages lose their receiver. A
   * repeated call has no further effect.
   */
  async remove(window: number): Promise<void> {
    const record = this.get(window);
    if (!record) return;
    if (!this.isHere(record)) return this.forget(window);
    // The record changes first: tmux then reports no crash, and the agent's ports are released.
    await this.updates.update(window, { status: 'exited', activity: LEFT });
    if (record.pane !== '') await this.options.session.killPane(record.pane);
    await this.options.launcher.removeScript(window);
    await this.forget(window);
  }

  /** Ends the agent's process. Its window stays with its last lines, and the agent can be relaunched. */
  async stop(window: number): Promise<void> {
    const record = this.known(window);
    if (!this.isHere(record)) return this.options.remoteAgents.stop(record.host ?? '', window);
    // The record changes first, so that the end that tmux reports is no crash.
    await this.updates.update(window, { status: 'exited', activity: STOPPED });
    if (record.pane !== '') await this.options.session.respawn(record.pane, { argv: ['true'] });
    await this.options.launcher.removeScript(window);
  }

  /**
   * Interrupts the working agents and returns their windows. Skips an agent with an open dialog: Escape would answer
   * it.
   */
  async stopWork(epoch: number, why: string): Promise<readonly number[]> {
    const { executor, launcher } = this.options;
    const stopped: number[] = [];
    for (const { window, pane, profile, status } of this.here) {
      if (status !== 'busy' || pane === '') continue;
      if (!(await executor.stopWork({ pane, profile: launcher.profile(profile), epoch }))) continue;
      stopped.push(window);
      // No hook reports an interruption.
      await this.updates.update(window, { status: 'idle', activity: why });
    }
    return stopped;
  }

  /** Sets the done flag together with the state of the proof, so that neither exists without the other. */
  async reportDone(window: number, text: string, proof: AgentPatch): Promise<AgentRecord> {
    const record = this.known(window);
    await this.updates.update(window, { ...proof, done: true, activity: text.slice(0, 200) || 'done' });
    return this.get(window) ?? record;
  }

  async onHook(window: number, event: string, data: HookData): Promise<void> {
    await this.states.onHook(window, event, data);
  }

  /** Applies hook reports that came while no leader ran, oldest first. */
  async replay(reports: readonly StoredHookReport[]): Promise<void> {
    await this.states.replay(reports);
  }

  /** Returns the route of a command for this window now, or the reason to hold it. */
  route(window: number, type: CommandType): Route {
    const record = this.get(window);
    return resolveRoute({
      record,
      isLaunching: this.launching.has(window),
      isHere: record !== undefined && this.isHere(record),
      type,
      team: this.all,
      profile: (name) => this.options.launcher.profile(name),
      hookStates: this.states.hookStates,
    });
  }

  /**
   * Returns an agent's screen with its history, and whether it waits for a prompt; null when no process of it runs in
   * a pane here.
   */
  async screenOf(window: number): Promise<AgentScreen | null> {
    const { session, launcher } = this.options;
    const record = this.get(window);
    if (!record || record.pane === '' || !this.isHere(record)) return null;
    const state = await session.panes.capture(record.pane);
    if (!state || state.dead) return null;
    const { kind } = launcher.profile(record.profile).readScreen(state.screen);
    return { text: await session.text(record.pane, HISTORY_LINES), ready: kind === 'ready' };
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** Throws TacoError unknown-agent. */
  private known(window: number): AgentRecord {
    const record = this.get(window);
    if (record) return record;
    throw errors.unknownAgent(
      labelOfWindow(window),
      this.all.map(({ name }) => name),
    );
  }
}

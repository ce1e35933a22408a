import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { DisposableStore } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { Throttle } from '../../core/base/throttle';
import { errors } from '../../core/errors/errors';
import { type TacoError, toTacoError } from '../../core/errors/tacoError';
import type { TacoPaths } from '../../core/programs/paths';
import type { Snapshot } from '../../core/team/snapshot';
import type { TeamClient } from '../../core/team/teamClient';
import { systemClock } from '../../environment/systemClock';
import type { Engine } from '../../orchestrator/engine';
import { parseEndpoint, socketEndpoint, type RedisEndpoint } from '../../redis/client/endpoint';
import { projectIdOf } from '../../redis/client/keys';
import type { EngineApi, LoadEngineApi, OpenProject } from './engineApi';
import type { PrerequisiteCheck } from './prerequisites';
import type { ProjectState } from './projectState';
import { hasSession, noProject } from './projectState';
import type { WindowSettings } from './settings';

/** Minimum time between two updates of status bar and badge while no view is open, milliseconds. */
const UNSEEN_REFRESH_MS = 1000;
/** The same while a view is open, milliseconds. */
const SEEN_REFRESH_MS = 80;
/** Interval at which an open view checks for a project that another program started, milliseconds. */
const WATCH_MS = 2000;

export interface ProjectOptions {
  /** Real path of the folder. */
  readonly dir: string;
  readonly paths: TacoPaths;
  readonly loadBackend: LoadEngineApi;
  readonly engineSettings: () => WindowSettings;
  readonly redisUrl: () => Promise<string | undefined>;
  readonly checkTools: () => Promise<readonly PrerequisiteCheck[]>;
  readonly sessionRuns: (endpoint: RedisEndpoint, projectId: string) => Promise<boolean>;
  readonly logger: Logger;
}

/**
 * One project folder in this VS Code window. Opens its team and its engine when a view or a command needs them, holds
 * one state for all views, and reads it again only after a change.
 */
export class Project implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = new vscode.EventEmitter<ProjectState>();
  private readonly userMessage = new vscode.EventEmitter<string>();
  private opening: Promise<OpenProject> | null = null;
  private starting: Promise<void> | null = null;
  private opened: OpenProject | null = null;
  private engine: Engine | null = null;
  private viewers = 0;
  private reading = false;
  private stale = false;
  /** The reason why this window could not lead; it tries again only on request. */
  private refusal: TacoError | null = null;
  /** Refreshes at once after a quiet time; during many changes, at intervals that the views can keep up with. */
  private readonly wake = this.store.add(
    new Throttle(
      systemClock,
      () => (this.viewers > 0 ? SEEN_REFRESH_MS : UNSEEN_REFRESH_MS),
      () => void this.refresh(),
    ),
  );
  private watch: NodeJS.Timeout | null = null;

  readonly onChange = this.changed.event;
  /** Fires with the id of a message that an agent sent to the user. */
  readonly onUserMessage = this.userMessage.event;
  state: ProjectState = noProject;

  constructor(private readonly options: ProjectOptions) {
    this.store.add(this.changed);
    this.store.add(this.userMessage);
  }

  get dir(): string {
    return this.options.dir;
  }

  /** Opens an existing project and keeps it fresh until the result is disposed. */
  retain(): vscode.Disposable {
    this.viewers += 1;
    void this.check();
    this.watch ??= setInterval(() => void this.watchForChange(), WATCH_MS);
    return new vscode.Disposable(() => {
      this.viewers -= 1;
      if (this.viewers > 0 || this.watch === null) return;
      clearInterval(this.watch);
      this.watch = null;
    });
  }

  /** Notices a project that another program started, and a program that was installed meanwhile, without a click. */
  private async watchForChange(): Promise<void> {
    if (this.state.missing !== 'none' && this.state.error === null) await this.check();
    else await this.openIfBegun();
  }

  /**
   * Opens the project if its team runs: it needs a leader even when no view is open. One request to Redis decides this;
   * without a running team, nothing is loaded or started. Never throws.
   */
  async openIfRunning(): Promise<void> {
    const { paths, dir, logger } = this.options;
    const id = projectIdOf(dir);
    if (!existsSync(paths.projectFile(id))) return;
    try {
      const url = await this.options.redisUrl();
      const runs = await this.options.sessionRuns(
        url === undefined ? socketEndpoint(paths.redisSocket) : parseEndpoint(url),
        id,
      );
      if (runs && !this.store.isDisposed) await this.openIfBegun();
    } catch (error) {
      logger.warn('project.running', { error });
    }
  }

  /** Checks again which programs exist and which are missing. Never throws: the state contains the error. */
  async check(): Promise<void> {
    this.refusal = null;
    if (this.opened === null && this.state.error !== null) this.update({ error: null, missing: 'none' });
    await this.openIfBegun();
    if (this.opened !== null) await this.refresh();
    // A team runs, so nothing was missing when it began; a later use reports anything that is missing now.
    if (hasSession(this.state))
      return this.update({ ready: true, ...(this.state.error === null ? { missing: 'none' } : {}) });
    const missing = (await this.options.checkTools()).find(({ check }) => check.state !== 'here');
    if (this.state.error === null) this.update({ missing: missing?.name ?? 'none', ready: missing === undefined });
  }

  /** Returns the team; opens it first if necessary (which starts Redis). Throws the errors of `openTeam`. */
  async team(): Promise<TeamClient> {
    return (await this.open()).team;
  }

  /** Lets this window lead the project when no other process does. Throws TacoError tmux-missing, tmux-too-old. */
  async lead(): Promise<void> {
    const opened = await this.open();
    this.starting ??= this.startEngine(opened).catch((error: unknown) => {
      this.starting = null;
      throw error;
    });
    await this.starting;
  }

  async backend(): Promise<EngineApi> {
    return this.options.loadBackend();
  }

  /** Reads the state again. Never throws; overlapping calls share one more read. */
  async refresh(): Promise<void> {
    if (this.opened === null) return;
    if (this.reading) {
      this.stale = true;
      return;
    }
    this.reading = true;
    try {
      do {
        this.stale = false;
        const snapshot = await this.opened.team.snapshot();
        if (this.store.isDisposed) return;
        const missing = this.refusal ? 'error' : this.state.missing === 'error' ? 'none' : this.state.missing;
        this.update({ snapshot, connected: true, error: this.refusal, missing });
        this.leadIfRunning(snapshot);
      } while (this.stale);
    } catch (error) {
      if (!this.store.isDisposed) this.update({ connected: false });
      this.options.logger.warn('snapshot.failed', { error });
    } finally {
      this.reading = false;
    }
  }

  /** Releases the lease and closes this window's connections; tmux, Redis and the agents stay. */
  async close(): Promise<void> {
    this.dispose();
    await this.engine?.shutdown().catch((error: unknown) => this.options.logger.warn('engine.shutdown', { error }));
    this.engine?.dispose();
    this.opened?.team.dispose();
  }

  dispose(): void {
    if (this.watch) clearInterval(this.watch);
    this.store.dispose();
  }

  /** Opens only a project where a team was started before, so that an empty view starts no Redis. */
  private async openIfBegun(): Promise<void> {
    if (this.opened !== null || this.opening !== null) return;
    const begun = existsSync(this.options.paths.projectFile(projectIdOf(this.options.dir)));
    if (!begun) return;
    await this.open().catch((error: unknown) => this.options.logger.error('project.open', { error }));
  }

  private open(): Promise<OpenProject> {
    this.opening ??= this.connect().catch((error: unknown) => {
      this.opening = null;
      const failure = toTacoError(error);
      this.update({ error: failure, missing: failure.code === 'redis-missing' ? 'redis' : 'error' });
      throw failure;
    });
    return this.opening;
  }

  private async connect(): Promise<OpenProject> {
    const { dir, paths, logger } = this.options;
    const backend = await this.options.loadBackend();
    const opened = await backend.open({
      projectDir: dir,
      paths,
      env: process.env,
      redisUrl: await this.options.redisUrl(),
      startRedis: true,
      logger,
    });
    if (this.store.isDisposed) {
      opened.team.dispose();
      throw errors.cancelled('Opening the project');
    }
    this.opened = opened;
    this.store.add(opened.team.onChange(() => this.wake.ask()));
    this.store.add(opened.team.onConnection((connected) => (connected ? this.wake.ask() : this.update({ connected }))));
    this.store.add(
      opened.team.onEvent((event) => (event.kind === 'user' ? this.userMessage.fire(event.id) : undefined)),
    );
    await this.refresh();
    return opened;
  }

  private async startEngine(opened: OpenProject): Promise<void> {
    const engine = opened.createEngine(this.options.engineSettings(), this.options.logger);
    try {
      await engine.start();
    } catch (error) {
      engine.dispose();
      throw error;
    }
    if (this.store.isDisposed) return engine.shutdown();
    this.engine = engine;
    this.store.add(engine.onLeading((leading) => this.options.logger.info('engine.leading', { leading })));
  }

  private leadIfRunning(snapshot: Snapshot): void {
    if (
      this.starting !== null ||
      this.refusal !== null ||
      snapshot.session === null ||
      !hasSession({ ...this.state, snapshot })
    )
      return;
    this.lead().catch((error: unknown) => {
      this.refusal = toTacoError(error);
      this.options.logger.error('engine.start', { error: this.refusal });
      this.update({ error: this.refusal, missing: 'error' });
    });
  }

  private update(patch: Partial<ProjectState>): void {
    this.state = { ...this.state, ...patch };
    this.changed.fire(this.state);
  }
}

import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { DisposableStore } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { TacoError } from '../../core/errors/tacoError';
import { TacoPaths } from '../../core/programs/paths';
import type { RedisEndpoint } from '../../redis/client/endpoint';
import type { LoadEngineApi } from './engineApi';
import type { PrerequisiteCheck, ToolQuestions } from './prerequisites';
import { Project } from './project';
import type { ProjectState } from './projectState';
import { noProject } from './projectState';
import { describedCommand, engineSettings, redisUrl, setting, type WindowSettings } from './settings';

const CHOSEN_KEY = 'taco.projectFolder';
/** Stored with the workspace, so that a reload finds the engine of a sample team again. */
const SCRIPTED_KEY = 'taco.scripted';
/** Settings whose change requires another engine or another Redis. */
const REOPENING = [
  'taco.redisUrl',
  'taco.tmux',
  'taco.agent',
  'taco.maxAgents',
  'taco.whenBusy',
  'taco.crossSession',
  'taco.relaunch',
  'taco.autoApprove',
  'taco.worktrees',
  'taco.worktreeSetup',
  'taco.check',
  'taco.mergeCheck',
  'taco.mergeMethod',
  'taco.mergeWhenProven',
  'taco.pullRequests',
  'taco.checkMinutes',
  'taco.profiles',
];

/** Checks of installed programs; in a bundle that activation does not load. */
export interface PrerequisiteChecks {
  checkTools(questions: ToolQuestions): Promise<readonly PrerequisiteCheck[]>;
  sessionRuns(endpoint: RedisEndpoint, projectId: string): Promise<boolean>;
}

/**
 * Owns the project of this window: decides which folder it is and whether it may be used, and replaces it when either
 * changes.
 */
export class ProjectHost implements vscode.Disposable {
  private readonly disposables = new DisposableStore();
  private readonly changed = new vscode.EventEmitter<ProjectState>();
  private readonly userMessage = new vscode.EventEmitter<string>();
  private viewers = 0;
  private current: {
    readonly project: Project;
    retained: vscode.Disposable | null;
    readonly listeners: vscode.Disposable;
  } | null = null;

  readonly onChange = this.changed.event;
  readonly onUserMessage = this.userMessage.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly loadBackend: LoadEngineApi,
    private readonly logger: Logger,
    private readonly probes: PrerequisiteChecks,
  ) {
    this.disposables.addAll(
      this.changed,
      this.userMessage,
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.reopen()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.reopen()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (REOPENING.some((section) => event.affectsConfiguration(section))) this.reopen();
      }),
    );
    this.current = this.build();
  }

  get state(): ProjectState {
    return this.current?.project.state ?? noProject;
  }

  /** The project, or null without a trusted local folder. */
  get project(): Project | null {
    return this.current?.project ?? null;
  }

  /** Throws TacoError no-project with what to do about it. */
  require(): Project {
    if (this.current) return this.current.project;
    if (!vscode.workspace.isTrusted && vscode.workspace.workspaceFolders?.length) {
      throw new TacoError(
        'no-project',
        vscode.l10n.t('TACO starts nothing in Restricted Mode.'),
        vscode.l10n.t('Trust this workspace first.'),
      );
    }
    throw new TacoError(
      'no-project',
      vscode.l10n.t('No folder is open.'),
      vscode.l10n.t('Open the folder the team should work in.'),
    );
  }

  /** Keeps the current project fresh, whichever it is, until the result is disposed. */
  retain(): vscode.Disposable {
    this.viewers += 1;
    if (this.current) this.current.retained ??= this.current.project.retain();
    let done = false;
    return new vscode.Disposable(() => {
      if (done) return;
      done = true;
      this.viewers -= 1;
      if (this.viewers > 0 || !this.current) return;
      this.current.retained?.dispose();
      this.current.retained = null;
    });
  }

  /** Returns which of a team's required programs are installed. Starts nothing. */
  async checkTools(): Promise<readonly PrerequisiteCheck[]> {
    const { profile, agentCommand, tmuxCommand } = this.engineSettings();
    return this.probes.checkTools({
      tmuxCommand,
      redisUrl: setting('taco.redisUrl'),
      agentCommand,
      profile,
      describedCommand: describedCommand(profile),
      env: process.env,
      projectDir: this.projectDir,
    });
  }

  /** Returns the settings of this window's engine. */
  engineSettings(): WindowSettings {
    return engineSettings(
      this.context.asAbsolutePath('dist/taco.js'),
      this.projectDir,
      this.context.workspaceState.get<boolean>(SCRIPTED_KEY) ?? false,
    );
  }

  /** Sets whether agents are scripted here, whatever the settings; applies until the next start. */
  async useScripted(scripted: boolean): Promise<void> {
    if ((this.context.workspaceState.get<boolean>(SCRIPTED_KEY) ?? false) === scripted) return;
    await this.context.workspaceState.update(SCRIPTED_KEY, scripted);
    this.reopen();
  }

  async chooseFolder(): Promise<void> {
    const folder = await vscode.window.showWorkspaceFolderPick({
      placeHolder: vscode.l10n.t('Folder the team works in'),
    });
    if (!folder) return;
    await this.context.workspaceState.update(CHOSEN_KEY, folder.uri.toString());
    this.reopen();
  }

  /** Replaces the project after a changed setting, folder or trust. Does not touch the agents. */
  reopen(): void {
    const old = this.current;
    this.current = this.build();
    if (this.viewers > 0 && this.current) this.current.retained = this.current.project.retain();
    this.changed.fire(this.state);
    if (old) void this.release(old);
  }

  /** Closes the project and waits for the lease to be released. */
  async close(): Promise<void> {
    const old = this.current;
    this.current = null;
    if (old) await this.release(old);
  }

  dispose(): void {
    this.disposables.dispose();
    void this.close();
  }

  private async release(old: NonNullable<typeof this.current>): Promise<void> {
    old.listeners.dispose();
    old.retained?.dispose();
    await old.project.close();
  }

  private build(): typeof this.current {
    const folder = this.folder();
    if (!folder || !vscode.workspace.isTrusted) return null;
    const project = new Project({
      dir: this.projectDir,
      paths: new TacoPaths(process.env, homedir()),
      loadBackend: this.loadBackend,
      engineSettings: () => this.engineSettings(),
      redisUrl: () => redisUrl(this.context.secrets),
      checkTools: () => this.checkTools(),
      sessionRuns: (endpoint, projectId) => this.probes.sessionRuns(endpoint, projectId),
      logger: this.logger,
    });
    const listeners = vscode.Disposable.from(
      project.onChange((state) => this.changed.fire(state)),
      project.onUserMessage((id) => this.userMessage.fire(id)),
    );
    void project.openIfRunning();
    return { project, retained: null, listeners };
  }

  /** The folder of the project, links resolved; the home folder while none is open. */
  private get projectDir(): string {
    const folder = this.folder()?.uri.fsPath ?? homedir();
    try {
      return realpathSync(folder);
    } catch {
      return folder; // It was deleted: the check of the project's folder reports that.
    }
  }

  private folder(): vscode.WorkspaceFolder | undefined {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
    const chosen = this.context.workspaceState.get<string>(CHOSEN_KEY);
    return folders.find((folder) => folder.uri.toString() === chosen) ?? folders[0];
  }
}

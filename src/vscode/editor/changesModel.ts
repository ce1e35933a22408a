import * as vscode from 'vscode';
import { pathBelow } from '../../core/agents/agentPath';
import { DisposableStore } from '../../core/base/disposable';
import { MOTHER_WINDOW } from '../../core/base/limits';
import type { Logger } from '../../core/base/logger';
import { errorMessage, toTacoError } from '../../core/errors/tacoError';
import type { AgentView } from '../../core/team/snapshot';
import type { ChangedFile, Changes, TreeChanges } from '../../environment/git/changes';
import type { LoadEngineApi } from '../project/engineApi';
import type { ProjectHost } from '../project/projectHost';
import { hasSession } from '../project/projectState';

/**
 * Agents send no event when they write files: while a view is open, git is polled this often for working agents,
 * milliseconds.
 */
const POLL_INTERVAL_MS = 5000;
/** Time for which changes of the team are collected before git is polled, milliseconds. */
const GATHER_MS = 500;

/** A working tree that agents work in, with the files that they changed there. */
export interface ChangeRoot {
  /** The agents that work in it, without Mother. */
  readonly agents: readonly AgentView[];
  /** True: it is this one agent's worktree, so every change in it is that agent's. */
  readonly own: boolean;
  readonly workspace: string;
  readonly changes: TreeChanges;
}

/** The changes of all agents. Reads git only while a view is open or a caller asks. */
export class ChangesModel implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly disposables = new DisposableStore();
  private viewers = 0;
  private timer: NodeJS.Timeout | null = null;
  private soon: NodeJS.Timeout | null = null;
  private reading: Promise<void> | null = null;
  private drawn = '[]';
  /** Time of the last read of git. */
  private readAt = 0;
  roots: readonly ChangeRoot[] = [];
  /** Why git refused a folder, with the cure; empty when it refused none. */
  problem = '';

  readonly onChange = this.changed.event;

  constructor(
    private readonly host: ProjectHost,
    private readonly loadBackend: LoadEngineApi,
    private readonly logger: Logger,
  ) {
    this.disposables.addAll(
      this.changed,
      host.onChange(() => this.wake()),
      vscode.workspace.onDidSaveTextDocument(() => this.wake()),
    );
  }

  /** Keeps the changes fresh until the result is disposed. */
  retain(): vscode.Disposable {
    this.viewers += 1;
    void this.refresh();
    this.timer ??= setInterval(() => {
      if (this.roots.some(({ agents }) => agents.some(({ status }) => status === 'busy'))) void this.refresh();
    }, POLL_INTERVAL_MS);
    return new vscode.Disposable(() => {
      this.viewers -= 1;
      if (this.viewers > 0 || this.timer === null) return;
      clearInterval(this.timer);
      this.timer = null;
    });
  }

  /** Reads git now. Never throws; overlapping calls share one read. */
  refresh(): Promise<void> {
    this.reading ??= this.read()
      .catch((error: unknown) => this.logger.warn('changes.failed', { error: errorMessage(error) }))
      .finally(() => (this.reading = null));
    return this.reading;
  }

  /** Refreshes unless the last read is recent: for questions that VS Code asks at each key. */
  async refreshIfOld(): Promise<void> {
    if (Date.now() - this.readAt > POLL_INTERVAL_MS) await this.refresh();
  }

  /** Returns the tree that contains a file, and the file's change if it has one. The innermost tree wins. */
  find(file: string): { readonly root: ChangeRoot; readonly changed: ChangedFile | undefined } | null {
    const [root] = this.roots
      .filter(({ changes }) => pathBelow(changes.top, file) !== null)
      .sort((a, b) => b.changes.top.length - a.changes.top.length);
    return root ? { root, changed: root.changes.files.find((each) => each.file === file) } : null;
  }

  /** Returns the reader of git for the project; null without a project. */
  async reader(): Promise<Changes | null> {
    const { project } = this.host;
    return project ? (await this.loadBackend()).changes(project.dir) : null;
  }

  private wake(): void {
    if (this.viewers === 0) return;
    this.soon ??= setTimeout(() => {
      this.soon = null;
      void this.refresh();
    }, GATHER_MS);
  }

  private async read(): Promise<void> {
    this.readAt = Date.now();
    const { project, state } = this.host;
    const agents = hasSession(state)
      ? (state.snapshot?.agents.filter(({ window, host }) => window !== MOTHER_WINDOW && !host) ?? [])
      : [];
    const reader = agents.length === 0 || !project ? null : await this.reader();
    const folders = [...new Set(agents.map(({ workspace }) => workspace))];
    const read =
      reader && project
        ? await Promise.allSettled(folders.map((folder) => rootAt(reader, folder, agents, project.dir)))
        : [];
    this.roots = read.flatMap((each) => (each.status === 'fulfilled' && each.value !== null ? [each.value] : []));
    const [refused] = read.flatMap((each) => (each.status === 'rejected' ? [toTacoError(each.reason)] : []));
    this.problem = refused ? `${refused.message} ${refused.hint}` : '';
    const drawn = JSON.stringify([
      this.problem,
      this.roots.map(({ agents: owners, ...rest }) => [
        rest,
        owners.map(({ window, name, proof, conflicts }) => [window, name, proof, conflicts]),
      ]),
    ]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.changed.fire();
  }

  dispose(): void {
    if (this.timer) clearInterval(this.timer);
    if (this.soon) clearTimeout(this.soon);
    this.disposables.dispose();
  }
}

async function rootAt(
  reader: Changes,
  workspace: string,
  all: readonly AgentView[],
  projectDir: string,
): Promise<ChangeRoot | null> {
  const changes = await reader.of(workspace);
  const agents = all.filter((agent) => agent.workspace === workspace);
  return changes && { agents, own: workspace !== projectDir && agents.length === 1, workspace, changes };
}

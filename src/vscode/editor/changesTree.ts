import * as vscode from 'vscode';
import { DisposableStore } from '../../core/base/disposable';
import type { ProjectHost } from '../project/projectHost';
import type { ChangeRow } from './changeRows';
import { fileDescription, fileSpoken, rootDescription, rootLabel } from './changeRows';
import type { ChangesModel } from './changesModel';
import type { PullRequestStates } from './pullRequestStates';

/** The Changes view: each agent's changed files; a click opens the diff of one. */
export class ChangesTree implements vscode.TreeDataProvider<ChangeRow>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<ChangeRow>;
  private readonly disposables = new DisposableStore();
  private retained: vscode.Disposable | null = null;

  constructor(
    private readonly model: ChangesModel,
    private readonly pullRequests: PullRequestStates,
    private readonly host: ProjectHost,
  ) {
    this.view = vscode.window.createTreeView('taco.changes', { treeDataProvider: this, showCollapseAll: true });
    this.disposables.addAll(
      this.changed,
      this.view,
      this.view.onDidChangeVisibility(({ visible }) => this.setVisible(visible)),
      model.onChange(() => {
        this.view.message = model.problem;
        this.changed.fire();
      }),
      pullRequests.onChange(() => this.changed.fire()),
    );
    this.setVisible(this.view.visible);
  }

  getChildren(row?: ChangeRow): ChangeRow[] {
    if (row?.file) return [];
    if (row) return row.root.changes.files.map((file) => ({ root: row.root, file }));
    return this.model.roots.map((root) => ({ root }));
  }

  getTreeItem({ root, file }: ChangeRow): vscode.TreeItem {
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    if (!file) {
      const item = new vscode.TreeItem(
        rootLabel(root),
        root.changes.files.length === 0 ? None : root.own ? Expanded : Collapsed,
      );
      item.id = `changes:${root.changes.top}`;
      const [only] = root.agents;
      const description = rootDescription(root, only && this.pullRequests.of(only));
      item.description = description;
      item.iconPath = new vscode.ThemeIcon(root.own ? 'repo-forked' : 'repo');
      item.contextValue = root.own ? 'changes.worktree' : 'changes.project';
      item.tooltip = root.changes.top;
      item.accessibilityInformation = { label: `${rootLabel(root)}, ${description}` };
      return item;
    }
    const item = new vscode.TreeItem(vscode.Uri.file(file.file), None);
    item.id = `changes:${root.changes.top}:${file.path}`;
    item.description = fileDescription(file);
    item.iconPath = vscode.ThemeIcon.File;
    item.contextValue = file.kind === 'deleted' ? 'changes.deleted' : 'changes.file';
    item.accessibilityInformation = { label: fileSpoken(file) };
    item.command = { command: 'taco.openChange', title: vscode.l10n.t('Open Change'), arguments: [{ root, file }] };
    return item;
  }

  dispose(): void {
    this.setVisible(false);
    this.disposables.dispose();
  }

  private setVisible(visible: boolean): void {
    if (visible === (this.retained !== null)) return;
    this.retained?.dispose();
    this.retained = visible
      ? vscode.Disposable.from(this.host.retain(), this.model.retain(), this.pullRequests.retain())
      : null;
  }
}

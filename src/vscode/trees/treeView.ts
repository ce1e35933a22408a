import * as vscode from 'vscode';
import { DisposableStore } from '../../core/base/disposable';
import { Throttle } from '../../core/base/throttle';
import { systemClock } from '../../environment/systemClock';
import type { ViewId } from '../manifest/contributions';
import type { ProjectHost } from '../project/projectHost';
import type { ProjectState } from '../project/projectState';
import { appendPlainText } from '../shared/markdown';
import { mergeRows, type TreeNode } from './treeNodes';
import type { TreeRow } from './treeRows';

/** Interval at which ages in the rows are updated while the view is visible, milliseconds. */
const AGE_REFRESH_MS = 10_000;

/**
 * Time between two updates of a tree, milliseconds. VS Code collects a tree's events for 200 ms from the first one on,
 * and each new event restarts that time. So a tree fires at once, and then waits for longer than that.
 */
const REDRAW_MS = 220;

export interface TreeViewOptions {
  readonly id: ViewId;
  readonly rowsOf: (snapshot: ProjectState['snapshot']) => readonly TreeRow[];
  /** Text above the rows; empty: none. */
  readonly noticeOf?: (state: ProjectState) => string;
  readonly onClick: (row: TreeRow) => vscode.Command | undefined;
  /** Fires when the rows change though the project did not. */
  readonly alsoOn?: vscode.Event<void>;
  readonly drops?: vscode.TreeDragAndDropController<TreeNode>;
}

/** One of the three trees: shows rows, keeps the project fresh while it is visible, and redraws only changed rows. */
export class TreeView implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<TreeNode[] | undefined>();
  private readonly disposables = new DisposableStore();
  readonly onDidChangeTreeData = this.changed.event;
  readonly view: vscode.TreeView<TreeNode>;
  private roots: readonly TreeNode[] = [];
  /** Rows that need a redraw; undefined: all of them. */
  private readonly stale = new Set<TreeNode | undefined>();
  private readonly redraw = new Throttle(
    systemClock,
    () => REDRAW_MS,
    () => this.fire(),
  );
  /** The time from which ages are counted. The current time would change every row each second. */
  private agesAt = Date.now();
  private retained: vscode.Disposable | null = null;
  private ages: NodeJS.Timeout | null = null;

  constructor(
    private readonly host: ProjectHost,
    private readonly options: TreeViewOptions,
  ) {
    const { id, alsoOn, drops } = options;
    this.view = vscode.window.createTreeView(id, {
      treeDataProvider: this,
      showCollapseAll: id === 'taco.messages',
      ...(drops ? { dragAndDropController: drops } : {}),
    });
    this.disposables.addAll(
      this.changed,
      this.redraw,
      this.view,
      this.view.onDidChangeVisibility(({ visible }) => this.setVisible(visible)),
      host.onChange((state) => this.show(state)),
      ...(alsoOn ? [alsoOn(() => this.show(host.state))] : []),
    );
    this.show(host.state);
    this.setVisible(this.view.visible);
  }

  getChildren(node?: TreeNode): TreeNode[] {
    return [...(node?.children ?? this.roots)];
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.parent;
  }

  getTreeItem({ id, row }: TreeNode): vscode.TreeItem {
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(row.label, row.children.length === 0 ? None : row.expanded ? Expanded : Collapsed);
    item.id = id;
    item.description = row.description;
    item.contextValue = row.context;
    item.iconPath = new vscode.ThemeIcon(
      row.icon,
      row.color === undefined ? undefined : new vscode.ThemeColor(row.color),
    );
    item.accessibilityInformation = { label: row.spoken };
    item.tooltip = tooltipOf(row);
    const command = this.options.onClick(row);
    if (command) item.command = command;
    return item;
  }

  /** Shows the view with the root of this agent selected; does nothing when there is none. */
  async reveal(window: number): Promise<void> {
    await vscode.commands.executeCommand(`${this.options.id}.focus`);
    const node = this.roots.find(({ subject }) => subject?.window === window);
    if (node) await this.view.reveal(node, { select: true, focus: true });
  }

  dispose(): void {
    this.setVisible(false);
    this.disposables.dispose();
  }

  private show(state: ProjectState): void {
    const { snapshot } = state;
    this.notice(this.options.noticeOf?.(state) ?? '');
    this.roots = mergeRows(
      undefined,
      this.roots,
      this.options.rowsOf(snapshot && { ...snapshot, at: this.agesAt }),
      this.stale,
    );
    if (this.stale.size > 0) this.redraw.ask();
  }

  private notice(text: string): void {
    if ((this.view.message ?? '') !== text) this.view.message = text;
  }

  private fire(): void {
    const nodes = [...this.stale];
    this.stale.clear();
    // All rows go in one event: a second one would have to wait.
    this.changed.fire(nodes.includes(undefined) ? undefined : (nodes as TreeNode[]));
  }

  private refreshAges(): void {
    this.agesAt = Date.now();
    this.show(this.host.state);
    void this.host.project?.refresh();
  }

  private setVisible(visible: boolean): void {
    if (visible === (this.retained !== null)) return;
    if (this.ages) clearInterval(this.ages);
    if (visible) this.agesAt = Date.now();
    this.ages = visible ? setInterval(() => this.refreshAges(), AGE_REFRESH_MS) : null;
    this.retained?.dispose();
    this.retained = visible ? this.host.retain() : null;
  }
}

function tooltipOf(row: TreeRow): vscode.MarkdownString | undefined {
  const facts = row.tooltip.filter(([, value]) => value !== '');
  if (facts.length === 0) return undefined;
  const text = new vscode.MarkdownString();
  appendPlainText(text.appendMarkdown('**'), row.label).appendMarkdown('**\n\n');
  for (const [name, value] of facts) appendPlainText(text.appendMarkdown(`${name}: `), value).appendMarkdown('\n\n');
  return text;
}

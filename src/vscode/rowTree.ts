import * as vscode from 'vscode';
import type { ViewId } from './contributions';
import type { ProjectHost } from './projectHost';
import type { Row } from './rows';
import type { ProjectState } from './state';

/** Ages in the rows are brought up to date this often while the view is visible, milliseconds. */
const AGE_REFRESH_MS = 10_000;

/** One of the three trees: shows rows, keeps the project fresh while it is visible, redraws only when a row changed. */
export class RowTree implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly store: vscode.Disposable[] = [];
  readonly onDidChangeTreeData = this.changed.event;
  readonly view: vscode.TreeView<Row>;
  private roots: readonly Row[] = [];
  private drawn = '[]';
  private looking: vscode.Disposable | null = null;
  private ages: NodeJS.Timeout | null = null;

  constructor(
    id: ViewId,
    private readonly host: ProjectHost,
    private readonly rowsOf: (snapshot: ProjectState['snapshot']) => readonly Row[],
    private readonly onClick: (row: Row) => vscode.Command | undefined,
  ) {
    this.view = vscode.window.createTreeView(id, { treeDataProvider: this, showCollapseAll: id === 'taco.messages' });
    this.store.push(
      this.changed,
      this.view,
      this.view.onDidChangeVisibility(({ visible }) => this.setLooking(visible)),
      host.onChange((state) => this.show(state)),
    );
    this.show(host.state);
    this.setLooking(this.view.visible);
  }

  getChildren(row?: Row): readonly Row[] & Row[] {
    return [...(row?.children ?? this.roots)];
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(row.label, row.children.length === 0 ? None : row.expanded ? Expanded : Collapsed);
    item.id = row.id;
    item.description = row.description;
    item.contextValue = row.context;
    item.iconPath = new vscode.ThemeIcon(row.icon, row.color === undefined ? undefined : new vscode.ThemeColor(row.color));
    item.accessibilityInformation = { label: row.spoken };
    item.tooltip = tooltipOf(row);
    const command = this.onClick(row);
    if (command) item.command = command;
    return item;
  }

  dispose(): void {
    this.setLooking(false);
    for (const item of this.store) item.dispose();
  }

  private show(state: ProjectState): void {
    const roots = this.rowsOf(state.snapshot);
    const drawn = JSON.stringify(roots);
    if (drawn === this.drawn) return;
    this.roots = roots;
    this.drawn = drawn;
    this.changed.fire();
  }

  private setLooking(visible: boolean): void {
    if (visible === (this.looking !== null)) return;
    if (this.ages) clearInterval(this.ages);
    this.ages = visible ? setInterval(() => void this.host.project?.refresh(), AGE_REFRESH_MS) : null;
    this.looking?.dispose();
    this.looking = visible ? this.host.look() : null;
  }
}

function tooltipOf(row: Row): vscode.MarkdownString | undefined {
  const facts = row.tooltip.filter(([, value]) => value !== '');
  if (facts.length === 0) return undefined;
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(row.label).appendMarkdown('**\n\n');
  // appendText escapes: the values are written by agents.
  for (const [name, value] of facts) text.appendMarkdown(`${name}: `).appendText(value).appendMarkdown('\n\n');
  return text;
}

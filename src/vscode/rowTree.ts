import * as vscode from 'vscode';
import type { ViewId } from './contributions';
import type { ProjectHost } from './projectHost';
import type { Row } from './rows';
import type { ProjectState } from './state';

/** Ages in the rows are brought up to date this often while the view is visible, milliseconds. */
const AGE_REFRESH_MS = 10_000;

/** A row's place in the tree: the same object for as long as the row is there, so that VS Code can redraw it alone. */
export class RowNode {
  children: readonly RowNode[] = [];
  constructor(
    public row: Row,
    readonly parent: RowNode | undefined,
  ) {}

  /** What a command on this row is about. */
  get subject(): Row['subject'] {
    return this.row.subject;
  }
}

export interface RowTreeOptions {
  readonly id: ViewId;
  readonly rowsOf: (snapshot: ProjectState['snapshot']) => readonly Row[];
  readonly onClick: (row: Row) => vscode.Command | undefined;
  /** Fires when the rows change though the project did not. */
  readonly alsoOn?: vscode.Event<void>;
  readonly drops?: vscode.TreeDragAndDropController<RowNode>;
}

/** One of the three trees: shows rows, keeps the project fresh while it is visible, redraws only the rows that changed. */
export class RowTree implements vscode.TreeDataProvider<RowNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<RowNode | undefined>();
  private readonly store: vscode.Disposable[] = [];
  readonly onDidChangeTreeData = this.changed.event;
  readonly view: vscode.TreeView<RowNode>;
  private roots: readonly RowNode[] = [];
  private looking: vscode.Disposable | null = null;
  private ages: NodeJS.Timeout | null = null;

  constructor(
    private readonly host: ProjectHost,
    private readonly options: RowTreeOptions,
  ) {
    const { id, alsoOn, drops } = options;
    this.view = vscode.window.createTreeView(id, { treeDataProvider: this, showCollapseAll: id === 'taco.messages', ...(drops ? { dragAndDropController: drops } : {}) });
    this.store.push(
      this.changed,
      this.view,
      this.view.onDidChangeVisibility(({ visible }) => this.setLooking(visible)),
      host.onChange((state) => this.show(state)),
      ...(alsoOn ? [alsoOn(() => this.show(host.state))] : []),
    );
    this.show(host.state);
    this.setLooking(this.view.visible);
  }

  getChildren(node?: RowNode): RowNode[] {
    return [...(node?.children ?? this.roots)];
  }

  getParent(node: RowNode): RowNode | undefined {
    return node.parent;
  }

  getTreeItem({ row }: RowNode): vscode.TreeItem {
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(row.label, row.children.length === 0 ? None : row.expanded ? Expanded : Collapsed);
    item.id = row.id;
    item.description = row.description;
    item.contextValue = row.context;
    item.iconPath = new vscode.ThemeIcon(row.icon, row.color === undefined ? undefined : new vscode.ThemeColor(row.color));
    item.accessibilityInformation = { label: row.spoken };
    item.tooltip = tooltipOf(row);
    const command = this.options.onClick(row);
    if (command) item.command = command;
    return item;
  }

  /** Shows the view with the root of this agent selected; nothing when there is none. */
  async reveal(window: number): Promise<void> {
    await vscode.commands.executeCommand(`${this.options.id}.focus`);
    const node = this.roots.find(({ subject }) => subject?.window === window);
    if (node) await this.view.reveal(node, { select: true, focus: true });
  }

  dispose(): void {
    this.setLooking(false);
    for (const item of this.store) item.dispose();
  }

  private show(state: ProjectState): void {
    const changed: (RowNode | undefined)[] = [];
    this.roots = merge(undefined, this.roots, this.options.rowsOf(state.snapshot), changed);
    // Rows that came, went or moved are drawn with all that is around them.
    if (changed.includes(undefined)) this.changed.fire(undefined);
    else for (const node of changed) this.changed.fire(node);
  }

  private setLooking(visible: boolean): void {
    if (visible === (this.looking !== null)) return;
    if (this.ages) clearInterval(this.ages);
    this.ages = visible ? setInterval(() => void this.host.project?.refresh(), AGE_REFRESH_MS) : null;
    this.looking?.dispose();
    this.looking = visible ? this.host.look() : null;
  }
}

/** The nodes of `rows` below `parent`, old ones kept; each node whose drawing changed is added to `changed` (undefined: the root). */
function merge(parent: RowNode | undefined, old: readonly RowNode[], rows: readonly Row[], changed: (RowNode | undefined)[]): readonly RowNode[] {
  const known = new Map(old.map((node) => [node.row.id, node]));
  const nodes = rows.map((row) => known.get(row.id) ?? new RowNode(row, parent));
  if (nodes.length !== old.length || nodes.some((node, index) => node !== old[index])) changed.push(parent);
  for (const [index, node] of nodes.entries()) {
    const row = rows[index] as Row;
    if (drawingOf(row) !== drawingOf(node.row)) changed.push(node);
    node.row = row;
    node.children = merge(node, node.children, row.children, changed);
  }
  return nodes;
}

function drawingOf({ children, ...row }: Row): string {
  return JSON.stringify([row, children.length > 0]);
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

/** Determines which rows of a tree have changed. No `vscode` here. */
import type { TreeRow } from './treeRows';

/** A row's place in the tree: the same object for as long as the row exists, so that VS Code can redraw it alone. */
export class TreeNode {
  children: readonly TreeNode[] = [];
  constructor(
    public row: TreeRow,
    readonly parent: TreeNode | undefined,
  ) {}

  /**
   * Id that is unique also across groups. A message moves from one group to another, while VS Code reads the groups'
   * children one after the other. It refuses an id that it still has from another group, and shows the user an error.
   */
  get id(): string {
    return this.parent ? `${this.parent.id}/${this.row.id}` : this.row.id;
  }

  /** Subject of a command on this row. */
  get subject(): TreeRow['subject'] {
    return this.row.subject;
  }
}

/**
 * Returns the nodes of `rows` below `parent`; reuses a node of `old` whose row has the same id. Adds each node that
 * must be redrawn with its children to `changed`. Undefined is the root: rows there were added, removed or moved.
 */
export function mergeRows(
  parent: TreeNode | undefined,
  old: readonly TreeNode[],
  rows: readonly TreeRow[],
  changed: Set<TreeNode | undefined>,
): readonly TreeNode[] {
  const known = new Map(old.map((node) => [node.row.id, node]));
  const nodes = rows.map((row) => known.get(row.id) ?? new TreeNode(row, parent));
  if (nodes.length !== old.length || nodes.some((node, index) => node !== old[index])) changed.add(parent);
  for (const [index, node] of nodes.entries()) {
    const row = rows[index] as TreeRow;
    if (node.row !== row && drawingOf(row) !== drawingOf(node.row)) changed.add(node);
    node.row = row;
    node.children = mergeRows(node, node.children, row.children, changed);
  }
  return nodes;
}

function drawingOf({ children, ...row }: TreeRow): string {
  return JSON.stringify([row, children.length > 0]);
}

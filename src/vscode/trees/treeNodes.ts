/** Which rows of a tree have changed. No `vscode` here. */
import type { TreeRow } from './treeRows';

/** A row's place in the tree: the same object for as long as the row is there, so that VS Code can redraw it alone. */
export class TreeNode {
  children: readonly TreeNode[] = [];
  constructor(
    public row: TreeRow,
    readonly parent: TreeNode | undefined,
  ) {}

  /**
   * Other than that of the same row elsewhere: a message moves from one group to another, and VS Code, which asks for the children of one
   * group after the other, refuses an id that it still knows from the group before, with an error before the person.
   */
  get id(): string {
    return this.parent ? `${this.parent.id}/${this.row.id}` : this.row.id;
  }

  /** What a command on this row is about. */
  get subject(): TreeRow['subject'] {
    return this.row.subject;
  }
}

/**
 * The nodes of `rows` below `parent`, those of `old` kept where a row is the same one by its id. Each node that must be drawn anew, with
 * what is below it, is added to `changed`; undefined is the root: rows came, went or moved there.
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

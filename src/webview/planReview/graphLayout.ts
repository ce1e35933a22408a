/** Layered layout of the plan's graph: each agent is one column to the right of the last one it needs. Pure. */
export interface GraphNode {
  readonly name: string;
  /** Names that it must come after. Unknown names and edges that close a cycle are ignored. */
  readonly after: readonly string[];
}

export interface PlacedNode {
  readonly name: string;
  readonly column: number;
  readonly row: number;
}

/** Places every node, also those in cycles; linear in nodes and edges, except for sorting each column. */
export function layout(nodes: readonly GraphNode[]): readonly PlacedNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const columns = new Map<string, number>();
  // Depth-first search without recursion. A node is placed once all nodes before it are; an edge that closes a cycle is
  // ignored.
  for (const root of nodes) {
    const stack = [{ node: root, next: 0 }];
    const onWay = new Set([root.name]);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const dependency = top.node.after[top.next];
      if (dependency !== undefined && !columns.has(top.node.name)) {
        top.next += 1;
        const before = byName.get(dependency);
        if (before && !columns.has(dependency) && !onWay.has(dependency)) {
          stack.push({ node: before, next: 0 });
          onWay.add(dependency);
        }
        continue;
      }
      if (!columns.has(top.node.name)) {
        columns.set(top.node.name, Math.max(0, ...top.node.after.map((name) => (columns.get(name) ?? -1) + 1)));
      }
      onWay.delete(top.node.name);
      stack.pop();
    }
  }
  return rows(nodes, columns);
}

/** Orders each column: a node is near the mean row of its predecessors, so that fewer lines cross. */
function rows(nodes: readonly GraphNode[], columns: ReadonlyMap<string, number>): readonly PlacedNode[] {
  const last = Math.max(0, ...columns.values());
  const placed = new Map<string, PlacedNode>();
  for (let column = 0; column <= last; column += 1) {
    const here = nodes
      .filter((node) => columns.get(node.name) === column)
      .map((node, index) => {
        const above = node.after.flatMap((name) => placed.get(name)?.row ?? []);
        return { node, weight: above.length === 0 ? index : above.reduce((sum, row) => sum + row, 0) / above.length };
      });
    here.sort((left, right) => left.weight - right.weight);
    here.forEach(({ node }, row) => placed.set(node.name, { name: node.name, column, row }));
  }
  return nodes.flatMap((node) => placed.get(node.name) ?? []);
}

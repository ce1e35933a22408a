/** A directed graph as lists of successors: `edges[i]` holds the successors of node `i`. */
export type Edges = readonly (readonly number[])[];

/**
 * Returns one cycle for each strongly connected component with more than one node. A cycle is a node list without the
 * repeated first node and begins at its smallest node. Edges from a node to itself are ignored. Linear time, no
 * recursion, since a plan may be a chain of thousands.
 */
export function findCycles(edges: Edges): number[][] {
  return stronglyConnectedComponents(edges).map((component) => cycleIn(edges, component));
}

/** Tarjan's algorithm with an explicit stack. */
function stronglyConnectedComponents(edges: Edges): number[][] {
  const count = edges.length;
  const order = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const onStack = new Uint8Array(count);
  const nextEdge = new Int32Array(count);
  const stack: number[] = [];
  const components: number[][] = [];
  let clock = 0;

  for (let root = 0; root < count; root++) {
    if (order[root] !== -1) continue;
    const path = [root];
    while (path.length > 0) {
      const node = path[path.length - 1]!;
      if (order[node] === -1) {
        order[node] = low[node] = clock++;
        stack.push(node);
        onStack[node] = 1;
      }
      const successor = edges[node]![nextEdge[node]!++];
      if (successor !== undefined) {
        if (order[successor] === -1) path.push(successor);
        else if (onStack[successor]) low[node] = Math.min(low[node]!, order[successor]!);
        continue;
      }
      path.pop();
      const parent = path[path.length - 1];
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
      if (low[node] !== order[node]) continue;
      const component = stack.splice(stack.lastIndexOf(node));
      for (const member of component) onStack[member] = 0;
      if (component.length > 1) components.push(component.sort((a, b) => a - b));
    }
  }
  return components.sort((a, b) => a[0]! - b[0]!);
}

/** Returns a shortest cycle through the component's smallest node by breadth-first search. */
function cycleIn(edges: Edges, component: readonly number[]): number[] {
  const start = component[0]!;
  const members = new Set(component);
  const cameFrom = new Map<number, number>();
  const queue = [start];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    for (const next of edges[node]!) {
      if (next === start && node !== start) return pathTo(node, start, cameFrom);
      if (next === start || !members.has(next) || cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      queue.push(next);
    }
  }
  return [...component]; // cannot happen: a component has a cycle through each of its nodes
}

function pathTo(node: number, start: number, cameFrom: ReadonlyMap<number, number>): number[] {
  const path = [node];
  for (let at = node; at !== start;) {
    at = cameFrom.get(at) ?? start;
    path.push(at);
  }
  return path.reverse();
}

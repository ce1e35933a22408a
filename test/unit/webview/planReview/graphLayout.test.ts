import assert from 'node:assert/strict';
import fc from 'fast-check';
import { layout, type GraphNode } from '../../../../src/webview/planReview/graphLayout';

const columnOf = (nodes: readonly GraphNode[], name: string) =>
  layout(nodes).find((node) => node.name === name)?.column;

describe("the layout of the plan's graph", () => {
  it('places each agent one column right of the last one it comes after', () => {
    const nodes = [
      { name: 'd', after: ['b', 'a'] },
      { name: 'b', after: ['a'] },
      { name: 'a', after: [] },
    ];
    assert.deepEqual(
      ['a', 'b', 'd'].map((name) => columnOf(nodes, name)),
      [0, 1, 2],
    );
  });

  it('places agents with cycles, self-references and unknown names exactly once', () => {
    const nodes = [
      { name: 'a', after: ['b'] },
      { name: 'b', after: ['a', 'b', 'nobody'] },
    ];
    assert.deepEqual(
      layout(nodes)
        .map((node) => node.name)
        .sort(),
      ['a', 'b'],
    );
  });

  it('never places two agents at one position, and keeps the order of any graph without cycles', () => {
    const acyclic = fc
      .integer({ min: 1, max: 25 })
      .chain((size) =>
        fc.tuple(
          ...Array.from({ length: size }, (_, index) =>
            fc.subarray(Array.from({ length: index }, (_unused, before) => `n${before}`)),
          ),
        ),
      );
    fc.assert(
      fc.property(acyclic, (lists) => {
        const nodes = lists.map((after, index) => ({ name: `n${index}`, after }));
        const placed = layout(nodes);
        assert.equal(new Set(placed.map(({ column, row }) => `${column},${row}`)).size, nodes.length);
        const columns = new Map(placed.map(({ name, column }) => [name, column]));
        for (const node of nodes)
          for (const before of node.after) assert.ok(columns.get(before)! < columns.get(node.name)!);
      }),
    );
  });

  it('handles 200 agents in a chain or cycle without recursion', () => {
    const chain = Array.from({ length: 200 }, (_, index) => ({ name: `n${index}`, after: [`n${index + 1}`] }));
    assert.equal(Math.max(...layout(chain).map(({ column }) => column)), 199);
    const cycle = chain.map((node, index) => ({ ...node, after: [`n${(index + 1) % 200}`] }));
    assert.equal(layout(cycle).length, 200);
  });
});

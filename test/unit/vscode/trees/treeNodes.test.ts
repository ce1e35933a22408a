import assert from 'node:assert/strict';
import { messageRows } from '../../../../src/vscode/trees/messageRows';
import { mergeRows, type TreeNode } from '../../../../src/vscode/trees/treeNodes';
import { agentRows, type TreeRow } from '../../../../src/vscode/trees/treeRows';
import { agent, message, sampleSnapshot } from '../../../support/vscode/fakeTeam';

const AT = 1_000_000;
const row = (id: string, more: Partial<TreeRow> = {}): TreeRow => ({
  id,
  label: id,
  description: '',
  icon: 'circle',
  context: '',
  spoken: id,
  tooltip: [],
  children: [],
  ...more,
});

/** Returns the ids that a tree of `before` must redraw for `after`; '' is all of it. */
function redrawn(before: readonly TreeRow[], after: readonly TreeRow[]): readonly string[] {
  const old = mergeRows(undefined, [], before, new Set());
  const changed = new Set<TreeNode | undefined>();
  mergeRows(undefined, old, after, changed);
  return [...changed].map((node) => node?.row.id ?? '');
}

describe('The rows of a tree', () => {
  it('are not redrawn while their content is unchanged', () => {
    assert.deepEqual(
      redrawn([row('a'), row('b', { children: [row('c')] })], [row('a'), row('b', { children: [row('c')] })]),
      [],
    );
  });

  it('are redrawn alone when they change', () => {
    assert.deepEqual(redrawn([row('a'), row('b')], [row('a'), row('b', { description: 'works' })]), ['b']);
    assert.deepEqual(
      redrawn(
        [row('a', { children: [row('b'), row('c')] })],
        [row('a', { children: [row('b', { icon: 'star' }), row('c')] })],
      ),
      ['b'],
    );
  });

  it('are redrawn with their surroundings when one is added, removed or moved', () => {
    assert.deepEqual(redrawn([row('a')], [row('a'), row('b')]), ['']);
    assert.deepEqual(redrawn([row('a'), row('b')], [row('b'), row('a')]), ['']);
    assert.deepEqual(redrawn([row('a', { children: [row('b')] }), row('c')], [row('a', { children: [] }), row('c')]), [
      'a',
    ]);
  });

  it('keep their place in the tree, so that selection and folding stay', () => {
    const [before] = mergeRows(undefined, [], [row('a')], new Set());
    const [after] = mergeRows(undefined, [before!], [row('a', { description: 'works' })], new Set());
    assert.equal(after, before);
    assert.equal(after?.row.description, 'works');
  });

  it('have a different id in each place: VS Code refuses one that it still shows in another group', () => {
    const idsOf = (state: 'queued' | 'typing'): readonly string[] => {
      const all = (nodes: readonly TreeNode[]): readonly TreeNode[] =>
        nodes.flatMap((node) => [node, ...all(node.children)]);
      return all(
        mergeRows(
          undefined,
          [],
          messageRows(sampleSnapshot({ messages: [message('one', 'USER', 2, 'x', state)] })),
          new Set(),
        ),
      ).map(({ id }) => id);
    };
    const [before, after] = [idsOf('queued'), idsOf('typing')];
    assert.equal(new Set(before).size, 5); // the group, the message, its three steps
    assert.deepEqual(
      before.filter((id) => after.includes(id)),
      [],
    );
  });

  it('of fifty agents are redrawn singly when one of them begins to work', () => {
    const fifty = (works: number) =>
      Array.from({ length: 50 }, (_, i) => agent(i + 2, `agent${i}`, i === works ? 'busy' : 'idle', { changedAt: AT }));
    const rows = (works: number): readonly TreeRow[] =>
      agentRows(sampleSnapshot({ agents: fifty(works), needs: [], at: AT }));
    assert.deepEqual(redrawn(rows(-1), rows(7)), ['agent:9']);
  });

  it('of two groups are both redrawn when a message goes from one to the other', () => {
    const rows = (state: 'queued' | 'typing'): readonly TreeRow[] =>
      messageRows(
        sampleSnapshot({
          messages: [
            message('one', 'USER', 2, 'x', 'queued'),
            message('two', 'USER', 2, 'x', state),
            message('three', 'USER', 2, 'x', 'typing'),
          ],
        }),
      );
    assert.deepEqual([...redrawn(rows('queued'), rows('typing'))].filter((id) => id.startsWith('group:')).sort(), [
      'group:pending',
      'group:processing',
    ]);
  });
});

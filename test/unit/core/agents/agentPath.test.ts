import assert from 'node:assert/strict';
import { linesOf, placeFor, placeText } from '../../../../src/core/agents/agentPath';

describe('placeFor', () => {
  it("returns a path relative to the agent's own folder", () => {
    assert.deepEqual(placeFor('/work/p/src/a.ts', '/work/p', '/work/p'), {
      path: 'src/a.ts',
      file: '/work/p/src/a.ts',
    });
  });

  it("returns the same path for a worktree, meaning the agent's own copy", () => {
    assert.deepEqual(placeFor('/work/p/src/a.ts', '/taco/w/api', '/work/p'), {
      path: 'src/a.ts',
      file: '/taco/w/api/src/a.ts',
    });
  });

  it("returns a relative path in the agent's worktree, and an absolute one in another worktree or outside", () => {
    assert.equal(placeFor('/taco/w/api/src/a.ts', '/taco/w/api', '/work/p').path, 'src/a.ts');
    assert.equal(placeFor('/taco/w/web/src/a.ts', '/taco/w/api', '/work/p').path, '/taco/w/web/src/a.ts');
    assert.equal(placeFor('/work/p2/a.ts', '/work/p', '/work/p').path, '/work/p2/a.ts');
  });

  it("finds the lines of the agent's copy, the nearest if the text occurs more than once", () => {
    const copy = 'x\na\nb\ny\na\nb';
    assert.deepEqual(linesOf('a\nb', copy, 1), { first: 2, last: 3 });
    assert.deepEqual(linesOf('a\nb', copy, 6), { first: 5, last: 6 });
    assert.deepEqual(linesOf('a\r\nb', copy, 1), { first: 2, last: 3 });
    assert.equal(linesOf('b\na', copy, 1), null);
  });

  it('formats a location like a compiler', () => {
    assert.deepEqual(
      [placeText('a', null), placeText('a', { first: 3, last: 3 }), placeText('a', { first: 3, last: 5 })],
      ['a', 'a:3', 'a:3-5'],
    );
  });
});

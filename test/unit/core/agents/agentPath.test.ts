import assert from 'node:assert/strict';
import { linesOf, placeFor, placeText } from '../../../../src/core/agents/agentPath';

describe('the place of a file, as an agent knows it', () => {
  it("is relative to the agent's own folder", () => {
    assert.deepEqual(placeFor('/work/p/src/a.ts', '/work/p', '/work/p'), {
      path: 'src/a.ts',
      file: '/work/p/src/a.ts',
    });
  });

  it('is the same path in its worktree, and means its own copy there', () => {
    assert.deepEqual(placeFor('/work/p/src/a.ts', '/taco/w/api', '/work/p'), {
      path: 'src/a.ts',
      file: '/taco/w/api/src/a.ts',
    });
  });

  it("is relative for a file of its own worktree, absolute for one of another's and for one outside", () => {
    assert.equal(placeFor('/taco/w/api/src/a.ts', '/taco/w/api', '/work/p').path, 'src/a.ts');
    assert.equal(placeFor('/taco/w/web/src/a.ts', '/taco/w/api', '/work/p').path, '/taco/w/web/src/a.ts');
    assert.equal(placeFor('/work/p2/a.ts', '/work/p', '/work/p').path, '/work/p2/a.ts');
  });

  it("has the lines of the agent's copy: the nearest when the text stands there more than once", () => {
    const copy = 'x\na\nb\ny\na\nb';
    assert.deepEqual(linesOf('a\nb', copy, 1), { first: 2, last: 3 });
    assert.deepEqual(linesOf('a\nb', copy, 6), { first: 5, last: 6 });
    assert.deepEqual(linesOf('a\r\nb', copy, 1), { first: 2, last: 3 });
    assert.equal(linesOf('b\na', copy, 1), null);
  });

  it('is written as compilers write it', () => {
    assert.deepEqual(
      [placeText('a', null), placeText('a', { first: 3, last: 3 }), placeText('a', { first: 3, last: 5 })],
      ['a', 'a:3', 'a:3-5'],
    );
  });
});

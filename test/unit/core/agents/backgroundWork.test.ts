import assert from 'node:assert/strict';
import { backgroundWork, withBackgroundWork } from '../../../../src/core/agents/backgroundWork';

describe('Background work', () => {
  it('is part of the state of an agent whose turn is over', () => {
    const background = 'npm run dev\nreview';
    assert.deepEqual(backgroundWork({ background }), ['npm run dev', 'review']);
    assert.equal(withBackgroundWork('idle', { status: 'idle', background }), 'idle, 2 in the background');
    assert.equal(withBackgroundWork('done', { status: 'done', background }), 'done, 2 in the background');
  });

  it('leaves the state of an agent that works, has ended or has none', () => {
    assert.equal(withBackgroundWork('working', { status: 'busy', background: 'review' }), 'working');
    assert.equal(withBackgroundWork('exited', { status: 'exited', background: 'review' }), 'exited');
    assert.equal(withBackgroundWork('idle', { status: 'idle', background: '' }), 'idle');
    assert.deepEqual([backgroundWork({}), withBackgroundWork('idle', { status: 'idle' })], [[], 'idle']);
  });
});

import assert from 'node:assert/strict';
import { activityOf, backgroundWork, endedHow, withBackgroundWork } from '../../../../src/core/agents/activity';

describe('activityOf', () => {
  it('returns the first line of the last prompt or reply', () => {
    assert.equal(
      activityOf('UserPromptSubmit', { prompt: '[USER → AGENT-2]: build it\nwith care' }),
      '[USER → AGENT-2]: build it',
    );
    assert.equal(activityOf('Stop', { lastMessage: '\n\nAll tests pass.\nDetails follow.' }), 'All tests pass.');
  });

  it('describes a permission request without its JSON', () => {
    assert.equal(
      activityOf('PermissionRequest', {
        toolName: 'Bash',
        toolInput: '{"command":"mkdir -p x\\nls","description":"make"}',
      }),
      'asks: Bash mkdir -p x',
    );
    assert.equal(
      activityOf('PermissionRequest', { toolName: 'Edit', toolInput: '{"file_path":"/a/b.ts","old_string":"x"}' }),
      'asks: Edit /a/b.ts',
    );
    assert.equal(activityOf('PermissionRequest', { toolName: 'Odd', toolInput: '{"cut off' }), 'asks: Odd {"cut off');
    assert.equal(activityOf('PermissionRequest', {}), 'asks: a tool');
  });

  it('reports that Mother printed a plan instead of showing its markers', () => {
    assert.equal(activityOf('Stop', { lastMessage: 'AGENT_SPEC_JSON_START\n{}' }), 'printed a plan');
    assert.equal(activityOf('Stop', {}), undefined);
  });

  it('ignores a prompt that the prompt check refused, and other events', () => {
    assert.equal(activityOf('UserPromptSubmit', { prompt: 'x', blockedId: 'cmd_abcdef' }), undefined);
    assert.equal(activityOf('SessionStart', {}), undefined);
  });

  it('describes how a process ended, as far as it is known', () => {
    assert.equal(endedHow('3'), 'ended with status 3');
    assert.equal(endedHow('signal 9'), 'ended by signal 9');
    assert.equal(endedHow(''), 'ended');
  });
});

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

import assert from 'node:assert/strict';
import { activityOf, endedHow } from '../../../../src/core/agents/activity';

describe("an agent's activity", () => {
  it('is the first line of what it was told or said last', () => {
    assert.equal(
      activityOf('UserPromptSubmit', { prompt: '[USER → AGENT-2]: build it\nwith care' }),
      '[USER → AGENT-2]: build it',
    );
    assert.equal(activityOf('Stop', { lastMessage: '\n\nAll tests pass.\nDetails follow.' }), 'All tests pass.');
  });

  it('names what a permission is asked for, not its JSON', () => {
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

  it('says that Mother printed a plan instead of showing its markers', () => {
    assert.equal(activityOf('Stop', { lastMessage: 'AGENT_SPEC_JSON_START\n{}' }), 'printed a plan');
  });

  it('is not changed by a prompt that the door refused, nor by other events', () => {
    assert.equal(activityOf('UserPromptSubmit', { prompt: 'x', blockedId: 'cmd_abcdef' }), undefined);
    assert.equal(activityOf('SessionStart', {}), undefined);
  });

  it('says how a process ended, as far as it is known', () => {
    assert.equal(endedHow('3'), 'ended with status 3');
    assert.equal(endedHow('signal 9'), 'ended by signal 9');
    assert.equal(endedHow(''), 'ended');
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseHookPayload } from '../../../../src/cli/hooks/hookPayload';

describe('parseHookPayload', () => {
  it('returns the fields that Claude Code writes', () => {
    const json = JSON.stringify({
      session_id: 's',
      transcript_path: '/t',
      cwd: '/c',
      hook_event_name: 'Stop',
      prompt: 'p',
      last_assistant_message: 'l',
      tool_name: 'Bash',
      tool_input: { command: 'ls' },
      notification_type: 'permission_prompt',
      permission_mode: 'auto',
      source: 'clear',
    });
    assert.deepEqual(parseHookPayload(json), {
      sessionId: 's',
      prompt: 'p',
      lastMessage: 'l',
      toolName: 'Bash',
      toolInput: '{"command":"ls"}',
      notification: 'permission_prompt',
      permissionMode: 'auto',
      source: 'clear',
      transcript: '/t',
    });
  });

  it('leaves out fields of the wrong type, and never lets the input name a command', () => {
    assert.deepEqual(
      parseHookPayload(
        '{"prompt":7,"session_id":null,"tool_name":["x"],"commandId":"cmd_000001","blockedId":"x","__proto__":{"prompt":"p"}}',
      ),
      {},
    );
  });

  it('limits the size of a tool’s input', () => {
    assert.equal(
      parseHookPayload(JSON.stringify({ tool_input: { content: 'x'.repeat(1e6) } }))?.toolInput?.length,
      4000,
    );
  });

  it('returns null for anything that is not one whole JSON object', () => {
    for (const bad of ['', '{', '{"prompt":"trunc', 'null', '[]', '7', '"text"', '{}{}', '\u0000'])
      assert.equal(parseHookPayload(bad), null, bad);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (input) => void parseHookPayload(input)));
  });
});

import assert from 'node:assert/strict';
import { conversationPatch } from '../../../../src/core/agents/conversation';

const known = { sessionId: 'one', begun: true };

describe("an agent's conversation", () => {
  it('stays when a hook of it reports', () => {
    assert.deepEqual(conversationPatch(known, 'Stop', { sessionId: 'one' }), {});
    assert.deepEqual(conversationPatch(known, 'Stop', {}), {});
  });

  it('can be resumed after its first prompt, unless that was refused', () => {
    const fresh = { sessionId: 'one', begun: false };
    assert.deepEqual(conversationPatch(fresh, 'UserPromptSubmit', { sessionId: 'one' }), { begun: true });
    assert.deepEqual(conversationPatch(fresh, 'UserPromptSubmit', { sessionId: 'one', blockedId: 'cmd_x' }), {});
    assert.deepEqual(conversationPatch(fresh, 'SessionStart', { sessionId: 'one', source: 'startup' }), {});
  });

  it('is the first one that the CLI reports when the CLI creates its ids', () => {
    const none = { sessionId: '', begun: false };
    assert.deepEqual(conversationPatch(none, 'SessionStart', { sessionId: 'two', source: 'startup' }), {
      sessionId: 'two',
    });
  });

  it('is the new one after it was cleared, and that cannot be resumed yet', () => {
    assert.deepEqual(conversationPatch(known, 'SessionStart', { sessionId: 'two', source: 'clear' }), {
      sessionId: 'two',
      begun: false,
    });
  });

  for (const source of ['resume', 'fork', 'compact'])
    it(`is the other one after ${source}`, () => {
      assert.deepEqual(conversationPatch(known, 'SessionStart', { sessionId: 'two', source }), {
        sessionId: 'two',
        begun: true,
      });
    });

  it('is the one that got the text that TACO typed', () => {
    assert.deepEqual(conversationPatch(known, 'UserPromptSubmit', { sessionId: 'two', commandId: 'cmd_x' }), {
      sessionId: 'two',
      begun: true,
    });
  });

  it('is not that of another process', () => {
    for (const event of ['UserPromptSubmit', 'Stop', 'SessionEnd', 'PermissionRequest'])
      assert.equal(conversationPatch(known, event, { sessionId: 'two' }), null);
    assert.equal(conversationPatch(known, 'SessionStart', { sessionId: 'two', source: 'startup' }), null);
  });
});

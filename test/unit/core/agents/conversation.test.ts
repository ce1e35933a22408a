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

  describe('of an agent whose process is known', () => {
    const placed = { ...known, hookParents: '310 200 100' };
    const own = { sessionId: 'two', parents: '320 200 100' };
    const nested = { sessionId: 'two', parents: '340 330 320 200 100' };

    it('is the one for which that process runs hooks, whatever the CLI calls the change', () => {
      for (const source of ['startup', 'clear', 'resume', 'a new word'])
        assert.equal(conversationPatch(placed, 'SessionStart', { ...own, source }, 200)?.sessionId, 'two');
      for (const event of ['UserPromptSubmit', 'PermissionRequest'])
        assert.deepEqual(conversationPatch(placed, event, own, 200), { sessionId: 'two', begun: true });
    });

    it('stays when a late report of the one before arrives', () => {
      for (const event of ['Stop', 'SessionEnd', 'Notification'])
        assert.equal(conversationPatch(placed, event, own, 200), null);
    });

    it('is never that of a CLI in its shell, even if that one was resumed or cleared', () => {
      for (const source of ['startup', 'clear', 'resume', 'fork', 'compact'])
        assert.equal(conversationPatch(placed, 'SessionStart', { ...nested, source }, 200), null);
      for (const event of ['UserPromptSubmit', 'PermissionRequest', 'Stop'])
        assert.equal(conversationPatch(placed, event, nested, 200), null);
    });

    it('stays when a hook of it reports from elsewhere', () => {
      assert.deepEqual(conversationPatch(placed, 'Stop', { ...nested, sessionId: 'one' }, 200), {});
    });
  });

  it('tells its process with its first report', () => {
    const fresh = { sessionId: 'one', begun: false, hookParents: '' };
    assert.deepEqual(
      conversationPatch(fresh, 'SessionStart', { sessionId: 'one', source: 'startup', parents: '3 2' }),
      { hookParents: '3 2' },
    );
  });
});

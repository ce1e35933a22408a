import assert from 'node:assert/strict';
import fc from 'fast-check';
import { agentStateOnScreen, HOOK_BEATS_SCREEN_MS, nextAgentState } from '../../../../src/core/agents/agentState';
import { agentStateSchema, type AgentState } from '../../../../src/core/models';
import type { HookData } from '../../../../src/core/team/ports';

const after = (state: AgentState, ...events: (string | [string, HookData])[]) =>
  events.reduce<AgentState>(
    (now, event) => (typeof event === 'string' ? nextAgentState(now, event, {}) : nextAgentState(now, ...event)),
    state,
  );

describe("an agent's state from its hooks", () => {
  it('goes from start to work to idle', () => {
    assert.equal(after('starting', 'SessionStart'), 'idle');
    assert.equal(after('starting', 'SessionStart', 'UserPromptSubmit'), 'busy');
    assert.equal(after('starting', 'SessionStart', 'UserPromptSubmit', 'Stop'), 'idle');
  });

  it('needs a person while a permission is asked for, and works on once it is given', () => {
    assert.equal(after('busy', 'PermissionRequest'), 'needs-input');
    assert.equal(after('busy', 'PermissionRequest', 'PostToolUse'), 'busy');
    assert.equal(after('busy', 'PermissionRequest', 'Stop'), 'idle');
    assert.equal(after('busy', ['Notification', { notification: 'permission_prompt' }]), 'needs-input');
  });

  it('does not call waiting for a person what is only idle', () => {
    assert.equal(after('idle', ['Notification', { notification: 'idle_prompt' }]), 'idle');
    assert.equal(after('busy', 'Notification'), 'busy');
  });

  it("stays busy when a working agent's conversation is compacted", () =>
    assert.equal(after('busy', 'SessionStart'), 'busy'));
  it('stays idle when the door refused the prompt', () =>
    assert.equal(after('idle', ['UserPromptSubmit', { blockedId: 'cmd_000001' }]), 'idle'));
  it('outlives the end of a conversation: the pane tells when the process has ended', () =>
    assert.equal(after('idle', 'SessionEnd'), 'idle'));

  it('is not brought back to life by a late hook', () => {
    for (const state of ['planned', 'waiting', 'exited', 'failed'] as const)
      assert.equal(after(state, 'Stop', 'UserPromptSubmit', 'SessionStart'), state);
  });

  it('is always one of the states, whatever the events', () => {
    const event = fc.oneof(
      fc.constantFrom(
        'SessionStart',
        'UserPromptSubmit',
        'PreToolUse',
        'PermissionRequest',
        'Notification',
        'Stop',
        'SessionEnd',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...agentStateSchema.options), fc.array(event), (state, events) => {
        assert.ok(agentStateSchema.options.includes(after(state, ...events)));
      }),
    );
  });
});

describe("an agent's state from its screen", () => {
  it('tells that it is ready, works, or asks', () => {
    assert.equal(agentStateOnScreen('starting', 'ready', Infinity), 'idle');
    assert.equal(agentStateOnScreen('idle', 'busy', Infinity), 'busy');
    assert.equal(agentStateOnScreen('starting', 'dialog', Infinity), 'needs-input');
  });

  it('says nothing when it is not known', () => {
    for (const kind of ['starting', 'unknown'] as const)
      assert.equal(agentStateOnScreen('busy', kind, Infinity), 'busy');
  });

  it('does not contradict a hook that spoke just now, but for a dialog', () => {
    assert.equal(agentStateOnScreen('needs-input', 'busy', HOOK_BEATS_SCREEN_MS - 1), 'needs-input');
    assert.equal(agentStateOnScreen('busy', 'ready', 0), 'busy');
    assert.equal(agentStateOnScreen('busy', 'dialog', 0), 'needs-input');
    assert.equal(agentStateOnScreen('needs-input', 'busy', HOOK_BEATS_SCREEN_MS), 'busy');
  });

  it('is not looked for where nothing runs', () =>
    assert.equal(agentStateOnScreen('exited', 'ready', Infinity), 'exited'));
});

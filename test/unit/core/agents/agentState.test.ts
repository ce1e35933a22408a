import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type AgentState,
  agentStateOnScreen,
  DIALOG_DRAWN_WITHIN_MS,
  agentStateSchema,
  HOOK_BEATS_SCREEN_MS,
  nextAgentState,
} from '../../../../src/core/agents/agentState';
import type { HookData } from '../../../../src/core/agents/hookData';

const after = (state: AgentState, ...events: (string | [string, HookData])[]) =>
  events.reduce<AgentState>(
    (now, event) => (typeof event === 'string' ? nextAgentState(now, event, {}) : nextAgentState(now, ...event)),
    state,
  );

describe('nextAgentState', () => {
  it('changes from starting to busy to idle', () => {
    assert.equal(after('starting', 'SessionStart'), 'idle');
    assert.equal(after('starting', 'SessionStart', 'UserPromptSubmit'), 'busy');
    assert.equal(after('starting', 'SessionStart', 'UserPromptSubmit', 'Stop'), 'idle');
  });

  it('returns needs-input during a permission request, and busy once it is granted', () => {
    assert.equal(after('busy', 'PermissionRequest'), 'needs-input');
    assert.equal(after('busy', 'PermissionRequest', 'PostToolUse'), 'busy');
    assert.equal(after('busy', 'PermissionRequest', 'Stop'), 'idle');
    assert.equal(after('busy', ['Notification', { notification: 'permission_prompt' }]), 'needs-input');
  });

  it('does not return needs-input for an idle notification', () => {
    assert.equal(after('idle', ['Notification', { notification: 'idle_prompt' }]), 'idle');
    assert.equal(after('busy', 'Notification'), 'busy');
  });

  it("stays busy when a working agent's conversation is compacted", () =>
    assert.equal(after('busy', 'SessionStart'), 'busy'));
  it('stays idle when the prompt check refused the prompt', () =>
    assert.equal(after('idle', ['UserPromptSubmit', { blockedId: 'cmd_000001' }]), 'idle'));
  it('ignores the end of a conversation: the pane shows the end of the process', () =>
    assert.equal(after('idle', 'SessionEnd'), 'idle'));

  it('ignores a late hook of an exited agent', () => {
    for (const state of ['exited', 'failed'] as const)
      assert.equal(after(state, 'Stop', 'UserPromptSubmit', 'SessionStart'), state);
  });

  it('always returns a valid state, whatever the events', () => {
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

describe('agentStateOnScreen', () => {
  it('distinguishes idle, busy and needs-input', () => {
    assert.equal(agentStateOnScreen('starting', 'ready', Infinity), 'idle');
    assert.equal(agentStateOnScreen('idle', 'busy', Infinity), 'busy');
    assert.equal(agentStateOnScreen('starting', 'dialog', Infinity), 'needs-input');
  });

  it('keeps the state on an unknown screen', () => {
    for (const kind of ['starting', 'unknown'] as const)
      assert.equal(agentStateOnScreen('busy', kind, Infinity), 'busy');
  });

  it('keeps the state of a recent hook report, unless a dialog is open', () => {
    assert.equal(agentStateOnScreen('needs-input', 'busy', HOOK_BEATS_SCREEN_MS - 1), 'needs-input');
    assert.equal(agentStateOnScreen('busy', 'ready', 0), 'busy');
    assert.equal(agentStateOnScreen('busy', 'dialog', 0), 'needs-input');
    assert.equal(agentStateOnScreen('needs-input', 'busy', HOOK_BEATS_SCREEN_MS), 'busy');
  });

  it('waits longer for a dialog that a hook announced and no screen has shown', () => {
    assert.equal(agentStateOnScreen('needs-input', 'busy', DIALOG_DRAWN_WITHIN_MS - 1, true), 'needs-input');
    assert.equal(agentStateOnScreen('needs-input', 'busy', DIALOG_DRAWN_WITHIN_MS, true), 'busy');
    assert.equal(agentStateOnScreen('needs-input', 'ready', HOOK_BEATS_SCREEN_MS, true), 'idle');
  });

  it('keeps the state of an agent that does not run', () =>
    assert.equal(agentStateOnScreen('exited', 'ready', Infinity), 'exited'));
});

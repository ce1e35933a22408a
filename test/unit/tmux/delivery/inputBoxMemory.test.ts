import assert from 'node:assert/strict';
import type { ScreenReading } from '../../../../src/core/agents/agentProfile';
import type { PaneObservation } from '../../../../src/tmux/delivery/composerTyping';
import { InputBoxMemory } from '../../../../src/tmux/delivery/inputBoxMemory';

const seen = (editor?: ScreenReading['editor'], pid = 7): PaneObservation =>
  ({
    state: { pane: '%1', pid },
    reading: { kind: 'ready', composer: {}, dialog: '', queued: false, editor },
    isAgent: true,
  }) as unknown as PaneObservation;

describe('the memory of an input box', () => {
  it('holds while vim takes keys as commands, shown or not, and only in a process that has modes', () => {
    const memory = new InputBoxMemory();
    assert.equal(memory.holdReason(seen(), 0), null);
    assert.equal(memory.holdReason(seen('insert'), 0), null);
    assert.equal(memory.holdReason(seen(), 0), 'editor-mode');
    assert.equal(memory.holdReason(seen('command'), 0), 'editor-mode');
    assert.equal(memory.holdReason(seen('insert'), 0), null);
    assert.equal(memory.holdReason(seen(undefined, 8), 0), null);
  });

  it('holds for a minute, in the same process, where Enter did not submit', () => {
    const memory = new InputBoxMemory();
    memory.onNotSubmitted(seen(), 1000);
    assert.equal(memory.holdReason(seen(), 60_999), 'not-submitting');
    assert.equal(memory.holdReason(seen(undefined, 8), 2000), null);
    assert.equal(memory.holdReason(seen(), 61_000), null);
  });
});

import assert from 'node:assert/strict';
import { isForLater, mayBeTypedWhileBusy, parseWhenBusy } from '../../../../src/core/messages/whenBusy';

const PROVEN = { queuesWhileBusy: true, steers: true };
const QUEUES = { queuesWhileBusy: true };
const NEITHER = { queuesWhileBusy: false };

describe('a message for a working agent', () => {
  it('is steered by default, and by the earlier name of the setting', () => {
    assert.deepEqual(['steer', 'queue', 'hold', undefined].map(parseWhenBusy), ['steer', 'steer', 'hold', 'steer']);
  });

  it('is typed at once where the CLI is proven to take it', () => {
    const typed = (profile: typeof QUEUES, when?: 'now' | 'idle'): boolean =>
      mayBeTypedWhileBusy({ type: 'tmux_message', when }, 'steer', profile);
    assert.deepEqual([typed(PROVEN), typed(QUEUES), typed(NEITHER)], [true, false, false]);
    assert.deepEqual([typed(PROVEN, 'idle'), typed(QUEUES, 'idle')], [false, false]);
  });

  it('is typed into a CLI that only queues if the sender asks for it', () => {
    assert.equal(mayBeTypedWhileBusy({ type: 'tmux_message', when: 'now' }, 'steer', QUEUES), true);
    assert.equal(mayBeTypedWhileBusy({ type: 'tmux_message', when: 'now' }, 'steer', NEITHER), false);
  });

  it('follows its sender before the setting of the team', () => {
    assert.equal(isForLater({ type: 'tmux_message' }, 'hold'), true);
    assert.equal(isForLater({ type: 'tmux_message', when: 'now' }, 'hold'), false);
    assert.equal(isForLater({ type: 'tmux_message', when: 'idle' }, 'steer'), true);
  });

  it('waits for an idle agent as a slash command', () => {
    assert.equal(isForLater({ type: 'slash' }, 'steer'), true);
    assert.equal(mayBeTypedWhileBusy({ type: 'slash', when: 'now' }, 'steer', PROVEN), false);
  });
});

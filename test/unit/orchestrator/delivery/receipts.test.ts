import assert from 'node:assert/strict';
import type { AgentProfile } from '../../../../src/core/agents/agentProfile';
import type { TextProgress } from '../../../../src/orchestrator/conversations/conversationLog';
import { Receipts } from '../../../../src/orchestrator/delivery/receipts';

const profile = { readConversation: () => null } as unknown as AgentProfile;
const READ: TextProgress = { kind: 'read', reading: { turn: 1, began: true, calls: 0 } };

describe('Receipts', () => {
  it('name a text that waits in the CLI’s queue beside the next one in flight, until it is read', async () => {
    const written: (readonly [id: string, queued: string])[] = [];
    let progress: TextProgress = { kind: 'absent' };
    const receipts = new Receipts(
      {
        set: async (_window, id, _phase, _text, _at, queued) => void written.push([id, queued]),
        clear: async () => undefined,
        record: async (_window, id) => (id === 'first' ? { phase: 'received', typedAt: 1, transcript: '' } : null),
        typed: async () => [],
      },
      { onHook: () => undefined, progress: async () => progress },
    );
    await receipts.set(2, 'first', 'typing', 'the first', 1);
    assert.equal(await receipts.receipt(2, 'first', 'the first', profile), 'heard');
    await receipts.set(2, 'stop', 'typing', 'stop', 2);
    progress = { kind: 'queued' };
    assert.equal(await receipts.receipt(2, 'first', 'the first', profile), 'heard');
    await receipts.set(2, 'stop', 'typed', 'stop', 2);
    await receipts.set(3, 'other', 'typing', 'another agent', 2);
    progress = { kind: 'returned' };
    assert.equal(await receipts.receipt(2, 'first', 'the first', profile), 'returned');
    await receipts.set(2, 'stop', 'entered', 'stop', 2);
    progress = READ;
    assert.equal(await receipts.receipt(2, 'first', 'the first', profile), 'received');
    await receipts.set(2, 'stop', 'entered', 'stop', 3);
    assert.deepEqual(written, [
      ['first', ''],
      ['stop', 'the first'],
      ['stop', 'the first'],
      ['other', ''],
      ['stop', 'the first'],
      ['stop', ''],
    ]);
  });
});

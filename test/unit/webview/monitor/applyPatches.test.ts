import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../src/core/team/snapshot';
import type { MonitorPost } from '../../../../src/core/webviews/monitorProtocol';
import { monitorPatch, monitorPost } from '../../../../src/vscode/webviews/monitorModel';
import { SnapshotAssembler } from '../../../../src/webview/monitor/applyPatches';
import { agent, message, sampleSnapshot } from '../../../support/vscode/fakeTeam';

const post = (seq: number, more: Partial<Snapshot> = {}): MonitorPost =>
  monitorPost({ snapshot: sampleSnapshot(more), connected: true, missing: 'none', ready: true, error: null }, seq);
/** Returns the value as it arrives over the channel between extension and webview. */
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const fifty = (works: number) =>
  Array.from({ length: 50 }, (_, i) => agent(i + 2, `agent${i}`, i === works ? 'busy' : 'idle'));
const many = Array.from({ length: 100 }, (_, i) =>
  message(`many${i}`, 'USER', 2, 'A message of some length, as they are', 'received'),
);

describe('SnapshotAssembler', () => {
  let gaps: number;
  let page: SnapshotAssembler;
  beforeEach(() => {
    gaps = 0;
    page = new SnapshotAssembler(() => (gaps += 1));
  });

  it('restores the whole post after any change', () => {
    const snapshots: readonly Partial<Snapshot>[] = [
      {},
      { agents: [agent(0, 'mother', 'busy'), agent(9, 'late', 'starting')] },
      { messages: [message('two', 'USER', 2, 'x', 'queued'), message('one', 'USER', 2, 'x', 'received')] },
      { messages: [message('one', 'USER', 2, 'x', 'received'), message('two', 'USER', 2, 'x', 'received')] },
      { services: [], activity: [] },
      { session: null },
      {},
    ];
    let before = post(0);
    page.take(sent(before));
    for (const [index, more] of snapshots.entries()) {
      const after = post(index + 1, more);
      assert.deepEqual(page.take(sent(monitorPatch(before, after))), sent(after));
      before = after;
    }
    assert.equal(gaps, 0);
  });

  it('gets a small patch when one agent begins to work', () => {
    const patch = monitorPatch(
      post(1, { agents: fifty(-1), messages: many }),
      post(2, { agents: fifty(7), messages: many }),
    );
    assert.deepEqual(
      patch.agents?.changed.map(({ window }) => window),
      [9],
    );
    assert.ok(JSON.stringify(patch).length < JSON.stringify(post(2, { agents: fifty(7), messages: many })).length / 50);
  });

  it('keeps unchanged rows, so that they are not drawn again', () => {
    const before = page.take(sent(post(1, { agents: fifty(-1) }))) as MonitorPost;
    const after = page.take(
      sent(monitorPatch(post(1, { agents: fifty(-1) }), post(2, { agents: fifty(7) }))),
    ) as MonitorPost;
    assert.deepEqual(
      after.agents.flatMap((row, index) => (row === before.agents[index] ? [] : [row.window])),
      [9],
    );
    assert.equal(after.messages, before.messages);
  });

  it('requests a whole post when a patch is missing', () => {
    page.take(sent(post(1)));
    assert.equal(page.take(sent(monitorPatch(post(2), post(3)))), null);
    assert.equal(gaps, 1);
    assert.equal((page.take(sent(post(3))) as MonitorPost).seq, 3);
  });
});

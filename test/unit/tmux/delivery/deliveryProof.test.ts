import assert from 'node:assert/strict';
import type { Composer } from '../../../../src/core/agents/agentProfile';
import { scriptedProfile } from '../../../../src/profiles/scripted';
import { DeliveryProof } from '../../../../src/tmux/delivery/deliveryProof';
import { silentLogger } from '../../../support/loggers';

const TEXT = '[USER → AGENT-2]: work';
const COMPOSER: Composer = { text: TEXT, empty: false, whole: true, rows: [TEXT], columns: 100 };

describe('the wait for the proof of a delivery', () => {
  /** Times of the further Enters, milliseconds, for a CLI that took `delay` to draw a key and shows the text for `ms`. */
  async function entersAgain(delay: number, ms: number): Promise<readonly number[]> {
    let now = 0;
    const enters: number[] = [];
    const ledger = {
      receiptOrTimeout: async (wait: number) => void (now += wait),
      receipt: async () => (now >= ms ? 'received' : null),
    };
    const sight = {
      state: { dead: false, inMode: false, marker: { id: 'x', phase: 'entered' }, screen: { lines: [] } },
      reading: { kind: 'ready', composer: COMPOSER, dialog: '', queued: false },
      isAgent: true,
    };
    const proof = new DeliveryProof(
      { enter: async () => (enters.push(now), 'done') } as never,
      { see: async () => sight, fence: () => ({}), delayOf: () => delay } as never,
      { now: () => now, sleep: async (time) => void (now += time) },
      silentLogger,
      () => undefined,
    );
    const job = { id: 'x', mark: 'x', pane: '%1', profile: scriptedProfile, text: TEXT, epoch: 1, ledger };
    await proof.waitForConfirmation(job as never, new AbortController().signal);
    return enters;
  }

  it('presses Enter again when a CLI that reads its keys at once still shows the text', async () => {
    const [first = Infinity] = await entersAgain(20, 5000);
    assert.ok(first >= 600 && first < 2000, `${first} ms`);
  });

  it('presses Enter again only late on a starved CLI, whose next dialog a second Enter would answer', async () => {
    assert.deepEqual(await entersAgain(900, 7000), []);
    const [first = Infinity] = await entersAgain(900, 20_000);
    assert.ok(first >= 7200, `${first} ms`);
  });
});

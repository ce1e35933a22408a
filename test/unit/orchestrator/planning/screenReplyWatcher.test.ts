import assert from 'node:assert/strict';
import type { Clock } from '../../../../src/core/base/clock';
import type { MessageView } from '../../../../src/core/team/snapshot';
import { ScreenReplyWatcher } from '../../../../src/orchestrator/planning/screenReplyWatcher';

const view = (state: MessageView['state']): MessageView =>
  ({ state, ...(state === 'delivered' ? { endedAt: 1 } : {}) }) as MessageView;

/** A Mother whose message has these states, one per poll; the last one stays. */
function bed(states: readonly (MessageView | null)[]) {
  const said: string[] = [];
  let polls = 0;
  const clock: Clock = { now: () => 0, sleep: () => new Promise((resolve) => setImmediate(resolve)) };
  const mother = new ScreenReplyWatcher({
    message: async () => states[Math.min(polls++, states.length - 1)] ?? null,
    screen: async () => ({ text: 'old\n[TACO → MOTHER]: plan it\n⏺ the plan', ready: true }),
    onSaid: (text) => void said.push(text),
    clock,
  });
  const settle = async (): Promise<void> => {
    for (let n = 0; n < 100; n++) await new Promise((resolve) => setImmediate(resolve));
  };
  return { mother, said, settle, polls: () => polls };
}

describe('a Mother without hook reports', () => {
  it('is read from her screen after the question was sent, without a delivery event', async () => {
    const { mother, said, settle } = bed([null, view('queued'), view('held'), view('entered'), view('delivered')]);
    mother.watch('cmd_000001');
    await settle();
    assert.deepEqual(said, ['[TACO → MOTHER]: plan it\n⏺ the plan']);
    mother.dispose();
  });

  it('is left to her hooks where they report', async () => {
    const { mother, said, settle, polls } = bed([view('entered'), view('received')]);
    mother.watch('cmd_000001');
    await settle();
    assert.deepEqual([said, polls()], [[], 2]);
  });

  it('is not watched any more after the term has ended', async () => {
    const { mother, settle, polls } = bed([view('queued')]);
    mother.watch('cmd_000001');
    await settle();
    mother.dispose();
    mother.watch('cmd_000002');
    const before = polls();
    await settle();
    assert.ok(polls() - before <= 1, 'at most the look that was under way');
  });
});

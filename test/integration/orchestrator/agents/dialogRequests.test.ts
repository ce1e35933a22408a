import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestTeam } from '../../../support/team';

describe('a request that waits for the user', function () {
  this.timeout(60_000);
  const settings = {
    profile: 'scripted',
    autoApprove: true,
    agentEnv: { TACO_SCRIPTED_QUIET: '1', TACO_SCRIPTED_WORK_MS: '50' },
  } as const;
  let bed: TestTeam;

  beforeEach(() => (bed = new TestTeam()));
  afterEach(() => bed.dispose());

  it('outlives its leader unchanged, and its answer reaches the same hook', async () => {
    const first = await bed.open();
    const leader = await bed.engine(first, settings);
    await first.request({
      kind: 'start',
      goal: 'test',
      plan: JSON.stringify({ agents: [{ window: 2, name: 'one', role: 'asks' }] }),
    });
    await bed.until(
      first,
      'opening task received',
      30,
      ({ messages }) => messages.length > 0 && messages.every(({ state }) => state === 'received'),
    );
    await first.send({ from: { kind: 'user' }, to: 'one', text: 'ask for permission' });
    const asked = (await bed.until(first, 'the request', 20, ({ needs }) => needs.length === 1)).needs;
    assert.equal(asked[0]?.kind, 'permission');
    await sleep(2000); // older than a request whose dialog may not be drawn yet

    const second = await bed.open();
    await bed.engine(second, settings);
    await leader.shutdown();
    await bed.until(second, 'another leader', 10, ({ leader: now }) => now !== null);
    await sleep(4000);
    assert.deepEqual((await second.snapshot()).needs, asked);
    await second.answer(asked[0]?.id ?? '', { kind: 'allow' });
    await bed.until(
      second,
      'the turn to be over',
      20,
      ({ needs, agents }) => needs.length === 0 && agents.every(({ status }) => status === 'idle'),
    );
  });
});

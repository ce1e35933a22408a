import assert from 'node:assert/strict';
import { account, holds, newAccount, type Fate, type Got, type Kill, type Sent } from '../../stress/checkInvariants';

const message = (serial: number, fault: string, agent = 'one'): Sent => ({
  id: `cmd_${serial}`,
  fault,
  agent,
  serial,
  prompt: `serial ${serial} of the run`,
});
const got = ({ agent, prompt }: Sent): Got => ({ at: 0, agent, prompt });
const fates = (...states: Fate['state'][]): Map<string, Fate> =>
  new Map(states.map((state, n) => [`cmd_${n + 1}`, { state, endedAt: 0 }]));
const of = (fault: string, sent: Sent[], received: Got[], ends: Map<string, Fate>, kills: Kill[] = []) =>
  account(sent, received, ends, kills).get(fault) ?? newAccount();

describe('the invariants of the stress run', () => {
  it('keeps the promise when each message was received once, in order', () => {
    const sent = [message(1, 'redis'), message(2, 'redis')];
    assert.ok(holds(of('redis', sent, sent.map(got), fates('received', 'received'))));
  });

  it('reports a message that is lost, duplicated, overtaken, damaged or failed', () => {
    const [first, second] = [message(1, 'redis'), message(2, 'redis')];
    const both = [first, second];
    const all = fates('received', 'received');
    assert.deepEqual(of('redis', both, [got(first)], all).lost.length, 1);
    assert.deepEqual(of('redis', both, [got(first), got(first), got(second)], all).duplicates.length, 1);
    assert.deepEqual(of('redis', both, [got(second), got(first)], all).outOfOrder.length, 1);
    assert.deepEqual(of('redis', both, [got(first), { ...got(second), prompt: 'serial 2 of' }], all).damaged.length, 1);
    for (const counts of [
      of('redis', both, [got(first)], all),
      of('redis', both, both.map(got), fates('received', 'dead')),
    ])
      assert.ok(!holds(counts));
  });

  it('lets a killed pane leave one message in doubt, and no more; a killed leader none', () => {
    const sent = [message(1, 'agent'), message(2, 'agent')];
    const kill: Kill = { fault: 'agent', agent: 'one', at: 0 };
    assert.ok(holds(of('agent', sent, [got(message(1, 'agent'))], fates('received', 'uncertain'), [kill])));
    assert.ok(holds(of('agent', sent, [], fates('uncertain', 'uncertain'), [kill, kill])));
    assert.ok(!holds(of('agent', sent, [], fates('uncertain', 'uncertain'), [kill])));
    assert.ok(!holds(of('consumer', [message(1, 'consumer')], [], fates('uncertain'))));
    assert.ok(
      !holds(of('agent', sent, [], fates('uncertain', 'received'), [{ ...kill, agent: 'two' }])),
      'another agent’s kill explains nothing',
    );
  });
});

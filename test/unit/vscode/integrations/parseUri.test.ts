import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../src/core/team/snapshot';
import { linkRequest } from '../../../../src/vscode/integrations/parseUri';
import { toolResult } from '../../../../src/vscode/integrations/toolResults';
import { agent, message, sampleSnapshot } from '../../../support/vscode/fakeTeam';

describe('A URI of TACO', () => {
  it("opens the monitor, the plan, an agent's terminal", () => {
    assert.deepEqual(linkRequest('/monitor', ''), { kind: 'command', command: 'taco.openMonitor' });
    assert.deepEqual(linkRequest('/plan/', ''), { kind: 'command', command: 'taco.reviewPlan' });
    assert.deepEqual(linkRequest('/agent/api', ''), { kind: 'terminal', agent: 'api' });
  });

  it('proposes a message of limited length', () => {
    assert.deepEqual(linkRequest('/message/api', 'text=Use%20v2'), { kind: 'message', agent: 'api', text: 'Use v2' });
    const long = linkRequest('/message/api', `text=${'x'.repeat(100_000)}`);
    assert.ok(long?.kind === 'message' && long.text.length <= 4000);
  });

  it('requests nothing else', () => {
    for (const path of ['', '/', '/start', '/agent', '/agent/a/b', `/agent/${'x'.repeat(500)}`, '/stop/api'])
      assert.equal(linkRequest(path, ''), null, path);
  });
});

describe('A language model tool', () => {
  const team: Snapshot = sampleSnapshot({
    agents: [agent(0, 'mother', 'idle'), agent(2, 'api', 'busy', { activity: 'Editing a.ts' })],
    messages: [
      message('one111', 'USER', 2, 'Hello', 'received'),
      message('two222', 'AGENT-2', 0, 'Done', 'held', 'busy', 1000),
    ],
  });

  it('reports plainly that no team runs', () => {
    assert.match(JSON.stringify(toolResult('taco_agents', null, {})), /No TACO team runs/);
  });

  it('reports the activity of each agent', () => {
    const { agents } = toolResult('taco_agents', team, {}) as { agents: { name: string; doing: string }[] };
    assert.deepEqual(
      agents.map(({ name, doing }) => [name, doing]),
      [
        ['Mother', ''],
        ['api', 'Editing a.ts'],
      ],
    );
  });

  it('returns the newest messages first, of one agent, in the requested number, whatever a model passes', () => {
    const texts = (input: unknown) =>
      (toolResult('taco_messages', team, input) as { messages: { text: string }[] }).messages.map(({ text }) => text);
    assert.deepEqual(texts({}), ['Done', 'Hello']);
    assert.deepEqual(texts({ limit: 1 }), ['Done']);
    assert.deepEqual(texts({ agent: 'Mother' }), ['Done']);
    for (const garbage of [null, 'x', { limit: -1, agent: 7 }, { limit: 'many' }, []])
      assert.equal(texts(garbage).length, 2);
  });
});

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Team } from '../../../../src/team/team';
import { TestTeam } from '../../../support/team';

describe('a conversation that is too long for its model', function () {
  this.timeout(90_000);
  let bed: TestTeam;
  let team: Team;
  let log: string;
  let limitFile: string;
  const send = (to: string, text: string): Promise<unknown> => team.send({ from: { kind: 'user' }, to, text });
  const prompts = (): readonly { agent: string; prompt: string; refused?: boolean }[] =>
    readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { agent: string; prompt: string; refused?: boolean });

  before(async () => {
    bed = new TestTeam();
    team = await bed.open();
    log = join(bed.dir, 'received.jsonl');
    limitFile = join(bed.dir, 'limit.json');
    const agentEnv = {
      TACO_SCRIPTED_RECEIVED: log,
      TACO_SCRIPTED_LIMIT: limitFile,
      TACO_SCRIPTED_QUIET: '1',
      TACO_SCRIPTED_WORK_MS: '50',
    };
    await bed.engine(team, { profile: 'scripted', autoApprove: true, agentEnv });
    const agents = [2, 3].map((window) => ({ window, name: `agent${window}`, role: 'worker', task: 'be quick' }));
    await team.request({ kind: 'start', goal: 'test', plan: JSON.stringify({ agents }) });
    await bed.until(
      team,
      'all idle',
      40,
      (snapshot) =>
        snapshot.agents.length === 3 &&
        snapshot.agents.every(({ status }) => status === 'idle') &&
        snapshot.messages.every(({ state }) => state === 'received'),
    );
  });
  after(() => bed.dispose());

  it('is shortened once, before any waiting message, and the agent goes on', async () => {
    const message = 'Context limit reached · /compact or /clear to continue';
    writeFileSync(limitFile, JSON.stringify({ until: Date.now() + 3_600_000, error: 'invalid_request', message }));
    await send('agent2', 'far too much');
    await send('agent2', 'and more');
    const { limits, messages } = await bed.until(
      team,
      'all received',
      40,
      (snapshot) =>
        snapshot.messages.filter(({ message: text }) => text.includes('cut short')).length === 1 &&
        snapshot.messages.every(({ state }) => state === 'received' || state === 'delivered') &&
        snapshot.agents[1]?.status === 'idle',
    );
    assert.equal(limits, undefined, 'the account is not limited');
    assert.deepEqual(
      messages.filter(({ target }) => target === 'user').map((each) => each.message),
      [],
      'the user need not act',
    );
    assert.equal(messages.filter(({ type }) => type === 'slash').length, 1);
    const own = prompts().filter(({ agent }) => agent === 'agent2');
    assert.equal(own.filter(({ prompt }) => prompt.endsWith('and more')).length, 1);
    // A text that was typed while the agent worked stood in the CLI's own queue.
    assert.ok(own.filter(({ refused }) => refused).length <= 2, 'nothing is burnt');
  });
});

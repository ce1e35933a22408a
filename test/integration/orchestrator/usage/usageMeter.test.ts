import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../../../src/core/models';
import type { Team } from '../../../../src/team/team';
import { TestTeam } from '../../../support/team';

const agent = (window: number, name: string, task: string): Plan['agents'][number] => ({
  window,
  name,
  role: `the ${name}`,
  task,
  depends_on: [],
  notifies: [],
  wait_for: [],
});

describe('the costs of a team', function () {
  this.timeout(60_000);
  let bed: TestTeam;
  let team: Team;
  let log: string;

  before(async () => {
    bed = new TestTeam();
    team = await bed.open();
    log = join(bed.dir, 'received.jsonl');
    const transcripts = join(bed.dir, 'transcripts');
    mkdirSync(transcripts);
    // A turn is 100,000 tokens at $5 per million: half a dollar.
    const agentEnv = {
      TACO_SCRIPTED_RECEIVED: log,
      TACO_SCRIPTED_TRANSCRIPTS: transcripts,
      TACO_SCRIPTED_TOKENS: '100000',
      TACO_SCRIPTED_QUIET: '1',
      TACO_SCRIPTED_WORK_MS: '50',
    };
    await bed.engine(team, { profile: 'scripted', autoApprove: true, agentEnv, budget: 3 });
    await team.request({
      kind: 'start',
      goal: 'test',
      plan: JSON.stringify({ agents: [agent(2, 'one', 'be quick'), agent(3, 'two', 'be quick')] }),
    });
  });
  after(() => bed.dispose());

  it('are counted for each agent and for the team, from the transcripts that its hooks name', async () => {
    // Mother, one and two had a turn each.
    const { agents, usage } = await bed.until(team, 'all counted', 20, (snapshot) => snapshot.usage?.cost === 1.5);
    assert.deepEqual(
      agents.map(({ name, usage: own }) => [name, own?.input, own?.cost]),
      [
        ['mother', 1e5, 0.5],
        ['one', 1e5, 0.5],
        ['two', 1e5, 0.5],
      ],
    );
    assert.equal(usage?.guessed, false);
  });

  it('are reported to the user at 80 % of the budget, once', async () => {
    for (const text of ['first', 'second']) {
      const [sent] = await team.send({ from: { kind: 'user' }, to: 'one', text });
      await team.waitFor(sent?.id ?? '', 'received', 20_000);
    }
    await bed.until(team, '$2.50 counted', 10, ({ usage }) => usage?.cost === 2.5);
    const inbox = await bed.until(team, 'told', 10, ({ messages }) =>
      messages.some(({ target, message }) => target === 'user' && /\$2\.50 of its budget of \$3\.00/.test(message)),
    );
    assert.equal(inbox.session?.spent ?? '', '');
  });

  it('stop the team when the budget is spent: working agents are interrupted, nothing is typed, and the reason is reported', async () => {
    const [long] = await team.send({ from: { kind: 'user' }, to: 'two', text: 'work for 300 seconds' });
    await team.waitFor(long?.id ?? '', 'received', 20_000);
    // The meter finds it during the turn: no hook reports before the end.
    const { session } = await bed.until(
      team,
      'spent',
      20,
      (snapshot) =>
        snapshot.session?.spent === 'true' &&
        snapshot.session.interrupted === '3' &&
        snapshot.agents[2]?.status === 'idle',
    );
    assert.match(session?.detail ?? '', /The budget of \$3\.00 is used up \(\$3\.00\)/);
    await team.send({ from: { kind: 'user' }, to: 'one', text: 'and another thing' });
    const held = await bed.until(team, 'held', 10, ({ messages }) =>
      messages.some(
        ({ message, state, reason }) => message.endsWith('another thing') && state === 'held' && reason === 'budget',
      ),
    );
    assert.equal(held.usage?.cost, 3);
  });

  it('allow held messages after a raise, and continue the interrupted agents', async () => {
    await team.request({ kind: 'budget', usd: 10 });
    const { session } = await bed.until(team, 'all received', 20, ({ messages }) =>
      messages.filter(({ target }) => target !== 'user').every(({ state }) => state === 'received'),
    );
    assert.deepEqual([session?.spent, session?.detail, session?.budget], ['', '', '10']);
    const prompts = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { agent: string; prompt?: string });
    assert.ok(
      prompts.some(({ agent: who, prompt }) => who === 'two' && /Go on with what you were doing/.test(prompt ?? '')),
    );
    assert.equal(prompts.filter(({ prompt }) => prompt?.endsWith('another thing')).length, 1);
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Snapshot } from '../../../../src/core/team/snapshot';
import type { EngineSettings } from '../../../../src/team/engineSettings';
import type { Team } from '../../../../src/team/team';
import { TestTeam } from '../../../support/team';

describe('a message in the queue of an agent’s CLI while the leader changes', function () {
  this.timeout(180_000);
  let bed: TestTeam;
  let team: Team;
  let log: string;

  const stateOf = ({ messages }: Snapshot, text: string): string | undefined => {
    const found = messages.find((each) => each.message.endsWith(text));
    return found && `${found.state} ${found.reason}`.trim();
  };
  const prompts = (): readonly string[] =>
    readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { prompt?: string }).prompt ?? '');
  const settings = (): Partial<EngineSettings> => ({
    profile: 'scripted',
    autoApprove: true,
    agentEnv: { TACO_SCRIPTED_RECEIVED: log, TACO_SCRIPTED_QUIET: '1', TACO_SCRIPTED_WORK_MS: '50' },
  });

  before(() => {
    bed = new TestTeam();
    log = join(bed.dir, 'received.jsonl');
  });
  after(() => bed.dispose());

  it('is received once, under the next leader', async () => {
    team = await bed.open();
    const first = await bed.engine(team, settings());
    await team.request({
      kind: 'start',
      goal: 'test',
      plan: JSON.stringify({ agents: [{ window: 2, name: 'one', role: 'the one' }] }),
    });
    await bed.until(
      team,
      'ready',
      60,
      ({ agents }) => agents.length === 2 && agents.every(({ status }) => status === 'idle'),
    );
    await team.send({ from: { kind: 'user' }, to: 'one', text: 'work for 300 seconds' });
    await bed.until(team, 'busy', 60, ({ agents }) => agents[1]?.status === 'busy');
    await team.send({ from: { kind: 'user' }, to: 'one', text: 'the port has changed' });
    await team.send({ from: { kind: 'user' }, to: 'one', text: 'and the host' });
    await bed.until(
      team,
      'queued',
      60,
      (now) => stateOf(now, 'the port has changed') === 'delivered queued in the CLI',
    );

    first.dispose();
    const next = await bed.engine(team, settings());
    const { agents } = await bed.until(team, 'led again', 60, ({ leader }) => leader !== null && next.leading);
    await bed.until(
      team,
      'still queued',
      60,
      (now) => stateOf(now, 'the port has changed') === 'delivered queued in the CLI',
    );
    await bed.press(
      agents[1]?.pane ?? '',
      'Escape',
      'the end of the turn',
      async () => stateOf(await team.snapshot(), 'the port has changed') === 'received',
    );
    await bed.until(team, 'all received', 60, ({ messages }) => messages.every(({ state }) => state === 'received'));
    const got = prompts().filter((prompt) => /port|host/.test(prompt));
    assert.deepEqual(got, ['[USER → AGENT-2]: the port has changed', '[USER → AGENT-2]: and the host']);
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../../../src/orchestrator/engine';
import type { EngineSettings } from '../../../../src/team/engineSettings';
import type { Team } from '../../../../src/team/team';
import { TestTeam } from '../../../support/team';

describe('a team that the user pauses', function () {
  this.timeout(90_000);
  let bed: TestTeam;
  let team: Team;
  let engine: Engine;
  let log: string;
  const settings = (): Partial<EngineSettings> => ({
    profile: 'scripted',
    autoApprove: true,
    agentEnv: { TACO_SCRIPTED_RECEIVED: log, TACO_SCRIPTED_QUIET: '1', TACO_SCRIPTED_WORK_MS: '50' },
  });
  const send = (to: string, text: string): Promise<unknown> => team.send({ from: { kind: 'user' }, to, text });
  const prompts = (): readonly { agent: string; prompt: string }[] =>
    readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { agent: string; prompt: string });

  before(async () => {
    bed = new TestTeam();
    team = await bed.open();
    log = join(bed.dir, 'received.jsonl');
    engine = await bed.engine(team, settings());
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

  it('interrupts working agents and holds all messages, also under the next leader', async () => {
    await send('agent2', 'work for 300 seconds');
    await bed.until(team, 'busy', 20, ({ agents }) => agents[1]?.status === 'busy');
    await team.request({ kind: 'pause-team' });
    await bed.until(
      team,
      'interrupted',
      20,
      ({ session, agents }) => session?.pausedWindows === '2' && agents[1]?.status === 'idle',
    );
    await team.request({ kind: 'pause-team' }); // a repeat changes nothing
    engine.dispose();
    engine = await bed.engine(team, settings());
    await bed.until(team, 'led again', 20, () => engine.leading);
    await send('agent3', 'later');
    const { session } = await bed.until(team, 'held', 20, ({ messages }) =>
      messages.some(
        ({ message, state, reason }) => message.endsWith('later') && state === 'held' && reason === 'paused',
      ),
    );
    assert.deepEqual([session?.pausedWindows, session?.detail.startsWith('You paused the team')], ['2', true]);
  });

  it('delivers what waited, and asks interrupted agents once to go on', async () => {
    await team.request({ kind: 'resume-team' });
    await team.request({ kind: 'resume-team' });
    const { session } = await bed.until(
      team,
      'all received',
      30,
      // The receipt comes before the agent's own record.
      (snapshot) =>
        snapshot.session?.paused === '' &&
        snapshot.messages.every(({ state }) => state === 'received') &&
        ['later', 'the user paused the team'].every((text) => prompts().some(({ prompt }) => prompt.includes(text))),
    );
    assert.equal(session?.detail, '');
    assert.equal(prompts().filter(({ prompt }) => prompt.endsWith('later')).length, 1);
    assert.deepEqual(
      prompts()
        .filter(({ prompt }) => prompt.includes('the user paused the team'))
        .map(({ agent }) => agent),
      ['agent2'],
    );
  });
});

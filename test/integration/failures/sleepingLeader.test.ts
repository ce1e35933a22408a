import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Snapshot } from '../../../src/core/team/snapshot';
import type { Team } from '../../../src/team/team';
import { agent } from '../../support/planBuilders';
import { receivedPrompts } from '../../support/receivedPrompts';
import { SLOW_MACHINE_FACTOR } from '../../support/slowMachine';
import { areAllReceived, phaseIs } from '../../support/snapshotChecks';
import { TestTeam } from '../../support/team';
import { waitUntil } from '../../support/waitUntil';

describe('a leader that slept', function () {
  this.timeout(60_000);
  let bed: TestTeam;
  let team: Team;
  let received: string;
  const texts = Array.from({ length: 10 }, (_, n) => `number ${n}`);
  let sleeper: ChildProcess | undefined;
  let ids: string[];

  beforeEach(async () => {
    bed = new TestTeam();
    received = join(bed.dir, 'received.jsonl');
    team = await bed.open();
  });
  afterEach(async () => {
    sleeper?.kill('SIGKILL');
    await bed.dispose();
  });

  /** Suspends a process that leads a team with messages in flight. */
  async function asleep(): Promise<Snapshot> {
    sleeper = spawn(
      process.execPath,
      [
        'dist/taco.js',
        'up',
        '--project',
        bed.project,
        '--socket',
        bed.socket,
        '--profile',
        'scripted',
        '--plan',
        '-',
        '--yes',
      ],
      {
        env: { ...bed.env, TACO_SCRIPTED_QUIET: '1', TACO_SCRIPTED_RECEIVED: received, TACO_SCRIPTED_WORK_MS: '50' },
        stdio: ['pipe', 'ignore', 'ignore'],
      },
    );
    sleeper.stdin?.end(JSON.stringify({ agents: [agent(2, 'one')] }));
    await bed.until(team, 'running', 20, phaseIs('running'));
    const before = await bed.until(team, 'opening tasks received', 20, areAllReceived);
    ids = [];
    for (const text of texts)
      ids.push(...(await team.send({ from: { kind: 'user' }, to: 'one', text })).map(({ id }) => id));
    await bed.until(team, 'the second received', 20, ({ messages }) =>
      messages.some(({ id, state }) => id === ids[1] && state === 'received'),
    );
    sleeper.kill('SIGSTOP');
    return before;
  }

  async function allGotOnce(): Promise<void> {
    await bed.until(team, 'all received', 30, ({ messages }) =>
      ids.every((id) => messages.find((message) => message.id === id)?.state === 'received'),
    );
    // The receipt comes before the model is called.
    const got = (): string[] => receivedPrompts(received, 'one');
    await waitUntil(() => got().length >= texts.length, 5000, 'the calls of the model');
    assert.deepEqual(got(), texts);
  }

  it('types nothing when it wakes, and its successor loses and duplicates nothing', async () => {
    await asleep();
    await bed.engine(team, {
      profile: 'scripted',
      autoApprove: true,
      agentEnv: { TACO_SCRIPTED_QUIET: '1', TACO_SCRIPTED_RECEIVED: received, TACO_SCRIPTED_WORK_MS: '50' },
    });
    const at = Date.now();
    await bed.until(team, 'another leader', 8, ({ leader }) => leader?.endsWith(`:${process.pid}`) ?? false);
    const took = Date.now() - at;
    assert.ok(took < 6000 * SLOW_MACHINE_FACTOR, `took ${took} ms`);
    sleeper?.kill('SIGCONT');
    await allGotOnce();
    assert.ok((await team.snapshot()).leader?.endsWith(`:${process.pid}`), 'the successor still leads');
  });

  it('continues with another epoch and unchanged agents when no other process leads', async () => {
    const before = await asleep();
    const epoch = Number(await team.redis.call('GET', team.keys.epoch));
    await bed.until(team, 'its lease run out', 8, ({ leader }) => leader === null);
    sleeper?.kill('SIGCONT');
    await allGotOnce();
    const after = await team.snapshot();
    assert.ok(Number(await team.redis.call('GET', team.keys.epoch)) > epoch);
    assert.deepEqual(
      after.agents.map(({ pane, startedAt }) => [pane, startedAt]),
      before.agents.map(({ pane, startedAt }) => [pane, startedAt]),
    );
  });
});

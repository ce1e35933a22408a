import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { substituteOf } from '../../../../src/core/plan/substitute';
import { scriptedProfile } from '../../../../src/profiles/scripted';
import type { Team } from '../../../../src/team/team';
import { TestTeam } from '../../../support/team';

const HOUR = 60 * 60_000;

interface Line {
  readonly agent: string;
  readonly prompt?: string;
  readonly refused?: boolean;
}

describe('the fallbacks of agents', function () {
  this.timeout(240_000);
  let bed: TestTeam;
  let team: Team;
  let limitFile: string;
  let log: string;

  const lines = (): readonly Line[] =>
    readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  const answered = (text: string): number =>
    lines().filter(({ prompt, refused }) => prompt?.includes(text) && !refused).length;

  before(async () => {
    bed = new TestTeam();
    // Only agents of the account get the variable to which it refers.
    bed.env['SECOND_NAME'] = 'second';
    limitFile = join(bed.dir, 'limit.json');
    log = join(bed.dir, 'received.jsonl');
    writeFileSync(log, '');
    team = await bed.open();
    await bed.engine(team, {
      profile: 'scripted',
      autoApprove: true,
      onLimit: 'fallback',
      profiles: [{ ...scriptedProfile, name: 'other', account: () => 'other' }],
      accounts: { second: { TACO_SCRIPTED_ACCOUNT: '${env:SECOND_NAME}', TACO_SCRIPTED_LIMIT: '' } },
      agentEnv: {
        TACO_SCRIPTED_RECEIVED: log,
        TACO_SCRIPTED_LIMIT: limitFile,
        TACO_SCRIPTED_QUIET: '1',
        TACO_SCRIPTED_WORK_MS: '50',
      },
    });
    const plan = JSON.stringify({
      agents: [
        { window: 2, name: 'one', role: 'moves', task: 'be quick', fallback: [{ account: 'second' }] },
        { window: 3, name: 'two', role: 'waits', task: 'be quick' },
        {
          window: 5,
          name: 'four',
          role: 'is replaced',
          task: 'be quick',
          fallback: [{ profile: 'other', account: 'second' }],
        },
        {
          window: 4,
          name: 'three',
          role: 'moves',
          task: 'be quick',
          fallback: [{ account: 'none' }, { account: 'second' }],
        },
      ],
    });
    await team.request({ kind: 'start', goal: 'test', plan });
    await bed.until(
      team,
      'all received',
      90,
      ({ agents, messages }) =>
        agents.length === 5 &&
        messages.length > 3 &&
        messages.every(({ state }) => state === 'received') &&
        agents.every(({ status }) => status === 'idle'),
    );
  });
  after(() => bed.dispose());

  it('continue a refused turn with another account and the same conversation, while others wait', async () => {
    const conversation = (await team.snapshot()).agents[1]?.sessionId;
    const until = Date.now() + HOUR;
    writeFileSync(
      limitFile,
      JSON.stringify({ until, message: `Claude AI usage limit reached|${Math.round(until / 1000)}` }),
    );
    await team.send({ from: { kind: 'user' }, to: 'one', text: 'begin the work' });
    await bed.until(team, 'moved', 60, ({ agents }) => agents[1]?.account === 'scripted second');
    await team.send({ from: { kind: 'user' }, to: 'two', text: 'wait for it' });
    await bed.until(team, 'goes on', 60, () => answered('You run with another account or model now') === 1);
    const { agents, messages, activity } = await team.snapshot();
    assert.equal(agents[1]?.sessionId, conversation);
    assert.deepEqual(substituteOf(agents[1] ?? null), { account: 'second' });
    assert.equal(messages.find(({ message }) => message.endsWith('wait for it'))?.reason, 'limited');
    assert.ok(activity.some(({ text }) => /^one continues with scripted, account second/.test(text)));
    assert.equal(answered('begin the work'), 0, 'typed again');
    const script = (window: number): string => readFileSync(bed.paths.launchScript(team.projectId, window), 'utf8');
    assert.match(script(2), /TACO_SCRIPTED_ACCOUNT/);
    for (const window of [0, 2, 3]) assert.ok(!script(window).includes('SECOND_NAME'), String(window));
    assert.ok(!script(3).includes('TACO_SCRIPTED_ACCOUNT'));
  });

  it('get a message that waits for a limited agent, past an account that does not exist', async () => {
    await team.send({ from: { kind: 'user' }, to: 'three', text: 'work on this' });
    await bed.until(team, 'received', 60, () => answered('work on this') === 1);
    assert.equal((await team.snapshot()).agents[3]?.account, 'scripted second');
  });

  it('hand the task over to another CLI, with the messages that wait', async () => {
    await team.send({ from: { kind: 'user' }, to: 'four', text: 'the next thing' });
    await bed.until(team, 'received', 60, () => answered('the next thing') === 1);
    const script = readFileSync(bed.paths.launchScript(team.projectId, 5), 'utf8');
    assert.match(script, /You take over from scripted.*Your task: be quick.*1 waiting message follows/s);
    await bed.until(team, 'goes on', 60, () => answered('You took over the task of another agent CLI') === 1);
    assert.equal((await team.snapshot()).agents[4]?.profile, 'other');
  });

  it('are left when the limit is over', async () => {
    writeFileSync(limitFile, JSON.stringify({ until: 0, message: '' }));
    await team.request({ kind: 'resume-team' });
    await bed.until(team, 'two got its message', 60, () => answered('wait for it') === 1);
    const { agents } = await bed.until(team, 'back', 90, (now) =>
      now.agents.every(({ account }) => account === 'scripted'),
    );
    assert.deepEqual(
      agents.map((agent) => substituteOf(agent)),
      [null, null, null, null, null],
    );
    assert.equal(lines().filter(({ refused }) => refused).length, 1);
  });
});

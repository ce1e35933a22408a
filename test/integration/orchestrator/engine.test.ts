import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plan } from '../../../src/core/models';
import type { Snapshot } from '../../../src/core/team/snapshot';
import { isRunning } from '../../../src/redis/server/processes';
import { pidOf } from '../../../src/redis/server/redisServer';
import type { Team } from '../../../src/team/team';
import { agent } from '../../support/planBuilders';
import { SLOW_MACHINE_FACTOR } from '../../support/slowMachine';
import { areAllReceived } from '../../support/snapshotChecks';
import { TestTeam } from '../../support/team';
import { waitUntil } from '../../support/waitUntil';

const planText = (...agents: Plan['agents']): string => JSON.stringify({ agents });

describe('the engine, with scripted agents on a real Redis and a real tmux', function () {
  this.timeout(60_000);
  let bed: TestTeam;
  let team: Team;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    bed = new TestTeam();
    team = await bed.open();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await bed.dispose();
  });

  /** Starts a session with running agents; the plan comes from the user. */
  async function running(...agents: Plan['agents']): Promise<Snapshot> {
    await bed.engine(team, { profile: 'scripted', autoApprove: true, agentEnv: { TACO_SCRIPTED_QUIET: '1' } });
    await team.request({ kind: 'start', goal: 'test', plan: planText(...agents) });
    await bed.until(team, 'running', 20, ({ session }) => session?.phase === 'running');
    return bed.until(team, 'opening tasks received', 20, areAllReceived);
  }

  async function sendAndReceive(to: string, text: string): Promise<void> {
    const [sent] = await team.send({ from: { kind: 'user' }, to, text });
    assert.ok(sent);
    const message = await team.waitFor(sent.id, 'received', 20_000);
    assert.equal(message.state, 'received', bed.describe(await team.snapshot()));
  }

  it('refuses a second session for the same project and leaves the first alone', async () => {
    const before = await running(agent(2, 'one'));
    await assert.rejects(team.request({ kind: 'start', goal: 'another' }), /already runs/);
    // Another process may have sent the request before it could know of the session.
    await team.store.postRequest({ kind: 'start', goal: 'another' });
    const after = await bed.until(team, 'the refusal told', 10, ({ activity }) =>
      activity.some(({ text }) => text.includes('already runs')),
    );
    assert.deepEqual([after.session?.phase, after.session?.tmux_session], ['running', before.session?.tmux_session]);
  });

  it('leaves nothing behind when the agent command does not exist', async () => {
    await bed.engine(team, { profile: 'scripted', agentCommand: '/nowhere/agent' });
    await team.request({ kind: 'start', goal: 'x' });
    const { session, agents } = await bed.until(team, 'failed', 10, (snapshot) => snapshot.session?.phase === 'failed');
    assert.match(session?.detail ?? '', /"\/nowhere\/agent" was not found/);
    assert.equal(agents.length, 0);
    assert.throws(() => bed.tmux('list-sessions'));
  });

  it('closes the windows it made when an agent of the team cannot be launched', async () => {
    await bed.engine(team, { profile: 'scripted' });
    await team.request({ kind: 'start', goal: 'x', plan: planText(agent(2, 'one'), agent(3, 'two')) });
    const { session } = await bed.until(team, 'review', 20, (snapshot) => snapshot.session?.phase === 'review');
    const name = session?.tmux_session ?? '';
    bed.tmux('new-window', '-d', '-t', `=${name}:3`, 'sleep', '100'); // a user's own window is where the plan wants one
    await team.request({ kind: 'approve', plan: JSON.parse(planText(agent(2, 'one'), agent(3, 'two'))) as Plan });
    const after = await bed.until(team, 'the failure told', 20, (snapshot) =>
      /could not be launched|index 3 in use/.test(snapshot.session?.detail ?? ''),
    );
    assert.equal(after.session?.phase, 'review');
    assert.deepEqual(
      after.agents.map(({ name: agentName }) => agentName),
      ['mother'],
    );
    assert.deepEqual(bed.tmux('list-windows', '-t', `=${name}`, '-F', '#{window_index}').trim().split('\n'), [
      '0',
      '1',
      '3',
    ]);
  });

  it('sends Mother the problems of her plan, and accepts the corrected one', async () => {
    const plans = join(bed.dir, 'plans.json');
    const block = (text: string): string => `AGENT_SPEC_JSON_START\n${text}\nAGENT_SPEC_JSON_END`;
    writeFileSync(
      plans,
      JSON.stringify([
        'I would rather not.',
        block(planText(agent(2, 'one'), agent(2, 'two'))),
        block(planText(agent(2, 'one'))),
      ]),
    );
    await bed.engine(team, { profile: 'scripted', agentEnv: { TACO_SCRIPTED_PLANS: plans } });
    await team.request({ kind: 'start', goal: 'x' });
    const { plan, messages } = await bed.until(team, 'a valid plan', 30, ({ session }) => session?.phase === 'review');
    assert.deepEqual([plan?.status, plan?.attempt], ['proposed', 3]);
    const notices = messages
      .filter(({ target }) => target.endsWith(':0'))
      .map(({ message }) => message)
      .join('\n');
    assert.match(notices, /attempt 2 of 3/);
    assert.match(notices, /one.*two|two.*one/s);
  });

  it('reads the plan from the screen of a Mother without hook reports', async () => {
    // The shim that hooks run is replaced by one that does nothing, as for a CLI without hooks.
    await bed.engine(team, { profile: 'scripted', tacoCommand: ['/bin/true'] });
    await team.request({ kind: 'start', goal: 'a quiet team' });
    const { plan } = await bed.until(team, 'a valid plan', 50, ({ session }) => session?.phase === 'review');
    assert.deepEqual([plan?.status, plan?.attempt, (plan?.plan?.agents.length ?? 0) > 1], ['proposed', 1, true]);
  });

  it('stops after three plans and shows the user the problems', async () => {
    const plans = join(bed.dir, 'plans.json');
    writeFileSync(plans, JSON.stringify(['no', 'no', 'no']));
    await bed.engine(team, { profile: 'scripted', agentEnv: { TACO_SCRIPTED_PLANS: plans } });
    await team.request({ kind: 'start', goal: 'x' });
    const { plan, session } = await bed.until(team, 'given up', 30, (snapshot) => snapshot.session?.phase === 'review');
    assert.deepEqual(
      [plan?.status, plan?.problems.map(({ code }) => code), session?.detail],
      ['invalid', ['block-missing'], 'Mother printed no valid plan in 3 attempts.'],
    );
  });

  it('keeps to the pane when its window is renamed, moved, swapped and split, and reports these changes', async () => {
    const { session } = await running(agent(2, 'one'), agent(3, 'two'));
    const name = session?.tmux_session ?? '';
    bed.tmux('rename-window', '-t', `=${name}:2`, 'renamed');
    bed.tmux('swap-window', '-s', `=${name}:2`, '-t', `=${name}:3`);
    await bed.until(team, 'the swap told', 5, ({ activity }) =>
      activity.some(({ text }) => text === "two's window was moved from 3 to 2"),
    );
    bed.tmux('move-window', '-s', `=${name}:3`, '-t', `=${name}:9`);
    bed.tmux('split-window', '-v', '-t', `=${name}:9`, 'tail', '-f', '/dev/null');
    const notices = [
      "one's window was renamed to “renamed”",
      "one's window was moved from 3 to 9",
      "one's window was split; messages go to the agent's own pane",
    ];
    await bed.until(team, 'the changes told', 5, ({ activity }) =>
      notices.every((each) => activity.some(({ text }) => text === each)),
    );
    await sendAndReceive('one', 'still you?');
    const { agents } = await team.snapshot();
    const option = bed.tmux(
      'capture-pane',
      '-p',
      '-t',
      agents.find(({ name: agentName }) => agentName === 'one')?.pane ?? '',
    );
    assert.match(option, /\[USER → AGENT-2\]: still you\?/);
  });

  it('detects that an agent ended, holds its messages, and delivers them once it is relaunched', async () => {
    const { agents } = await running(agent(2, 'one'));
    const before = agents.find(({ name }) => name === 'one');
    process.kill(Number(bed.tmux('display-message', '-p', '-t', before?.pane ?? '', '#{pane_pid}')), 'SIGKILL');
    await bed.until(team, 'exited', 3, (snapshot) =>
      snapshot.agents.some(({ name, status }) => name === 'one' && status === 'exited'),
    );
    const [sent] = await team.send({ from: { kind: 'user' }, to: 'one', text: 'for your next life' });
    await bed.until(team, 'held', 5, ({ messages }) =>
      messages.some(({ id, state, reason }) => id === sent?.id && state === 'held' && reason === 'exited'),
    );
    await team.request({ kind: 'relaunch', window: 2 });
    assert.equal((await team.waitFor(sent?.id ?? '', 'received', 20_000)).state, 'received');
    const after = (await team.snapshot()).agents.find(({ name }) => name === 'one');
    assert.deepEqual([after?.pane, after?.sessionId], [before?.pane, before?.sessionId]);
  });

  it('takes over within 6 s after a kill of another engine, and no message is lost or duplicated', async () => {
    const child = spawn(
      process.execPath,
      [
        resolve('dist/taco.js'),
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
      { env: { ...bed.env, TACO_SCRIPTED_QUIET: '1' }, stdio: ['pipe', 'ignore', 'ignore'] },
    );
    children.push(child);
    child.stdin?.end(planText(agent(2, 'one')));
    await bed.until(team, 'running', 20, ({ session }) => session?.phase === 'running');
    await bed.until(team, 'opening tasks received', 20, areAllReceived);
    await bed.engine(team, { profile: 'scripted' });
    const ids: string[] = [];
    for (let n = 0; n < 12; n++)
      ids.push(...(await team.send({ from: { kind: 'user' }, to: 'one', text: `number ${n}` })).map(({ id }) => id));
    await bed.until(team, 'the third received', 20, ({ messages }) =>
      messages.some(({ id, state }) => id === ids[2] && state === 'received'),
    );
    child.kill('SIGKILL');
    const killedAt = Date.now();
    const mine = `:${process.pid}`;
    await bed.until(team, 'another leader', 8, ({ leader }) => leader?.endsWith(mine) ?? false);
    const took = Date.now() - killedAt;
    assert.ok(took < 6000 * SLOW_MACHINE_FACTOR, `took ${took} ms`);
    await bed.until(team, 'all received', 30, ({ messages }) =>
      ids.every((id) => messages.find((message) => message.id === id)?.state === 'received'),
    );
    const { agents } = await team.snapshot();
    const text = bed.tmux('capture-pane', '-p', '-S', '-', '-t', agents.find(({ name }) => name === 'one')?.pane ?? '');
    const seen = [...text.matchAll(/^❯ \[USER → AGENT-2\]: number (\d+)/gm)].map((match) => Number(match[1]));
    assert.deepEqual(seen.slice(-12), [...Array(12).keys()].slice(-seen.length));
  });

  it('spools messages while Redis is unreachable, and delivers each once afterwards', async () => {
    await running(agent(2, 'one'));
    await sendAndReceive('one', 'before');
    const pid = await pidOf(bed.paths);
    process.kill(pid ?? 0, 'SIGSTOP');
    const sent = await team
      .send({ from: { kind: 'user' }, to: 'one', text: 'while it was away' })
      .finally(() => process.kill(pid ?? 0, 'SIGCONT'));
    assert.deepEqual(
      sent.map(({ spooled }) => spooled),
      [true],
    );
    await sendAndReceive('one', 'after');
    const { messages } = await bed.until(team, 'both received', 20, (snapshot) =>
      snapshot.messages.some(({ id, state }) => id === sent[0]?.id && state === 'received'),
    );
    assert.equal(messages.filter(({ message }) => message.endsWith('while it was away')).length, 1);
  });

  it('ends every agent process on stop', async () => {
    const { agents } = await running(agent(2, 'one'), agent(3, 'two'));
    const pids = agents.map(({ pane }) => Number(bed.tmux('display-message', '-p', '-t', pane, '#{pane_pid}')));
    await team.request({ kind: 'stop' });
    await bed.until(team, 'no session', 20, ({ session }) => session === null);
    await waitUntil(() => !pids.some(isRunning), 20_000, 'the end of every agent');
  });
});

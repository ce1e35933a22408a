import assert from 'node:assert/strict';
import type { Snapshot } from '../../../src/core/team/snapshot';
import type { Engine } from '../../../src/orchestrator/engine';
import { fencedScripts } from '../../../src/redis/scripts/scripts';
import type { EngineSettings } from '../../../src/team/engineSettings';
import type { Team } from '../../../src/team/team';
import { FlakyRedis } from '../../support/flakyRedis';
import { agent } from '../../support/planBuilders';
import { areAllReceived, statusOf } from '../../support/snapshotChecks';
import { TestTeam } from '../../support/team';
import { waitUntil } from '../../support/waitUntil';

describe('a leader whose Redis fails for a moment', function () {
  this.timeout(60_000);
  let bed: TestTeam;
  let team: Team;
  let redis: FlakyRedis;
  /** The team of the user, whose connection works. */
  let user: Team;

  beforeEach(async () => {
    bed = new TestTeam();
    team = await bed.open();
    redis = new FlakyRedis(team.redis);
    user = await bed.open();
  });
  afterEach(() => bed.dispose());

  const engine = (of: Team, more: Partial<EngineSettings> = {}): Promise<Engine> =>
    bed.engine(of, {
      profile: 'scripted',
      autoApprove: true,
      agentEnv: { TACO_SCRIPTED_QUIET: '1', TACO_SCRIPTED_WORK_MS: '50' },
      ...more,
    });
  const start = (goal: string): Promise<void> =>
    user.request({ kind: 'start', goal, plan: JSON.stringify({ agents: [agent(2, 'one')] }) });

  async function running(goal = 'test'): Promise<Snapshot> {
    await start(goal);
    await bed.until(user, 'running', 20, ({ session }) => session?.goal === goal && session.phase === 'running');
    return bed.until(user, 'opening tasks received', 20, areAllReceived);
  }

  function cutClients(): void {
    for (const client of bed.tmux('list-clients', '-F', '#{client_name}').trim().split('\n'))
      bed.tmux('detach-client', '-t', client);
  }

  it('acknowledges every request that it carried out, so that the next leader does not stop another session by it', async () => {
    const first = await engine(team);
    await running();
    redis.failOnce(([command, key]) => command === 'XDEL' && key === team.keys.requests);
    await user.request({ kind: 'stop' });
    await bed.until(user, 'no session', 10, ({ session }) => session === null);
    const { session } = await running('another');
    await first.shutdown();
    await engine(user);
    await bed.until(user, 'led by the next', 10, ({ leader }) => leader !== null);
    assert.equal(Number(await user.redis.call('XLEN', user.keys.requests)), 0);
    await new Promise((done) => setTimeout(done, 1500));
    assert.deepEqual(
      [(await user.snapshot()).session?.started_at, (await user.snapshot()).session?.phase],
      [session?.started_at, 'running'],
    );
  });

  it('sends no second notice of a report that the next leader reads again', async () => {
    const first = await engine(team);
    await running();
    redis.fails = ([command, key]) => command === 'XDEL' && key === team.keys.requests;
    await user.request({ kind: 'report-done', window: 2, text: 'all is built' });
    await waitUntil(() => redis.failed > 0);
    await first.shutdown();
    await engine(user);
    await waitUntil(async () => (await user.redis.call('XLEN', user.keys.requests)) === 0);
    const { messages } = await bed.until(user, 'all received', 10, areAllReceived);
    assert.equal(messages.filter(({ message }) => message.includes('reports done')).length, 1);
  });

  it('carries out requests as soon as it can', async () => {
    await engine(team);
    await running();
    redis.fails = ([command]) => command !== 'XRANGE';
    await user.request({ kind: 'stop-agent', window: 2 });
    await waitUntil(() => redis.failed > 3);
    redis.fails = null;
    await bed.until(user, 'stopped', 10, (snapshot) => statusOf(snapshot, 'one') === 'exited');
    await waitUntil(async () => (await user.redis.call('XLEN', user.keys.requests)) === 0);
  });

  it('reports the end of an agent as soon as it can, and relaunches it then', async () => {
    await engine(team, { relaunch: 'onCrash' });
    const before = await running();
    redis.fails = ([, sha]) => sha === fencedScripts.agentSet.sha;
    const pane = before.agents.find(({ name }) => name === 'one')?.pane ?? '';
    process.kill(Number(bed.tmux('display-message', '-p', '-t', pane, '#{pane_pid}')), 'SIGKILL');
    await waitUntil(() => redis.failed > 2);
    redis.fails = null;
    await bed.until(user, 'its end told', 10, ({ activity }) =>
      activity.some(({ text }) => text === 'one ended by signal 9'),
    );
    await bed.until(user, 'relaunched', 10, ({ activity }) =>
      activity.some(({ text }) => text === 'one was relaunched'),
    );
  });

  it('relaunches an agent that crashed during the outage', async () => {
    await engine(team, { relaunch: 'onCrash' });
    const before = await running();
    redis.fails = ([, sha]) => sha === fencedScripts.senderSet.sha;
    const pane = before.agents.find(({ name }) => name === 'one')?.pane ?? '';
    process.kill(Number(bed.tmux('display-message', '-p', '-t', pane, '#{pane_pid}')), 'SIGKILL');
    await waitUntil(() => redis.failed > 0);
    redis.fails = null;
    await bed.until(user, 'relaunched', 10, ({ activity }) =>
      activity.some(({ text }) => text === 'one was relaunched'),
    );
  });

  it('starts a session again that it could neither start completely nor undo', async () => {
    await engine(team);
    const isMade = (): boolean => bed.log.lines.some((line) => line.includes('session.created'));
    redis.fails = ([command]) => isMade() && command !== 'XRANGE';
    await start('test');
    await waitUntil(() => redis.failed > 5);
    redis.fails = null;
    const { session } = await bed.until(user, 'running', 20, ({ session: now }) => now?.phase === 'running');
    await bed.until(user, 'opening tasks received', 20, areAllReceived);
    assert.deepEqual(
      bed
        .tmux('list-windows', '-t', `=${session?.tmux_session ?? ''}`, '-F', '#{window_index}:#{window_name}')
        .trim()
        .split('\n'),
      ['0:Mother', '1:Monitor', '2:one'],
    );
  });

  it('launches an agent again whose window was made, but whose record was not written', async () => {
    await engine(team);
    redis.failOnce(
      (call) =>
        call[1] === fencedScripts.agentSet.sha &&
        call.includes(team.keys.agent(2)) &&
        call.includes('pane') &&
        !call.includes('name'),
    );
    const { agents, session } = await running();
    assert.equal(redis.fails, null);
    assert.notEqual(agents.find(({ name }) => name === 'one')?.pane, '');
    assert.deepEqual(
      bed
        .tmux('list-windows', '-t', `=${session?.tmux_session ?? ''}`, '-F', '#{window_index}:#{window_name}')
        .trim()
        .split('\n'),
      ['0:Mother', '1:Monitor', '2:one'],
    );
  });

  it('delivers messages after it took over its session only in part', async () => {
    await engine(team);
    await running();
    redis.failOnce(([command]) => command === 'SCRIPT');
    cutClients();
    const [sent] = await user.send({ from: { kind: 'user' }, to: 'one', text: 'still there?' });
    assert.equal((await user.waitFor(sent?.id ?? '', 'received', 15_000)).state, 'received');
    assert.ok(redis.failed > 0 || redis.fails === null);
  });

  it('starts and ends no session before it has checked the one from which tmux disconnected it', async () => {
    await engine(team);
    const { session } = await running();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let reads = 0;
    redis.holds = ([command, key]) => {
      if (command !== 'XRANGE' || key !== team.keys.requests) return null;
      reads++;
      return held;
    };
    await waitUntil(() => reads > 0);
    // Posted by a front end that does not know of the session yet.
    await user.store.postRequest({ kind: 'start', goal: 'another' });
    cutClients();
    await waitUntil(() => bed.log.lines.some((line) => line.includes('tmux.exit')));
    release();
    redis.holds = null;
    await bed.until(user, 'the refusal told', 10, ({ activity }) =>
      activity.some(({ text }) => text.startsWith('start: ')),
    );
    const after = await user.snapshot();
    assert.deepEqual(
      [after.session?.goal, after.session?.phase, after.session?.started_at],
      ['test', session?.phase, session?.started_at],
    );
    const [sent] = await user.send({ from: { kind: 'user' }, to: 'one', text: 'still there?' });
    assert.equal((await user.waitFor(sent?.id ?? '', 'received', 15_000)).state, 'received');
  });
});

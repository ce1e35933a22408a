import assert from 'node:assert/strict';
import type { Snapshot } from '../../../src/core/team/snapshot';
import { HostKeys } from '../../../src/redis/client/keys';
import type { Team } from '../../../src/team/team';
import { HostedTeam, TestHost, whenThere } from '../../support/hosts';
import { agent } from '../../support/planBuilders';
import { areAllReceived, isHostAway, isHostThere, phaseIs } from '../../support/snapshotChecks';
import { taco, type Ran } from '../../support/tacoCommand';
import type { TestTeam } from '../../support/team';
import { waitUntil } from '../../support/waitUntil';

describe('a team on several hosts: two tmux servers, one Redis', function () {
  this.timeout(90_000);
  let bed: TestTeam;
  let team: Team;
  let host: TestHost;
  let hosted: HostedTeam;

  beforeEach(async () => {
    hosted = await HostedTeam.open();
    ({ bed, team, host } = hosted);
  });
  afterEach(async () => {
    if (host !== hosted.host) await host.dispose(); // a test may replace it
    await hosted.dispose();
  });

  it('launches each agent on the host of the plan, and gives each its task', async () => {
    const snapshot = await hosted.running([agent(2, 'near'), agent(3, 'far', { host: 'build' })]);
    assert.deepEqual(
      snapshot.agents.map(({ name, host: on = '' }) => [name, on]),
      [
        ['mother', ''],
        ['near', ''],
        ['far', 'build'],
      ],
    );
    const session = snapshot.session?.tmux_session ?? '';
    assert.deepEqual(host.windows(), [
      `${session}@build:0:Host`,
      `${session}@build:1:Monitor`,
      `${session}@build:3:far`,
    ]);
    const here = bed
      .tmux('list-windows', '-t', `=${session}`, '-F', '#{window_index}:#{window_name}')
      .trim()
      .split('\n');
    assert.deepEqual(here, ['0:Mother', '1:Monitor', '2:near']);
  });

  it('delivers messages to agents, Mother and the user, and resolves dependencies, across hosts', async () => {
    host = new TestHost(bed, 'build', { TACO_SCRIPTED_WORK_MS: '50' });
    await hosted.lead({});
    host.join();
    await bed.until(team, 'the host there', 20, isHostThere('build'));
    const agents = [
      agent(2, 'near', { notifies: ['far'], wait_for: ['first'] }),
      agent(3, 'far', { host: 'build', wait_for: ['near'] }),
      agent(4, 'first', { host: 'build', notifies: ['near'] }),
    ];
    await team.request({ kind: 'start', goal: 'test', plan: JSON.stringify({ agents }) });
    const allDone = ({ agents: all, messages }: Snapshot): boolean =>
      all.length === 4 &&
      all.every(({ window, done }) => window === 0 || done) &&
      areAllReceived({ messages } as Snapshot);
    const done = await bed.until(team, 'everybody done', 60, allDone);
    const between = (sender: string, target: RegExp): boolean =>
      done.messages.some((message) => message.sender === sender && target.test(message.target));
    assert.ok(between('TACO', /^[^@]+:0$/), 'Mother hears that the host’s agent is done');
    assert.ok(between('AGENT-4', /^[^@]+:2$/), 'from there to here');
    assert.ok(between('AGENT-2', /@build:3$/), 'from here to there');
    const [sent] = await team.send({ from: { kind: 'user' }, to: 'far', text: 'tell user "all is well"' });
    assert.equal((await team.waitFor(sent?.id ?? '', 'received', 20_000)).state, 'received');
    await bed.until(team, 'a message to the user from there', 20, ({ messages }) =>
      messages.some(({ sender, target, state }) => sender === 'AGENT-3' && target === 'user' && state === 'received'),
    );
  });

  it('loses, duplicates and overtakes nothing when a host’s executor is killed again and again with messages in flight', async () => {
    await hosted.running([agent(2, 'near'), agent(3, 'far', { host: 'build' })]);
    const texts = Array.from({ length: 24 }, (_, n) => `message ${n}`);
    const ids: string[] = [];
    const sending = (async () => {
      for (const text of texts) {
        const [sent] = await team.send({ from: { kind: 'user' }, to: 'far', text });
        ids.push(sent?.id ?? '');
        await new Promise((done) => setTimeout(done, 120));
      }
    })();
    for (const pause of [700, 450, 900]) {
      await new Promise((done) => setTimeout(done, pause));
      await host.kill();
      host.join();
    }
    await sending;
    for (const id of ids) {
      const message = await team.waitFor(id, 'received', 60_000);
      assert.equal(message.state, 'received', bed.describe(await team.snapshot()));
    }
    await bed.until(team, 'all received', 20, areAllReceived);
    assert.deepEqual(await whenThere(() => hosted.got('far'), texts.length), texts);
  });

  it('lets a second process with a host’s name take over at once, with the same windows', async () => {
    const before = await hosted.running([agent(3, 'far', { host: 'build' })]);
    const [first] = [...host.pids];
    host.join();
    await host.kill(first);
    const [sent] = await team.send({ from: { kind: 'user' }, to: 'far', text: 'who carries this?' });
    assert.equal((await team.waitFor(sent?.id ?? '', 'received', 20_000)).state, 'received');
    const after = await team.snapshot();
    const launchTime = ({ agents }: Snapshot): unknown => agents.find(({ name }) => name === 'far')?.startedAt;
    assert.equal(launchTime(after), launchTime(before));
    assert.deepEqual(await whenThere(() => hosted.got('far'), 1), ['who carries this?']);
  });

  it('refuses a takeover from another tmux server, where its agents would count as ended and be launched a second time', async () => {
    await hosted.lead();
    host.join();
    await bed.until(team, 'the host there', 20, isHostThere('build'));
    const other = new TestHost(bed, 'build', {}, ['--socket', `${host.socket}-other`]);
    try {
      other.join();
      await waitUntil(() => other.words.includes('takes over when that ends'), 20_000);
      await team.request({
        kind: 'start',
        goal: 'test',
        plan: JSON.stringify({ agents: [agent(3, 'far', { host: 'build' })] }),
      });
      await bed.until(team, 'running', 30, phaseIs('running'));
      const before = await bed.until(team, 'opening tasks received', 30, areAllReceived);
      await host.kill();
      await bed.until(team, 'away', 10, isHostAway('build'));
      // It takes the lease, checks whose agents they are, and releases it.
      const epoch = Number(await team.redis.call('GET', new HostKeys(team.projectId, 'build').epoch));
      await waitUntil(
        async () => Number(await team.redis.call('GET', new HostKeys(team.projectId, 'build').epoch)) > epoch + 2,
        20_000,
      );
      const { agents } = await team.snapshot();
      const stand = (all: Snapshot['agents']): unknown =>
        all.map(({ name, pane, status }) => [name, pane, status === 'exited']);
      assert.deepEqual(stand(agents), stand(before.agents));
      const [sent] = await team.send({ from: { kind: 'user' }, to: 'far', text: 'are you there?' });
      host.join();
      assert.equal((await team.waitFor(sent?.id ?? '', 'received', 30_000)).state, 'received');
    } finally {
      await other.kill();
    }
  });

  it('shows messages for an unreachable host as held while the others work, and delivers them after its return', async () => {
    await hosted.running([agent(2, 'near'), agent(3, 'far', { host: 'build' })]);
    assert.match(await host.leave(), /run on, and their messages wait: far/);
    await bed.until(team, 'away', 10, isHostAway('build'));
    const [late] = await team.send({ from: { kind: 'user' }, to: 'far', text: 'later' });
    const [now] = await team.send({ from: { kind: 'user' }, to: 'near', text: 'now' });
    assert.equal((await team.waitFor(now?.id ?? '', 'received', 20_000)).state, 'received');
    const held = (await team.snapshot()).messages.find(({ id }) => id === late?.id);
    assert.deepEqual([held?.state, held?.reason], ['held', 'host-away']);
    host.join();
    assert.equal((await team.waitFor(late?.id ?? '', 'received', 20_000)).state, 'received');
    assert.deepEqual(await whenThere(() => hosted.got('far'), 1), ['later']);
  });

  it('stops, relaunches and removes a remote agent like a local one', async () => {
    const started = await hosted.running([
      agent(2, 'near'),
      agent(3, 'far', { host: 'build' }),
      agent(4, 'farther', { host: 'build' }),
    ]);
    const statusIs =
      (name: string, wanted: string) =>
      ({ agents }: Snapshot): boolean =>
        agents.some((each) => each.name === name && each.status === wanted);
    await team.request({ kind: 'stop-agent', window: 3 });
    await bed.until(team, 'stopped', 10, statusIs('far', 'exited'));
    await team.request({ kind: 'relaunch', window: 3 });
    const back = await bed.until(team, 'back', 20, statusIs('far', 'idle'));
    const far = (snapshot: Snapshot) => snapshot.agents.find(({ name }) => name === 'far');
    assert.deepEqual([far(back)?.sessionId, far(back)?.host], [far(started)?.sessionId, 'build']);
    // "farther" is removed; "far" has no host in the new plan, and stays on its host.
    await team.request({
      kind: 'approve',
      plan: { agents: [agent(3, 'far', { role: 'another role' }), agent(2, 'near')] },
    });
    const changed = await bed.until(
      team,
      'changed',
      20,
      (snapshot) => snapshot.agents.length === 3 && phaseIs('running')(snapshot),
    );
    assert.deepEqual(
      changed.agents.map(({ name, host: on = '' }) => [name, on]),
      [
        ['mother', ''],
        ['near', ''],
        ['far', 'build'],
      ],
    );
    const role = await bed.until(team, 'the new role', 10, (snapshot) => far(snapshot)?.role === 'another role');
    assert.ok(far(role)?.done === false);
    assert.deepEqual(
      host.windows().map((window) => window.split(':')[1]),
      ['0', '1', '3'],
    );
  });

  it('reports the end of a remote agent when the host’s tmux ended, and launches it again on request', async () => {
    await hosted.running([agent(2, 'near'), agent(3, 'far', { host: 'build' })]);
    host.tmux('kill-server');
    await bed.until(team, 'ended', 15, ({ agents }) =>
      agents.some(({ name, status, pane }) => name === 'far' && status === 'exited' && pane === ''),
    );
    assert.ok(
      ['idle', 'busy'].includes((await team.snapshot()).agents.find(({ name }) => name === 'near')?.status ?? ''),
    );
    await bed.until(team, 'its session there anew', 15, () => host.windows().length > 0);
    await team.request({ kind: 'relaunch', window: 3 });
    const [sent] = await team.send({ from: { kind: 'user' }, to: 'far', text: 'again' });
    assert.equal((await team.waitFor(sent?.id ?? '', 'received', 20_000)).state, 'received');
  });

  it('ends the host’s windows with the session, also on a host that was unreachable, and joins the next session', async () => {
    await hosted.running([agent(3, 'far', { host: 'build' })]);
    await team.request({ kind: 'stop' });
    await bed.until(team, 'no session', 20, ({ session }) => session === null);
    await bed.until(team, 'no windows there', 10, () => host.windows().length === 0);
    await team.request({
      kind: 'start',
      goal: 'test',
      plan: JSON.stringify({ agents: [agent(3, 'far', { host: 'build' })] }),
    });
    await bed.until(team, 'running', 30, phaseIs('running'));
    await host.kill();
    await team.request({ kind: 'stop' });
    await bed.until(team, 'no session', 20, ({ session }) => session === null);
    assert.ok(host.windows().length > 0);
    host.join();
    await bed.until(team, 'no windows there', 15, () => host.windows().length === 0);
  });

  it('is stopped by taco down once the connected hosts have ended their agents, and names the disconnected ones', async () => {
    const down = async (): Promise<Ran> =>
      taco(['down', '--socket', bed.socket, '--json'], { cwd: bed.project, env: bed.env });
    await hosted.running([agent(3, 'far', { host: 'build' })]);
    await team.writeProjectFile(bed.socket);
    const first = await down();
    assert.deepEqual([first.code, host.windows()], [0, []], first.stdout);
    assert.deepEqual(first.json<{ away: string[] }>().away, []);

    const plan = JSON.stringify({ agents: [agent(3, 'far', { host: 'build' })] });
    await team.request({ kind: 'start', goal: 'test', plan });
    await bed.until(team, 'running', 30, phaseIs('running'));
    await host.kill();
    const second = await down();
    assert.equal(second.code, 0, second.stdout);
    assert.deepEqual(second.json<{ away: string[] }>().away, ['build']);
    assert.ok(host.windows().length > 0);
    host.join();
    await bed.until(team, 'no windows there', 15, () => host.windows().length === 0);
  });

  it('refuses a plan with a host that has not joined, by name, and launches nothing', async () => {
    await hosted.lead();
    await team.request({
      kind: 'start',
      goal: 'test',
      plan: JSON.stringify({ agents: [agent(2, 'near'), agent(3, 'far', { host: 'nowhere' })] }),
    });
    const { plan } = await bed.until(
      team,
      'refused',
      20,
      ({ plan: review }) => review?.status === 'invalid' && review.problems.length > 0,
    );
    assert.deepEqual(
      plan?.problems.map(({ code, agents, field }) => [code, agents, field]),
      [['unknown-host', ['far'], 'host']],
    );
  });

  it('undoes a launch, also locally, when the agent CLI is missing on the host', async () => {
    await hosted.lead();
    host = new TestHost(bed, 'build', {}, ['--agent-command', '/nowhere/agent']);
    host.join();
    await bed.until(team, 'the host there', 20, isHostThere('build'));
    await team.request({
      kind: 'start',
      goal: 'test',
      plan: JSON.stringify({ agents: [agent(2, 'near'), agent(3, 'far', { host: 'build' })] }),
    });
    const after = await bed.until(team, 'the failure told', 30, ({ session }) =>
      /far could not be launched/.test(session?.detail ?? ''),
    );
    assert.match(after.session?.detail ?? '', /\/nowhere\/agent/);
    assert.deepEqual(
      after.agents.map(({ name }) => name),
      ['mother'],
    );
  });
});

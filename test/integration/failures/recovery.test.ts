import assert from 'node:assert/strict';
import { execFileSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../../src/core/models';
import type { Snapshot } from '../../../src/core/team/snapshot';
import type { EngineSettings } from '../../../src/team/engineSettings';
import type { Team } from '../../../src/team/team';
import { agent } from '../../support/planBuilders';
import { receivedPrompts } from '../../support/receivedPrompts';
import { SLOW_MACHINE_FACTOR } from '../../support/slowMachine';
import { areAllReceived, phaseIs, statusOf } from '../../support/snapshotChecks';
import { TestTeam } from '../../support/team';
import { waitUntil } from '../../support/waitUntil';

describe('recovery, with scripted agents on a real Redis and a real tmux', function () {
  this.timeout(60_000);
  let bed: TestTeam;
  let team: Team;
  let received: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    bed = new TestTeam();
    received = join(bed.dir, 'received.jsonl');
    team = await bed.open();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await bed.dispose();
  });

  async function engine(more: Partial<EngineSettings> = {}): ReturnType<TestTeam['engine']> {
    return bed.engine(team, {
      profile: 'scripted',
      autoApprove: true,
      agentEnv: { TACO_SCRIPTED_QUIET: '1', TACO_SCRIPTED_RECEIVED: received, TACO_SCRIPTED_WORK_MS: '50' },
      ...more,
    });
  }

  async function running(agents: Plan['agents'], more: Partial<EngineSettings> = {}): Promise<Snapshot> {
    await engine(more);
    await team.request({ kind: 'start', goal: 'test', plan: JSON.stringify({ agents }) });
    await bed.until(team, 'running', 20, ({ session }) => session?.phase === 'running');
    return bed.until(team, 'opening tasks received', 20, areAllReceived);
  }

  const paneOf = ({ agents }: Snapshot, name: string): string => agents.find((each) => each.name === name)?.pane ?? '';
  const pidOf = (snapshot: Snapshot, name: string): number =>
    Number(bed.tmux('display-message', '-p', '-t', paneOf(snapshot, name), '#{pane_pid}'));
  const got = (name: string): string[] => receivedPrompts(received, name);

  it('restores the whole team after kill-server: conversations, windows, and waiting messages', async () => {
    const before = await running([agent(2, 'one'), agent(5, 'two', { depends_on: ['one'] })]);
    const killed = Date.now();
    await bed.killServer();
    const lost = await bed.until(team, 'lost', 5, phaseIs('lost'));
    assert.deepEqual(
      lost.agents.map(({ status, pane, changedAt }) => [status, pane, changedAt >= killed]),
      [
        ['exited', '', true],
        ['exited', '', true],
        ['exited', '', true],
      ],
    );
    await team.send({ from: { kind: 'user' }, to: 'two', text: 'for when you are back' });
    await team.request({ kind: 'resume' });
    await bed.until(team, 'running again', 20, phaseIs('running'));
    const after = await bed.until(team, 'all received', 20, areAllReceived);
    assert.deepEqual(
      after.agents.map(({ window, name, sessionId }) => [window, name, sessionId]),
      before.agents.map(({ window, name, sessionId }) => [window, name, sessionId]),
    );
    assert.equal(after.session?.tmux_session, before.session?.tmux_session);
    const windows = bed
      .tmux('list-windows', '-t', `=${after.session?.tmux_session ?? ''}`, '-F', '#{window_index}:#{window_name}')
      .trim()
      .split('\n');
    assert.deepEqual(windows, ['0:Mother', '1:Monitor', '2:one', '5:two']);
    assert.match(bed.tmux('capture-pane', '-p', '-S', '-', '-t', paneOf(after, 'two')), /· resumed/);
    await waitUntil(() => got('two').length > 0, 15_000, 'the message at its model');
    assert.deepEqual(got('two'), ['for when you are back']);
  });

  it('finds the team lost when tmux ended without a leader, and never takes a new pane with an old number for an agent', async () => {
    const first = await engine();
    await team.request({ kind: 'start', goal: 'test', plan: JSON.stringify({ agents: [agent(2, 'one')] }) });
    const { session } = await bed.until(team, 'running', 20, phaseIs('running'));
    await bed.until(team, 'opening tasks received', 20, areAllReceived);
    await first.shutdown();
    await bed.killServer();
    const [sent] = await team.send({ from: { kind: 'user' }, to: 'one', text: 'are you there?' });
    // An unmanaged session on the same server: its panes have the numbers that the records still name.
    bed.tmux('new-session', '-d', '-s', 'stranger', 'cat');
    for (let n = 0; n < 4; n++) bed.tmux('new-window', '-d', '-t', '=stranger', 'cat');
    await engine();
    await bed.until(team, 'lost', 10, phaseIs('lost'));
    await team.request({ kind: 'resume' });
    await bed.until(team, 'running again', 20, phaseIs('running'));
    assert.equal((await team.waitFor(sent?.id ?? '', 'received', 20_000)).state, 'received');
    for (const pane of bed.tmux('list-panes', '-s', '-t', '=stranger', '-F', '#{pane_id}').trim().split('\n'))
      assert.equal(bed.tmux('capture-pane', '-p', '-t', pane).trim(), '');
    assert.ok(bed.tmux('has-session', '-t', `=${session?.tmux_session ?? ''}`) === '');
  });

  it('resumes a session whose earlier leader died during a resume that only tmux shows', async () => {
    const { session } = await running([agent(2, 'one')]);
    await bed.killServer();
    await bed.until(team, 'lost', 5, phaseIs('lost'));
    const name = session?.tmux_session ?? '';
    const identity = session?.identity ?? '';
    bed.tmux('new-session', '-d', '-s', name, '-n', 'Mother', 'tail', '-f', '/dev/null');
    bed.tmux('set-option', '-t', `=${name}:`, '@taco_session', identity);
    bed.tmux('set-option', '-s', '-F', '-t', `=${name}:`, `@taco_server_${identity}`, '#{session_id}');
    await team.request({ kind: 'resume' });
    const after = await bed.until(team, 'running again', 20, phaseIs('running'));
    assert.deepEqual(
      after.agents.map(({ name, status }) => [name, status === 'exited']),
      [
        ['mother', false],
        ['one', false],
      ],
    );
    const windows = bed
      .tmux('list-windows', '-t', `=${session?.tmux_session ?? ''}`, '-F', '#{window_index}:#{window_name}')
      .trim()
      .split('\n');
    assert.deepEqual(windows, ['0:Mother', '1:Monitor', '2:one']);
  });

  it('refuses a new goal while a lost session can be resumed, and starts it once that one was stopped', async () => {
    await running([agent(2, 'one')]);
    await bed.killServer();
    await bed.until(team, 'lost', 5, phaseIs('lost'));
    await assert.rejects(team.request({ kind: 'start', goal: 'another' }), { code: 'session-lost' });
    // The leader refuses it as well: a front end may not know yet that the session is lost.
    await team.store.postRequest({ kind: 'start', goal: 'another' });
    const notice = await bed.until(team, 'the refusal told', 10, ({ activity }) =>
      activity.some(({ text }) => text.includes('agents and messages are kept')),
    );
    assert.equal(notice.session?.phase, 'lost');
    await team.request({ kind: 'stop' });
    await bed.until(team, 'no session', 10, ({ session }) => session === null);
    await team.request({ kind: 'start', goal: 'another', plan: JSON.stringify({ agents: [agent(2, 'three')] }) });
    await bed.until(team, 'running', 20, phaseIs('running'));
  });

  it('continues when only its tmux client was disconnected', async () => {
    const { session } = await running([agent(2, 'one')]);
    for (const client of bed.tmux('list-clients', '-F', '#{client_name}').trim().split('\n'))
      bed.tmux('detach-client', '-t', client);
    const [sent] = await team.send({ from: { kind: 'user' }, to: 'one', text: 'still there?' });
    assert.equal((await team.waitFor(sent?.id ?? '', 'received', 15_000)).state, 'received');
    assert.deepEqual((await team.snapshot()).session?.phase, session?.phase);
  });

  it('counts nothing as ended while tmux does not answer, and continues once it does', async () => {
    const failing = join(bed.dir, 'tmux-fails');
    const tmuxCommand = join(bed.dir, 'tmux');
    writeFileSync(
      tmuxCommand,
      `#!/bin/sh\ncase "$*" in *has-session*) [ -e '${failing}' ] && { echo "fork failed: Resource temporarily unavailable" >&2; exit 1; } ;; esac\nexec tmux "$@"\n`,
      { mode: 0o700 },
    );
    await running([agent(2, 'one')], { tmuxCommand });
    writeFileSync(failing, '');
    for (const client of bed.tmux('list-clients', '-F', '#{client_name}').trim().split('\n'))
      bed.tmux('detach-client', '-t', client);
    const [sent] = await team.send({ from: { kind: 'user' }, to: 'one', text: 'still there?' });
    await new Promise((done) => setTimeout(done, 2000));
    const during = await team.snapshot();
    assert.equal(during.session?.phase, 'running');
    assert.notEqual(statusOf(during, 'one'), 'exited');
    rmSync(failing);
    assert.equal((await team.waitFor(sent?.id ?? '', 'received', 15_000)).state, 'received');
  });

  it('detects within 2 s that an agent was killed, with its last lines, and does not relaunch it by default', async () => {
    const before = await running([agent(2, 'one')]);
    const at = Date.now();
    process.kill(pidOf(before, 'one'), 'SIGKILL');
    const { agents } = await bed.until(team, 'exited', 5, (snapshot) => statusOf(snapshot, 'one') === 'exited');
    const took = Date.now() - at;
    assert.ok(took < 2000 * SLOW_MACHINE_FACTOR, `took ${took} ms`);
    assert.match(agents.find(({ name }) => name === 'one')?.activity ?? '', /❯|⏺|scripted agent/);
    await new Promise((done) => setTimeout(done, 2500));
    assert.equal(statusOf(await team.snapshot(), 'one'), 'exited');
  });

  it('sends a relaunched Mother the members of her team and their states', async () => {
    const before = await running([agent(2, 'one'), agent(3, 'two')]);
    await team.request({ kind: 'stop-agent', window: 3 });
    await bed.until(team, 'two stopped', 10, (snapshot) => statusOf(snapshot, 'two') === 'exited');
    await team.request({ kind: 'relaunch', window: 0 });
    const after = await bed.until(team, 'Mother told', 20, ({ messages }) =>
      messages.some(({ message, state }) => message.includes('You were relaunched') && state === 'received'),
    );
    const notice = after.messages.find(({ message }) => message.includes('You were relaunched'))?.message ?? '';
    assert.match(notice, /- one \(AGENT-2\), (idle|busy): Work of one\n- two \(AGENT-3\), exited: Work of two\n/);
    assert.deepEqual(
      [after.agents[0]?.sessionId, after.agents[0]?.pane],
      [before.agents[0]?.sessionId, before.agents[0]?.pane],
    );
  });

  it('detects an agent that is killed again right after its relaunch', async () => {
    const first = await running([agent(2, 'one')]);
    process.kill(pidOf(first, 'one'), 'SIGKILL');
    await bed.until(team, 'exited', 5, (snapshot) => statusOf(snapshot, 'one') === 'exited');
    await team.request({ kind: 'relaunch', window: 2 });
    const second = await bed.until(team, 'back', 10, (snapshot) => statusOf(snapshot, 'one') === 'idle');
    process.kill(pidOf(second, 'one'), 'SIGKILL');
    await bed.until(team, 'exited again', 3, (snapshot) => statusOf(snapshot, 'one') === 'exited');
  });

  it('relaunches a crashed agent by policy, with its conversation, but not one that was stopped or exited normally', async () => {
    const before = await running([agent(2, 'one'), agent(3, 'two'), agent(4, 'three')], { relaunch: 'onCrash' });
    process.kill(pidOf(before, 'one'), 'SIGKILL');
    process.kill(pidOf(before, 'three'), 'SIGTERM');
    await team.request({ kind: 'stop-agent', window: 3 });
    await bed.until(
      team,
      'one back',
      10,
      (snapshot) =>
        snapshot.activity.some(({ text }) => text === 'one was relaunched') && statusOf(snapshot, 'one') === 'idle',
    );
    // An agent that gets a request to end first runs its last hook.
    await bed.until(
      team,
      'the others ended',
      10,
      (snapshot) => statusOf(snapshot, 'two') === 'exited' && statusOf(snapshot, 'three') === 'exited',
    );
    await new Promise((done) => setTimeout(done, 1500));
    const after = await team.snapshot();
    assert.deepEqual([statusOf(after, 'two'), statusOf(after, 'three')], ['exited', 'exited']);
    assert.equal(
      after.agents.find(({ name }) => name === 'one')?.sessionId,
      before.agents.find(({ name }) => name === 'one')?.sessionId,
    );
  });

  it('relaunches by policy an agent that crashed before its leader died', async () => {
    const first = await engine();
    await team.request({
      kind: 'start',
      goal: 'test',
      plan: JSON.stringify({ agents: [agent(2, 'one'), agent(3, 'two')] }),
    });
    await bed.until(team, 'running', 20, phaseIs('running'));
    const before = await bed.until(team, 'opening tasks received', 20, areAllReceived);
    await team.request({ kind: 'stop-agent', window: 3 });
    process.kill(pidOf(before, 'one'), 'SIGKILL');
    await bed.until(
      team,
      'both ended',
      5,
      (snapshot) => statusOf(snapshot, 'one') === 'exited' && statusOf(snapshot, 'two') === 'exited',
    );
    await first.shutdown();
    await engine({ relaunch: 'onCrash' });
    const after = await bed.until(team, 'one back', 15, (snapshot) => statusOf(snapshot, 'one') === 'idle');
    assert.equal(statusOf(after, 'two'), 'exited');
  });

  it('begins a new conversation with an agent that had none to resume', async () => {
    await engine();
    await team.request({
      kind: 'start',
      goal: 'test',
      plan: JSON.stringify({ agents: [agent(2, 'first'), agent(3, 'waiter', { wait_for: ['first'] })] }),
    });
    const before = await bed.until(
      team,
      'running',
      20,
      (snapshot) => phaseIs('running')(snapshot) && statusOf(snapshot, 'waiter') === 'idle',
    );
    await team.request({ kind: 'relaunch', window: 3 });
    const after = await bed.until(
      team,
      'relaunched',
      20,
      (snapshot) =>
        snapshot.activity.some(({ text }) => text === 'waiter was relaunched') &&
        statusOf(snapshot, 'waiter') === 'idle',
    );
    const session = (snapshot: Snapshot): string | undefined =>
      snapshot.agents.find(({ name }) => name === 'waiter')?.sessionId;
    assert.notEqual(session(after), session(before));
  });

  it('ends on stop a process of an agent that ignores its terminal', async () => {
    const stubborn = join(bed.dir, 'stubborn.sh');
    const pidFile = join(bed.dir, 'pid');
    writeFileSync(stubborn, `#!/bin/sh\ntrap '' HUP TERM\necho $$ > ${pidFile}\nwhile :; do sleep 1; done\n`, {
      mode: 0o755,
    });
    await running([agent(2, 'one')]);
    const { session } = await team.snapshot();
    bed.tmux('new-window', '-d', '-t', `=${session?.tmux_session ?? ''}:7`, 'env', stubborn);
    await waitUntil(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '', 15_000, 'the stubborn process');
    const pid = Number(readFileSync(pidFile, 'utf8'));
    await team.request({ kind: 'stop' });
    await bed.until(team, 'no session', 20, (snapshot) => snapshot.session === null);
    assert.equal(runs(pid), false);
  });
});

/** Returns false for a process that ended and was not reaped yet. */
function runs(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .startsWith('Z');
  } catch {
    return false;
  }
}

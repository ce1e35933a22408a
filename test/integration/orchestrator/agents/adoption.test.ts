import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import type { Snapshot } from '../../../../src/core/team/snapshot';
import type { Team } from '../../../../src/team/team';
import { taco, type Ran } from '../../../support/tacoCommand';
import { TestTeam } from '../../../support/team';
import { waitUntil } from '../../../support/waitUntil';

describe('a pane that the user started by hand', function () {
  this.timeout(60_000);
  let bed: TestTeam;
  let team: Team;
  const run = (...args: string[]): Promise<Ran> =>
    taco([...args, '--json'], {
      cwd: bed.project,
      env: { TACO_HOME: bed.paths.home, HOME: bed.home, TMUX_TMPDIR: bed.dir },
    });
  const refusal = (ran: Ran): string =>
    `${ran.code} ${ran.json<{ error: { code: string; message: string } }>().error.code}: ${ran.json<{ error: { message: string } }>().error.message}`;
  const screen = (pane: string): string => bed.tmux('capture-pane', '-p', '-S', '-', '-J', '-t', pane);

  before(async () => {
    bed = new TestTeam();
    team = await bed.open();
    await bed.engine(team, {
      profile: 'scripted',
      autoApprove: true,
      agentEnv: { TACO_SCRIPTED_QUIET: '1', TACO_SCRIPTED_WORK_MS: '20' },
    });
    await team.request({
      kind: 'start',
      goal: 'test',
      plan: JSON.stringify({ agents: [{ window: 2, name: 'one', role: 'takes messages' }] }),
    });
    await bed.until(
      team,
      'running',
      20,
      ({ session, messages }) => session?.phase === 'running' && messages.every(({ state }) => state === 'received'),
    );
  });
  after(() => bed.dispose());

  /**
   * Starts a scripted agent in the user's own session, split from a shell: no hooks, no identity. Returns its pane.
   */
  async function startedByHand(): Promise<string> {
    bed.tmux('new-session', '-d', '-s', 'mine', '-x', '160', '-y', '60', 'sh');
    const pane = bed
      .tmux(
        'split-window',
        '-d',
        '-P',
        '-F',
        '#{pane_id}',
        '-t',
        '=mine:',
        'env',
        'TACO_SCRIPTED_QUIET=1',
        process.execPath,
        resolve('media/scripted-agent.mjs'),
      )
      .trim();
    await waitUntil(() => screen(pane).includes('❯'), 10_000, 'its composer');
    return pane;
  }

  it('is listed, adopted into its own window with its process, gets messages, and sends in its own name', async () => {
    const pane = await startedByHand();
    const listed = await run('adopt');
    assert.deepEqual(
      listed.json<{ panes: { pane: string }[] }>().panes.map((each) => each.pane),
      [pane],
      'no shell, no agent, no monitor',
    );
    const pid = bed.tmux('display-message', '-p', '-t', pane, '#{pane_pid}');
    const adopted = await run('adopt', pane, '--as', 'reviewer');
    assert.equal(adopted.code, 0, adopted.stdout + adopted.stderr);
    const { agents } = await bed.until(team, 'idle', 10, (snapshot) =>
      snapshot.agents.some(({ name, status }) => name === 'reviewer' && status === 'idle'),
    );
    const agent = agents.find(({ name }) => name === 'reviewer');
    assert.deepEqual([agent?.window, agent?.pane, agent?.profile], [3, pane, 'scripted']);
    assert.equal(bed.tmux('display-message', '-p', '-t', pane, '#{pane_pid}'), pid, 'the same process');
    assert.equal(
      bed.tmux('display-message', '-p', '-t', pane, '#{window_index}:#{window_name}:#{window_panes}').trim(),
      '3:reviewer:1',
    );
    const sent = await run('send', 'reviewer', 'please look at this', '--wait', 'delivered', '--timeout', '20');
    assert.equal(sent.code, 0, sent.stdout + sent.stderr);
    await waitUntil(() => screen(pane).includes('please look at this'), 5000, 'the text in its transcript');
    assert.match(screen(pane).replace(/\s+/g, ' '), /you are AGENT-3, called reviewer/);

    // tmux sets these variables for a program in its pane.
    const server = bed.tmux('display-message', '-p', '-t', pane, '#{socket_path},#{pid}').trim();
    const env = { TACO_HOME: bed.paths.home, HOME: bed.home, TMUX: `${server},0`, TMUX_PANE: pane };
    assert.equal((await taco(['send', 'one', 'from the reviewer'], { cwd: bed.project, env })).code, 0);
    assert.equal(
      (await taco(['send', 'one', 'from another pane'], { cwd: bed.project, env: { ...env, TMUX_PANE: '%999' } })).code,
      0,
    );
    const senders = ({ messages }: Snapshot): string[] =>
      messages
        .filter(({ message }) => /from (the reviewer|another pane)/.test(message))
        .map(({ sender }) => sender)
        .sort();
    assert.deepEqual(senders(await team.snapshot()), ['AGENT-3', 'USER']);
  });

  it('is monitored until its end, and gets TACO’s hooks when it is relaunched', async () => {
    const before = await team.snapshot();
    const pane = before.agents.find(({ name }) => name === 'reviewer')?.pane ?? '';
    process.kill(Number(bed.tmux('display-message', '-p', '-t', pane, '#{pane_pid}')), 'SIGKILL');
    await bed.until(team, 'exited', 5, ({ agents }) =>
      agents.some(({ name, status }) => name === 'reviewer' && status === 'exited'),
    );
    assert.equal((await run('relaunch', 'reviewer')).code, 0);
    await bed.until(team, 'back', 15, ({ agents }) =>
      agents.some(({ name, status }) => name === 'reviewer' && status === 'idle'),
    );
    const sent = await run('send', 'reviewer', 'once more', '--wait', 'received', '--timeout', '20');
    assert.equal(sent.code, 0, sent.stdout + sent.stderr);
  });

  it('is refused unchanged when it is no agent CLI, is an agent already, or gets an invalid name', async () => {
    const shell = bed.tmux('list-panes', '-t', '=mine:', '-F', '#{pane_id}').trim();
    const one = (await team.snapshot()).agents.find(({ name }) => name === 'one')?.pane ?? '';
    assert.match(refusal(await run('adopt', shell, '--as', 'other')), /^1 adopt-refused: .*"sh".*no agent CLI/);
    assert.match(refusal(await run('adopt', one, '--as', 'other')), /^1 adopt-refused: .*the pane of one/);
    assert.match(refusal(await run('adopt', shell, '--as', 'ONE')), /^1 adopt-refused: .*there is an agent called/);
    assert.match(refusal(await run('adopt', shell, '--as', 'user')), /^1 adopt-refused: .*can be no agent/);
    assert.match(refusal(await run('adopt', '%9999', '--as', 'other')), /^1 adopt-refused: .*no program runs/);
    assert.match(refusal(await run('adopt', 'mine:0', '--as', 'other')), /^2 usage/);
    assert.match(refusal(await run('adopt', shell)), /^2 usage/);
    assert.equal(bed.tmux('display-message', '-p', '-t', shell, '#{session_name}').trim(), 'mine');
  });
});

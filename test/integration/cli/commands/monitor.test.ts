import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { CliProject, TACO } from '../../../support/tacoCommand';
import { waitUntil } from '../../../support/waitUntil';

describe('taco monitor in a terminal', function () {
  this.timeout(40_000);
  let project: CliProject;
  const socket = `taco-monitor-${process.pid}`;
  const tmux = (...args: string[]) =>
    spawnSync('tmux', ['-L', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' }).stdout;
  const screen = () => tmux('capture-pane', '-p', '-t', 'm');
  before(async () => {
    project = await CliProject.start();
    tmux('new-session', '-d', '-s', 'm', '-x', '80', '-y', '30', 'bash', '--norc');
    tmux(
      'send-keys',
      '-t',
      'm',
      `PS1='ready> '; clear; cd '${project.dir}' && TACO_HOME='${project.server.paths.home}' '${process.execPath}' '${TACO}' monitor`,
      'Enter',
    );
  });
  after(async () => {
    tmux('kill-server');
    await project.close();
  });

  it('shows the session and follows it live', async () => {
    await waitUntil(() => screen().includes('Session: taco-cli'), 10_000, 'the dashboard');
    assert.match(screen(), /Pending: 0/);
    await project.asUser(['send', 'backend', 'hello']);
    await waitUntil(() => screen().includes('Pending: 1'), 5000, 'the new message');
    await project.store.note('[AGENT-3 → AGENT-4] 漢字 shared');
    await project.store.publish({ kind: 'session' });
    await waitUntil(() => screen().includes('漢字 shared'), 5000, 'the activity');
  });

  it('fits a terminal that becomes narrow', async () => {
    tmux('resize-window', '-t', 'm', '-x', '40', '-y', '20');
    await waitUntil(() => screen().split('\n')[0] === '═'.repeat(40), 5000, 'the narrow rule');
    assert.equal(screen().trimEnd().split('\n').length <= 20, true);
    tmux('resize-window', '-t', 'm', '-x', '80', '-y', '30');
  });

  it('reports that Redis is unreachable, and recovers', async () => {
    await project.server.kill();
    await waitUntil(() => screen().includes('Redis is out of reach'), 10_000, 'the warning');
    await project.server.restart();
    await waitUntil(() => !screen().includes('Redis is out of reach'), 15_000, 'the recovery');
  });

  it('restores the terminal', async () => {
    tmux('send-keys', '-t', 'm', 'C-c');
    await waitUntil(() => screen().trimStart().startsWith('ready>'), 5000, 'the prompt');
    assert.doesNotMatch(screen(), /═/);
    tmux('send-keys', '-t', 'm', 'echo visible-$((1+1))', 'Enter');
    await waitUntil(() => /visible-2/.test(screen()), 5000, 'the echo');
  });
});

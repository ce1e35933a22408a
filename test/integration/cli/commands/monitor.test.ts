import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InputRequest } from '../../../../src/core/requests/inputRequest';
import { InputRequestStore } from '../../../../src/redis/state/inputRequestStore';
import { CliProject, TACO } from '../../../support/tacoCommand';
import { waitUntil } from '../../../support/waitUntil';

describe('taco monitor in a terminal', function () {
  this.timeout(240_000);
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

  it('alerts the user of the terminal once to a request', async () => {
    const written = join(project.server.paths.home, 'monitor.raw');
    const alerts = (): number => readFileSync(written, 'latin1').split('\u001b]9;TACO: backend: ').length - 1;
    tmux('pipe-pane', '-t', 'm', `cat >>'${written}'`);
    await waitUntil(() => existsSync(written), 60_000, 'the copy of the output');
    const store = new InputRequestStore(project.redis, project.keys);
    const request: Omit<InputRequest, 'id' | 'input'> = {
      window: 2,
      kind: 'permission',
      tool: 'Bash',
      cut: false,
      choices: [],
      at: Date.now(),
    };
    await store.open({ ...request, id: 'need_1', input: '{"command":"make"}' });
    await waitUntil(() => alerts() === 1, 60_000, 'the alert');
    await store.open({ ...request, id: 'need_2', window: 3, input: '{"command":"ls"}' });
    await waitUntil(() => /TACO: frontend: .*\u0007\u0007/.test(readFileSync(written, 'latin1')), 60_000, 'the next');
    assert.equal(alerts(), 1);
    tmux('pipe-pane', '-t', 'm');
    await project.redis.call('DEL', project.keys.inputRequests);
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

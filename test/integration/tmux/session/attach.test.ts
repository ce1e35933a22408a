import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { attachArguments } from '../../../../src/tmux/session/attach';
import { PrivateTmux } from '../../../support/tmux';

describe('a terminal on an agent', function () {
  this.timeout(10_000);
  let tmux: PrivateTmux;
  let terminal: ChildProcess | undefined;

  beforeEach(() => (tmux = new PrivateTmux()));
  afterEach(() => {
    terminal?.kill();
    tmux.dispose();
  });

  it('shows its pane, also when a user has swapped windows, and moves no other view', async () => {
    const session = await tmux.session();
    const program = { argv: ['tail', '-f', '/dev/null'] };
    const one = await session.newWindow(2, 'one', program);
    await session.newWindow(3, 'two', program);
    tmux.tmux('swap-window', '-s', '=team:2', '-t', '=team:3');
    tmux.tmux('select-window', '-t', '=team:0');
    const [command = '', ...args] = attachArguments(
      { ...tmux.options, session: 'team', identity: session.identity },
      { window: 2, pane: one },
      'view-2',
    );
    // `script` provides a terminal. It needs a shell, so each word is quoted.
    const line = [command, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    terminal = spawn('script', ['-qec', line, '/dev/null'], {
      env: { ...tmux.options.env, TERM: 'xterm-256color' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    let shown = '';
    for (let tries = 0; tries < 100 && shown !== one; tries++) {
      await sleep(50);
      try {
        shown = tmux.tmux('display-message', '-p', '-t', '=team-view-2:', '#{pane_id}').trim();
      } catch {
        // Not attached yet.
      }
    }
    assert.equal(shown, one);
    assert.equal(tmux.tmux('display-message', '-p', '-t', '=team:', '#{window_index}').trim(), '0');
  });
});

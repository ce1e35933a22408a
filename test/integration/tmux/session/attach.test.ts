import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { attachArguments } from '../../../../src/tmux/session/attach';
import { PrivateTmux } from '../../../support/tmux';
import { waitUntil } from '../../../support/waitUntil';

describe('a terminal on an agent', function () {
  this.timeout(30_000);
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
    const isShown = (): boolean => {
      try {
        return tmux.tmux('display-message', '-p', '-t', '=team-view-2:', '#{pane_id}').trim() === one;
      } catch {
        return false; // not attached yet
      }
    };
    await waitUntil(isShown, 15_000, 'its own pane', { pauseMs: 50 });
    assert.equal(tmux.tmux('display-message', '-p', '-t', '=team:', '#{window_index}').trim(), '0');
  });
});

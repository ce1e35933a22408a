import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'mocha';
import type { TmuxSession } from '../../../../src/tmux/session/tmuxSession';
import { PrivateTmux } from '../../../support/tmux';
import { waitUntil } from '../../../support/waitUntil';

/** A zombie does not count. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return /^[^Z\s]/.test(stdout.trim());
}

/** Gemini CLI is such a program: it ignores the end of its terminal, and so does its child process. */
describe('a program that ignores the end of its terminal', () => {
  let tmux: PrivateTmux;
  let session: TmuxSession;
  before(async () => {
    tmux = new PrivateTmux();
    session = await tmux.session();
  });
  after(() => tmux.dispose());

  async function started(window: number): Promise<{ readonly pane: string; readonly pids: readonly number[] }> {
    const pane = await session.newWindow(window, 'stubborn', {
      argv: ['sh', '-c', "trap '' HUP; sh -c 'trap \"\" HUP; echo pids $PPID $$; while :; do sleep 0.2; done' & wait"],
    });
    const [, first, second] = await waitUntil(
      async () => /pids (\d+) (\d+)/.exec(await session.text(pane, 100)),
      10_000,
      'the ids of the processes',
    );
    return { pane, pids: [Number(first), Number(second)] };
  }

  it('ends with all its children when its pane gets another program', async () => {
    const { pane, pids } = await started(2);
    assert.deepEqual(pids.map(isAlive), [true, true]);
    await session.respawn(pane, { argv: ['sleep', '1000'] });
    assert.deepEqual(pids.map(isAlive), [false, false]);
  });

  it('ends when the session ends', async () => {
    const { pids } = await started(3);
    await session.kill();
    assert.deepEqual(pids.map(isAlive), [false, false]);
  });
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { processFacts, signalProcess, stillRuns } from '../../../../src/tmux/session/processTable';
import { endSurvivors, processesOfPanes } from '../../../../src/tmux/session/processTree';
import { PrivateTmux } from '../../../support/tmux';
import { waitUntil } from '../../../support/waitUntil';

const PANE = '#{pane_pid} #{pane_tty}';

interface Listed {
  readonly pid: number;
  readonly tty: string;
}

function listed(line: string): Listed {
  const [pid, tty = ''] = line.trim().split(' ');
  return { pid: Number(pid), tty };
}

describe('the processes of panes', function () {
  this.timeout(30_000);
  let tmux: PrivateTmux;
  let user: PrivateTmux;
  beforeEach(() => {
    [tmux, user] = [new PrivateTmux(), new PrivateTmux()];
    tmux.tmux('new-session', '-d', '-s', 'stays', 'sleep', '1000');
  });
  afterEach(() => {
    tmux.dispose();
    user.dispose();
  });

  /** A pane of another server that has the terminal of one that has just ended. */
  async function reusedTerminal(ended: Listed): Promise<Listed | null> {
    for (let tries = 0; tries < 50; tries++) {
      const other = listed(user.tmux('new-session', '-d', '-P', '-F', PANE, 'sleep', '1000'));
      if (other.tty === ended.tty) return other;
      await sleep(20);
    }
    return null;
  }

  it('include nothing of another terminal that got the name of an ended one', async function () {
    const ended = listed(tmux.tmux('new-session', '-d', '-P', '-F', PANE, '-s', 'ends', 'sleep', '1000'));
    tmux.tmux('kill-session', '-t', '=ends');
    const other = await reusedTerminal(ended);
    if (!other) return this.skip();
    assert.deepEqual(await processesOfPanes([ended]), []);
    assert.deepEqual(
      (await processesOfPanes([other])).map(({ pid }) => pid),
      [other.pid],
    );
  });

  it('include nothing of another process that got the process id of an ended one', async () => {
    const other = listed(user.tmux('new-session', '-d', '-P', '-F', PANE, 'sleep', '1000'));
    assert.deepEqual(await processesOfPanes([{ pid: other.pid, tty: '/dev/pts/4711' }]), []);
  });

  it('are none when tmux listed no pane, not those of the whole machine', async () => {
    assert.deepEqual(await processesOfPanes([listed('')]), []);
    assert.deepEqual(await processesOfPanes([{ pid: 1, tty: '' }]), []);
  });

  it('include what runs in the background of its terminal after its parents have ended', async () => {
    const script = '(sh -c "trap \'\' HUP; sleep 1000 & wait" &) ; sleep 1000';
    const pane = listed(tmux.tmux('new-session', '-d', '-P', '-F', PANE, 'sh', '-c', script));
    const all = async () => {
      const processes = await processesOfPanes([pane]);
      return processes.length >= 4 ? processes : null;
    };
    const found = await waitUntil(all, 15_000, 'four processes', { pauseMs: 50 });
    assert.equal(found.length, 4, JSON.stringify(found));
    assert.deepEqual(await endSurvivors(found, 200), []);
    assert.equal((await processesOfPanes([pane])).length, 0);
  });
});

describe('a signal', () => {
  it('reaches only the process that was meant, not a later one with its id', async () => {
    const child = spawn('sleep', ['1000']);
    const facts = await processFacts(child.pid ?? 0);
    assert.ok(facts);
    await signalProcess({ ...facts, started: 'earlier' }, 'SIGKILL');
    await endSurvivors([{ ...facts, started: 'earlier' }], 0);
    assert.ok(await stillRuns(facts));
    const ended = once(child, 'exit');
    await signalProcess(facts, 'SIGKILL');
    await ended;
    assert.ok(!(await stillRuns(facts)));
  });
});

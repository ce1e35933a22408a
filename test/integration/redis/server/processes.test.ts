import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { isRunning, waitForExit } from '../../../../src/redis/server/processes';
import { waitUntil } from '../../../support/waitUntil';

describe('a process that nobody has reaped', () => {
  let parent: ChildProcess;
  afterEach(() => parent.kill('SIGKILL'));

  it('counts as ended', async function () {
    if (!existsSync('/proc/self/stat')) this.skip();
    parent = spawn('sh', ['-c', 'cat <&3 & echo $!; exec sleep 600'], { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
    const pid = Number(await new Promise((resolve) => parent.stdout?.once('data', (data) => resolve(String(data)))));
    const state = (): string => readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) (\S).*$/s, '$1');
    await waitUntil(() => state() === 'S', 5000, 'the process');
    assert.equal(isRunning(pid), true);
    process.kill(pid, 'SIGKILL');
    await waitUntil(() => state() === 'Z', 5000, 'the zombie');
    assert.equal(isRunning(pid), false);
    assert.equal(await waitForExit(pid, 0), true);
  });
});

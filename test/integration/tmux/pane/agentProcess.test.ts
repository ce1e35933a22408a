import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentProcesses } from '../../../../src/tmux/pane/agentProcess';
import type { PaneState } from '../../../../src/tmux/pane/paneDriver';
import { waitUntil } from '../../../support/waitUntil';

/** A profile that knows only this name. */
const knows = (name: string): { ownsProcess: (command: string) => boolean } => ({
  ownsProcess: (command) => command === name,
});

describe('the process of an agent in its pane', function () {
  this.timeout(30_000);
  let dir: string;
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-S', join(dir, 's'), '-f', '/dev/null', ...args], { encoding: 'utf8' }).trim();
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'taco-fg-'));
    copyFileSync('/bin/sleep', join(dir, 'theagent'));
    execFileSync('chmod', ['755', join(dir, 'theagent')]);
  });
  afterEach(() => {
    tmux('kill-server');
    rmSync(dir, { recursive: true });
  });

  function start(script: string): void {
    writeFileSync(join(dir, 'run'), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
    tmux('new-session', '-d', '-s', 's', '-x', '80', '-y', '20', 'env', join(dir, 'run'));
  }
  const runs = (): Promise<boolean> => {
    const [command = '', pid = '0'] = tmux(
      'display-message',
      '-p',
      '-t',
      's',
      '#{pane_current_command} #{pane_pid}',
    ).split(' ');
    return new AgentProcesses().runsIn({ command, pid: Number(pid), dead: false } as PaneState, knows('theagent'));
  };
  async function until(expected: boolean): Promise<void> {
    await waitUntil(
      async () => (await runs()) === expected,
      10_000,
      `an agent that ${expected ? 'runs' : 'has ended'}`,
      { pauseMs: 50 },
    );
  }

  it('is found below a script that waits for it', async () => {
    start(`${join(dir, 'theagent')} 60\necho over`);
    await until(true);
  });

  it('is found under the name of a link, by its file', async () => {
    execFileSync('ln', ['-s', join(dir, 'theagent'), join(dir, 'other')]);
    start(`exec ${join(dir, 'other')} 60`);
    await until(true);
  });

  it('is none once it has ended and a shell has the terminal', async () => {
    start(`${join(dir, 'theagent')} 1\nbash --norc`);
    await until(true);
    await until(false);
  });

  it('is none in the background of a shell, or stopped there', async () => {
    start(`set -m\n${join(dir, 'theagent')} 60 &\nsleep 60`);
    for (let tries = 0; tries < 10; tries++) {
      assert.equal(await runs(), false);
      await sleep(50);
    }
  });
});

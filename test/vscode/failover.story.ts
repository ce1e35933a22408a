import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { TacoPaths } from '../../src/core/programs/paths';
import type { Snapshot } from '../../src/core/team/snapshot';
import { isRunning } from '../../src/redis/server/processes';
import { stopRedis } from '../../src/redis/server/redisServer';
import { openStory, type StoryWindow } from '../harness/openStory';
import type { Workbench } from '../harness/workbench';
import { showFailures } from '../support/vscode/showFailure';
import { stepByStep } from '../support/vscode/stopOnFirstFailure';

const SLOW_MS = 60_000;

describe('A team outlives the windows that show it', function () {
  this.timeout(120_000);
  stepByStep(this);
  const socket = `survive-${process.pid}`;
  let dir: string;
  let env: Record<string, string>;
  let story: StoryWindow;
  let first: Workbench;
  let second: Workbench;

  before(async function () {
    this.timeout(300_000);
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'tv-')));
    for (const name of ['h', 'tmux']) mkdirSync(join(dir, name), { mode: 0o700 });
    env = {
      HOME: join(dir, 'h'),
      TACO_HOME: join(dir, 't'),
      TMUX_TMPDIR: join(dir, 'tmux'),
      TACO_SCRIPTED_RECEIVED: join(dir, 'received.jsonl'),
    };
    story = await openStory({
      env,
      settings: { 'taco.tmux.socket': socket, 'taco.agent.profile': 'scripted', 'taco.autoApprove': true },
    });
    first = story.workbench;
  });
  after(async () => {
    await story?.close();
    try {
      tmux('kill-server');
    } catch {
      // Ended already.
    }
    await stopRedis(new TacoPaths(env, dir));
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  });
  showFailures(this, () => [first, second]);

  function tmux(...args: string[]): string {
    return execFileSync('tmux', ['-L', socket, ...args], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }
  async function taco<T>(...args: string[]): Promise<T> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [resolve('dist/taco.js'), ...args, '--json', '--project', story.workspace],
      { env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', ...env } },
    );
    return JSON.parse(stdout) as T;
  }
  /** Returns the leader's process: an extension host. */
  async function leader(): Promise<number | null> {
    const { leader: holder } = await taco<Snapshot>('status');
    const pid = Number(holder?.split(':').at(-1));
    return pid > 1 && isRunning(pid) ? pid : null;
  }
  async function anotherLeads(than: number): Promise<number> {
    return first.eventually(
      async () => {
        const pid = await leader();
        return pid !== null && pid !== than ? pid : null;
      },
      'another leader',
      SLOW_MS,
    );
  }
  /** Returns how often the agents' models got the text. */
  function timesReceived(text: string): number {
    const file = env['TACO_SCRIPTED_RECEIVED'] ?? '';
    return existsSync(file)
      ? readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line.includes(text)).length
      : 0;
  }
  async function send(text: string): Promise<void> {
    const name =
      (await taco<{ agents: readonly { name: string; window: number }[] }>('agents')).agents.find(
        ({ window }) => window >= 2,
      )?.name ?? '';
    await taco('send', name, text, '--wait', 'received', '--timeout', '60');
    await first.eventually(() => Promise.resolve(timesReceived(text) > 0), text, SLOW_MS);
    assert.equal(timesReceived(text), 1);
  }

  it('started in one window, it is shown in a second one on the same folder', async () => {
    await first.openContainer('TACO');
    const start = (await first.welcome('Agents')).locator('.monaco-button', { hasText: 'Start…' });
    await first.pointer.clickUntil(start, first.question('TACO: Start'), 'the question for the goal');
    await first.answer('Something to survive with');
    await first.eventually(async () => (await first.treeRows('Agents')).length >= 3, 'the team', SLOW_MS);
    second = await first.another();
    await second.openContainer('TACO');
    await second.eventually(
      async () => (await second.treeRows('Agents')).length >= 3,
      'the team in the second window',
      SLOW_MS,
    );
    await send('while both windows are open');
  });

  it('is led by the second when the first is killed, without lost or duplicate messages', async () => {
    const killed = await leader();
    assert.ok(killed);
    process.kill(killed, 'SIGKILL');
    const text = 'sent while nobody leads';
    const name =
      (await taco<{ agents: readonly { name: string; window: number }[] }>('agents')).agents.find(
        ({ window }) => window >= 2,
      )?.name ?? '';
    await taco('send', name, text);
    await anotherLeads(killed);
    await first.eventually(() => Promise.resolve(timesReceived(text) > 0), 'what was sent meanwhile', SLOW_MS);
    assert.equal(timesReceived(text), 1);
    await second.screenshot('survive-2-second-leads');
  });

  it('is led again by a reloaded window whose views are closed', async () => {
    await first.openContainer('Explorer');
    await first.page.reload();
    await first.page.locator('.monaco-workbench .part.statusbar').waitFor();
    await first.eventually(() => first.statusItem('TACO').isVisible(), 'the counters', SLOW_MS);
    const killed = await leader();
    assert.ok(killed);
    process.kill(killed, 'SIGKILL');
    await anotherLeads(killed);
    await send('led by a window that shows something else');
    await first.screenshot('survive-3-unseen');
  });

  it('resumes completely, with one click, after tmux has ended', async () => {
    await first.openContainer('TACO');
    await first.treeRow('Agents', /^\s*Mother/, SLOW_MS);
    const before = (await first.treeRows('Agents')).length;
    tmux('kill-server');
    await first.treeRow('Agents', /exited/, SLOW_MS);
    await (await first.view('Agents')).getByText('The tmux session has ended').waitFor();
    await first.openContainer('Explorer');
    // The click leads to the agents and resumes nothing by itself.
    const ended = first.page.locator('.part.sidebar').getByText('The tmux session has ended');
    await first.pointer.clickUntil(first.statusItem('TACO'), ended, 'the agents of the ended session');
    await first.screenshot('survive-4-lost');
    await first.viewAction('Agents', 'Resume Session');
    await first.eventually(
      async () => {
        const rows = await first.treeRows('Agents');
        return rows.length === before && rows.every(({ text }) => !/exited/.test(text));
      },
      'the whole team again',
      SLOW_MS,
    );
    await send('after the resume');
    await first.screenshot('survive-5-resumed');
  });

  it('resumes from the monitor as well', async () => {
    const before = (await first.treeRows('Agents')).length;
    tmux('kill-server');
    await first.runCommand('TACO: Open Monitor');
    const monitor = await first.webview('.monitor:not([hidden])', SLOW_MS);
    await first.pointer.clickAway(monitor.getByRole('button', { name: 'Resume Session' }));
    await first.eventually(
      async () => {
        const rows = await first.treeRows('Agents');
        return rows.length === before && rows.every(({ text }) => !/exited/.test(text));
      },
      'the whole team once more',
      SLOW_MS,
    );
    await send('after the second resume');
  });
});

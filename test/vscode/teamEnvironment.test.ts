import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { TacoPaths } from '../../src/core/programs/paths';
import { stopRedis } from '../../src/redis/server/redisServer';
import { waitUntil } from '../support/waitUntil';

const PATIENCE_MS = 60_000;
/** Variables of VS Code's own session, in addition to those that this host has. */
const OF_VSCODE = { VSCODE_PID: '7', VSCODE_IPC_HOOK_CLI: '/x.sock', ELECTRON_RUN_AS_NODE: '1' };
const OF_THE_USER = { OF_THE_USER: 'from the login shell', ANTHROPIC_API_KEY: 'key' };
const OF_THE_SETTING = { OF_THE_SETTING: 'with "quotes" and $(id)', ANTHROPIC_API_KEY: 'another key' };

interface Ran {
  readonly code: number | null;
  readonly text: string;
}

describe('A team in the extension host', function () {
  this.timeout(4 * PATIENCE_MS);
  const socket = `host-${process.pid}`;
  const settings = {
    'taco.tmux.socket': socket,
    'taco.agent.profile': 'scripted',
    'taco.autoApprove': true,
    'taco.agent.env': OF_THE_SETTING,
  };
  const earlier = { ...process.env };
  const errors: string[] = [];
  const showErrorMessage = vscode.window.showErrorMessage.bind(vscode.window);

  async function configure(values: Readonly<Record<string, unknown>>): Promise<void> {
    for (const [id, value] of Object.entries(values))
      await vscode.workspace.getConfiguration().update(id, value, vscode.ConfigurationTarget.Global);
  }

  before(async () => {
    Object.assign(process.env, OF_VSCODE, OF_THE_USER);
    // The tests and the extension share one API: what the user would read is noted here.
    Object.assign(vscode.window, { showErrorMessage: async (text: string) => void errors.push(text) });
    await configure(settings);
  });
  after(async () => {
    await taco('down');
    Object.assign(vscode.window, { showErrorMessage });
    await configure(Object.fromEntries(Object.keys(settings).map((id) => [id, undefined])));
    for (const name of Object.keys({ ...OF_VSCODE, ...OF_THE_USER }))
      if (earlier[name] === undefined) delete process.env[name];
      else process.env[name] = earlier[name];
    await stopRedis(new TacoPaths(process.env, homedir()));
  });

  /** Runs the command line of the extension, as a shell of the user does. */
  function taco(...args: readonly string[]): Promise<Ran> {
    const script = join(vscode.extensions.getExtension('taco.taco')?.extensionPath ?? '', 'dist', 'taco.js');
    const cwd = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    const child = spawn(process.execPath, [script, ...args], {
      ...(cwd === undefined ? {} : { cwd }),
      env: process.env,
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    return new Promise((done) => child.once('close', (code) => done({ code, text })));
  }

  /** Returns the environment of each pane's program, as the kernel reports it. */
  function environments(): readonly (readonly string[])[] {
    const pids = execFileSync('tmux', ['-L', socket, 'list-panes', '-a', '-F', '#{pane_pid}'], { encoding: 'utf8' });
    return pids
      .trim()
      .split('\n')
      .map((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0'));
  }

  const start = (goal: string): Thenable<unknown> => vscode.commands.executeCommand('taco.start', goal);
  const status = async (): Promise<string> => (await taco('status', '--json')).text;

  it("has the user's variables and those of the setting in its agents, and nothing of VS Code's session", async function () {
    if (process.platform !== 'linux') return this.skip();
    await start('Build a page');
    await waitUntil(async () => /"phase": ?"running"/.test(await status()), PATIENCE_MS, 'the team');
    const found = environments();
    assert.ok(found.length >= 4, `${found.length} panes`);
    for (const entries of found) {
      for (const [name, value] of Object.entries({ ...OF_THE_USER, ...OF_THE_SETTING }))
        assert.ok(entries.includes(`${name}=${value}`), `${name}: ${entries.join(' | ')}`);
      const foreign = entries.filter((entry) => /^(VSCODE|ELECTRON)_/.test(entry));
      assert.deepEqual(foreign, []);
    }
    assert.equal((await taco('down')).code, 0);
    assert.deepEqual(errors, []);
  });

  it('either starts, or loses to a `taco up` at the same moment and says so', async () => {
    const ours = start('goal of the window');
    const theirs = taco(
      'up',
      '--goal',
      'goal of the shell',
      '--profile',
      'scripted',
      '--yes',
      '--until-done',
      '--json',
    );
    await ours;
    await waitUntil(async () => /"goal": ?"goal of/.test(await status()), PATIENCE_MS, 'a team').catch(() => undefined);
    const { code, text } = await theirs;
    if (code === 0) await waitUntil(() => errors.length > 0, PATIENCE_MS, `the loss in VS Code: ${text}`);
    else assert.match(text, /session-exists/);
    assert.equal(errors.length, code === 0 ? 1 : 0, errors.join('\n'));
    if (code === 0) assert.match(errors[0] ?? '', /already|exists/);
    else assert.match(await status(), /goal of the window/);
  });
});

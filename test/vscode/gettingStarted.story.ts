import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStory, storyVersion } from '../harness/openStory';
import { currentVsix } from '../harness/packageSuite';
import type { VsCodeOptions } from '../harness/vscodeServer';
import { Workbench } from '../harness/workbench';

const SLOW_MS = 30_000;

describe('A user who lacks something', function () {
  this.timeout(120_000);
  let home: string;
  const closing: (() => Promise<void>)[] = [];

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'fm-'));
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    rmSync(home, { recursive: true, force: true });
  });

  async function open(options: Partial<VsCodeOptions>): Promise<Workbench> {
    const story = await openStory({ env: { TACO_HOME: join(home, 't') }, ...options });
    closing.push(() => story.close());
    return story.workbench;
  }

  /** Returns the button of the Agents view's welcome text. */
  async function button(workbench: Workbench, text: string) {
    const found = (await workbench.welcome('Agents')).locator('.monaco-button', { hasText: text });
    await found.waitFor({ timeout: SLOW_MS });
    return found;
  }

  it('a folder: gets an offer to open one', async () => {
    const workbench = await Workbench.open({ version: storyVersion(), vsix: (await currentVsix(process.cwd())).path });
    closing.push(() => workbench.close());
    await workbench.openContainer('TACO');
    await button(workbench, 'Open Folder');
  });

  it('trust: is led to it, and nothing is started or written in Restricted Mode', async () => {
    const workbench = await open({
      settings: { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' },
    });
    await workbench.openContainer('TACO');
    await button(workbench, 'Manage Workspace Trust');
    await workbench.screenshot('restricted');
    await workbench.runCommand('TACO: Run Doctor');
    await workbench.quickInput
      .locator('.monaco-list-row', { hasText: /Trust.*Restricted Mode/ })
      .waitFor({ timeout: SLOW_MS });
    assert.equal(existsSync(join(home, 't')), false);
  });

  it('tmux: gets the install command in a terminal, not run', async () => {
    const workbench = await open({ settings: { 'taco.tmux.command': '/nowhere/tmux' } });
    await workbench.openContainer('TACO');
    const terminal = workbench.page.locator('.terminal-wrapper .xterm-rows').first();
    await workbench.pointer.clickUntil(await button(workbench, 'Install tmux'), terminal, 'a terminal');
    await terminal.filter({ hasText: /install.*tmux/ }).waitFor();
    await workbench.page.waitForTimeout(500); // time in which the command would have run
    assert.doesNotMatch(await terminal.innerText(), /tmux.*\n+.*\S/);
    await workbench.screenshot('install-tmux');
    assert.equal(existsSync(join(home, 't')), false);
  });

  it('an agent command: gets a message, and can set one', async () => {
    const workbench = await open({ settings: { 'taco.agent.command': 'no-such-agent' } });
    await workbench.openContainer('TACO');
    await button(workbench, 'Install Claude Code');
    await button(workbench, 'Set the Agent Command');
  });

  it('git, and a new enough tmux and Redis: the doctor lists the same as `taco doctor`, with a fix for each', async () => {
    const bin = join(home, 'bin');
    mkdirSync(bin);
    const ours = ['git', 'tmux', 'redis-server', 'valkey-server'];
    for (const name of readdirSync('/usr/bin').filter((each) => !ours.includes(each)))
      symlinkSync(join('/usr/bin', name), join(bin, name));
    for (const [name, says] of [
      ['tmux', 'tmux 3.1c'],
      ['redis-server', 'Redis server v=6.0.16 sha=0'],
    ] as const)
      writeFileSync(join(bin, name), `#!/bin/sh\necho '${says}'\n`, { mode: 0o755 });
    // As started from a shell: otherwise VS Code takes the PATH of a login shell.
    const workbench = await open({
      env: { TACO_HOME: join(home, 't'), PATH: bin, VSCODE_CLI: '1' },
      settings: { 'taco.agent.command': 'cat' },
    });
    await workbench.runCommand('TACO: Run Doctor');
    const row = (text: RegExp) => workbench.quickInput.locator('.monaco-list-row', { hasText: text });
    await row(/tmux.*3\.1c is too old; TACO needs 3\.2 or newer/).waitFor({ timeout: SLOW_MS });
    await row(/Redis.*6\.0\.16 is too old; TACO needs 6\.2 or newer/).waitFor();
    assert.equal(
      await row(/git.*not found/)
        .locator('.codicon-warning')
        .count(),
      1,
    );
    await workbench.quickInput.locator('.quick-input-title', { hasText: 'Missing or too old: 2' }).waitFor();
    await workbench.screenshot('doctor-old');
    await workbench.pointer.clickAway(row(/git.*not found/));
    await workbench.page.locator('.terminal-wrapper .xterm-rows', { hasText: /install.*git/ }).waitFor();
  });

  it('a Redis at the configured URL: gets one sentence with a fix, and nothing stays half started', async () => {
    const workbench = await open({ settings: { 'taco.redisUrl': 'redis://127.0.0.1:1', 'taco.agent.command': 'cat' } });
    await workbench.openContainer('TACO');
    await workbench.pointer.clickUntil(await button(workbench, 'Start…'), workbench.quickInput, 'the question');
    await workbench.answer('Anything');
    await workbench.eventually(
      async () =>
        (await workbench.notifications()).some((text) => /Redis at .*127\.0\.0\.1:1.* does not answer/.test(text)),
      'the sentence',
      SLOW_MS,
    );
    await workbench.notificationButton('Open Settings').waitFor();
    await workbench.screenshot('redis-away');
    assert.equal(existsSync(join(home, 't', 'projects')), false);
  });
});

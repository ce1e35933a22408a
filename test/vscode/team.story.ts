import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Workbench } from '../harness/workbench';
import { showFailures } from '../support/vscode/showFailure';
import { stepByStep } from '../support/vscode/stopOnFirstFailure';
import { StoryTeam } from '../support/vscode/storyTeam';

/** Claude Code takes a while to start on a busy machine. */
const AGENT_MS = 60_000;

describe('A user runs a team in VS Code', function () {
  this.timeout(150_000);
  stepByStep(this);
  let team: StoryTeam;
  let workbench: Workbench;

  before(async function () {
    this.timeout(600_000);
    team = await StoryTeam.open();
    workbench = team.window.workbench;
  });
  after(() => team?.close());
  showFailures(
    this,
    () => [workbench],
    () => team?.screens(),
  );

  async function send(name: string, text: string): Promise<void> {
    const title = `Message to ${name}`;
    await workbench.rowAction(await workbench.treeRow('Agents', name), 'Message Agent', title);
    await workbench.messageTo(name, text);
  }
  /** Waits until the tree does not show the request any more. */
  async function gone(text: string): Promise<void> {
    await (
      await workbench.view('Agents')
    )
      .locator('.monaco-list-row', { hasText: text })
      .waitFor({ state: 'detached', timeout: AGENT_MS });
  }

  it('finds a button to start with, in a sidebar that has started nothing', async () => {
    await workbench.openContainer('TACO');
    const welcome = await workbench.welcome('Agents');
    const start = welcome.locator('.monaco-button', { hasText: 'Start…' });
    await start.waitFor({ timeout: AGENT_MS });
    await workbench.screenshot('1-welcome');
    await workbench.pointer.clickUntil(start, workbench.question('TACO: Start'), 'the question for the goal');
    await workbench.answer('Greetings in other languages, and tests');
  });

  it("sees Mother's activity, and the problems of her first plan", async () => {
    await workbench.eventually(
      async () => (await workbench.notifications()).some((text) => /Mother plans, attempt 1 of 3/.test(text)),
      'the progress',
      AGENT_MS,
    );
    await workbench.eventually(
      async () =>
        (await workbench.notifications()).some((text) => /attempt 2 of 3/.test(text) && /window 3/i.test(text)),
      'the problem',
      AGENT_MS,
    );
    await workbench.screenshot('2-bad-plan');
  });

  it('reviews the plan as graph and table before anything is launched', async () => {
    const page = await workbench.webview('.plan table', AGENT_MS);
    assert.deepEqual(await page.locator('tbody th').allInnerTexts(), ['translator', 'coder', 'tester']);
    assert.equal(await page.locator('svg .node').count(), 3);
    assert.deepEqual(
      (await workbench.treeRows('Agents')).map((row) => row.text.split(' ')[0]),
      ['Mother'],
    );
    await workbench.screenshot('3-plan');
    await workbench.pointer.clickAway(page.locator('button', { hasText: 'Approve and launch 3 agents' }));
  });

  it('sees each agent with its state, and the messages between them arrive', async () => {
    for (const name of ['translator', 'coder', 'tester']) await workbench.treeRow('Agents', name, AGENT_MS);
    await workbench.eventually(
      async () => team.received().some((text) => text === '[AGENT-2 → AGENT-3]: Greetings are in src/greetings.json'),
      'the message at the model',
      AGENT_MS,
    );
    await workbench.eventually(() => workbench.statusItem('TACO').isVisible(), 'the counters');
    await (await workbench.treeRow('Services', 'docs', AGENT_MS)).waitFor();
  });

  it("gets an agent's message to the user as a notification, and replies", async () => {
    await workbench.eventually(
      async () => (await workbench.notifications()).some((text) => /translator: Shall I add Spanish/.test(text)),
      'the notification',
      AGENT_MS,
    );
    await workbench.screenshot('4-reply');
    await workbench.pressNotification(/Shall I add Spanish/, 'Reply');
    await workbench.answer('Yes, please');
    await workbench.eventually(
      async () => team.received().includes('[USER → AGENT-2]: Yes, please'),
      'the reply at the model',
      AGENT_MS,
    );
  });

  it('sees which agent waits for an answer, and why a message is held behind it', async () => {
    await workbench.treeRow('Agents', /tester.*needs you/, AGENT_MS);
    await send('tester', 'Use node:test');
    await workbench.treeRow('Messages', /you → tester.*a dialog is open/, AGENT_MS);
    await workbench.runCommand('TACO: Open Monitor');
    const monitor = await workbench.webview('.monitor table');
    await monitor.locator('.message-held', { hasText: 'a dialog is open' }).waitFor();
    await workbench.screenshot('5-held');
    assert.ok(!team.received().includes('[USER → AGENT-4]: Use node:test'));
  });

  it("answers in the agent's terminal, and the message leaves by itself", async () => {
    const terminal = workbench.page.locator('.editor-instance .xterm');
    await workbench.pointer.clickUntil(await workbench.treeRow('Agents', 'tester'), terminal, 'the terminal of tester');
    await workbench.eventually(async () => team.screen(4).includes('1. Yes'), 'the dialog');
    await workbench.page.waitForTimeout(1500); // the terminal draws
    await workbench.screenshot('6-terminal');
    await workbench.page.keyboard.press('Enter');
    await workbench.eventually(
      async () => team.received().includes('[USER → AGENT-4]: Use node:test'),
      'the message at the model',
      AGENT_MS,
    );
    await (
      await workbench.view('Messages')
    )
      .locator('.monaco-list-row', { hasText: /^Held/ })
      .waitFor({ state: 'detached', timeout: AGENT_MS });
  });

  it('answers a permission by the button of its notification, and no key is typed', async () => {
    await send('coder', 'Make the docs folder');
    await workbench.eventually(
      async () =>
        (await workbench.notifications()).some((text) =>
          /coder wants to use Bash: mkdir -p docs\/greetings/.test(text),
        ),
      'the notification',
      AGENT_MS,
    );
    // A toast disappears after some seconds: answer it before that.
    await workbench.screenshot('7-permission');
    await workbench.pressNotification(/coder wants to use Bash/, 'Allow');
    await workbench.eventually(
      async () => existsSync(join(team.window.workspace, 'docs', 'greetings')),
      'the folder',
      AGENT_MS,
    );
    await gone('Bash mkdir');
  });

  it('denies an edit after viewing it, with a reason that the agent gets', async () => {
    await send('coder', 'Begin the guide');
    const asked = await workbench.treeRow('Agents', 'Write /tmp/taco-story-guide.md', AGENT_MS);
    await workbench.pointer.hover(() => Promise.resolve(workbench.statusItem('TACO')), /coder\swants\sto\suse\sWrite/);
    const dialog = workbench.page.locator('.monaco-dialog-box', { hasText: 'Hello, hallo, bonjour.' });
    await workbench.pointer.clickUntil(asked, dialog, 'the edit that waits for an answer');
    // Its last request was answered late: the short delay after that must not cause a new notification.
    assert.deepEqual(
      (await workbench.notifications()).filter((text) => text.startsWith('coder needs you')),
      [],
    );
    await workbench.screenshot('8-edit');
    await workbench.pressDialog('Deny…');
    await workbench.answer('Put it into docs');
    await workbench.eventually(
      async () => team.results().some((text) => text.includes('Put it into docs')),
      'the reason at the model',
      AGENT_MS,
    );
    await gone('Write');
  });

  it('answers the questions of an agent, each by its choices', async () => {
    await send('coder', 'Ask me about the style');
    await workbench.treeRow('Agents', 'Which greeting comes first?', AGENT_MS);
    await workbench.runCommand('TACO: Answer Agent');
    await workbench.quickInput.locator('.monaco-list-row', { hasText: 'As the alphabet has it' }).waitFor();
    await workbench.screenshot('9-question');
    await workbench.pick('Hallo');
    await workbench.pick('Polish');
    await workbench.page.keyboard.press('Enter');
    await workbench.eventually(
      async () => team.results().some((text) => text.includes('"Hallo"') && text.includes('Polish')),
      'the answers at the model',
      AGENT_MS,
    );
    await gone('Which greeting');
  });

  it('finds the monitor again after a reload, with the unchanged team', async () => {
    await workbench.page.reload();
    await workbench.page.locator('.monaco-workbench .part.statusbar').waitFor();
    const monitor = await workbench.webview('.monitor table', AGENT_MS);
    await monitor.locator('tbody th', { hasText: 'coder' }).waitFor();
    await workbench.screenshot('10-reloaded');
  });

  it('reads the conversation of two agents, and exports it as a document', async () => {
    await workbench.runCommand('TACO: Show Conversation…');
    await workbench.pick('translator');
    await workbench.pick('coder');
    const monitor = await workbench.webview('.conversation li', AGENT_MS);
    await monitor.locator('.conversation .said', { hasText: 'Greetings are in src/greetings.json' }).first().waitFor();
    assert.equal(await monitor.locator('.strip').count(), 4); // Mother and three agents
    await workbench.screenshot('8-conversation');
    const formats = workbench.quickInput.locator('.monaco-list-row', { hasText: 'Markdown' });
    const exports = monitor.locator('button', { hasText: 'Export This Conversation…' });
    await workbench.pointer.clickUntil(exports, formats, 'the question for the format');
    await workbench.pick('Markdown');
    await workbench.page
      .locator('.editor-instance .view-lines', { hasText: 'Messages of translator and coder' })
      .waitFor();
  });

  it('stops the team, after a confirmation', async () => {
    await workbench.runCommand('TACO: Stop');
    await workbench.pressDialog('Stop');
    const welcome = await workbench.welcome('Agents');
    await welcome.locator('.monaco-button', { hasText: 'Start…' }).waitFor({ timeout: AGENT_MS });
  });

  it('learns from the doctor the known facts about the agent CLI with this tmux, and tries it out by a click', async () => {
    const claude = workbench.quickInput.locator('.monaco-list-row', { hasText: /claude 2\.1\.197/ });
    await workbench.runCommand('TACO: Run Doctor');
    await claude.filter({ hasText: /proven with tmux|untested with tmux/ }).waitFor({ timeout: AGENT_MS });
    await workbench.screenshot('11-doctor');
    await workbench.pointer.clickUntil(
      claude,
      async () => (await workbench.notifications()).some((text) => /Testing claude 2\.1\.197/.test(text)),
      'the progress',
    );
    await claude.filter({ hasText: /tested on this machine.*works/ }).waitFor({ timeout: 2 * AGENT_MS });
    await workbench.screenshot('12-doctor-tried');
    assert.match(team.probes(), /"claude 2\.1\.197 tmux [^]*"ok": true/);
    await workbench.page.keyboard.press('Escape');
  });
});

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Locator } from 'playwright-core';
import type { Plan } from '../../src/core/models';
import type { Workbench } from '../harness/workbench';
import { agent as agentSpec } from '../support/planBuilders';
import { ScriptedTeam } from '../support/vscode/scriptedTeam';
import { showFailures } from '../support/vscode/showFailure';
import { stepByStep } from '../support/vscode/stopOnFirstFailure';

const AGENT_MS = 60_000;

const PLAN: Plan = {
  agents: [
    agentSpec(2, 'api', { role: 'Works in a worktree', task: 'Wait', worktree: true }),
    agentSpec(3, 'web', { role: 'Works in the project', task: 'Wait' }),
  ],
};

describe('A user keeps a team in view', function () {
  this.timeout(120_000);
  stepByStep(this);
  let team: ScriptedTeam;
  let workbench: Workbench;

  before(async function () {
    this.timeout(300_000);
    team = await ScriptedTeam.open(
      PLAN,
      { 'taco.budget': 50, 'taco.autoApprove': false },
      { TACO_SCRIPTED_QUIET: '', TACO_SCRIPTED_TOKENS: '50000' },
    );
    workbench = team.window.workbench;
    await workbench.openContainer('TACO');
    await workbench.runCommand('TACO: Start…');
    await workbench.answer('Two greeters');
    const plan = await workbench.webview('.plan table', AGENT_MS);
    await workbench.pointer.clickAway(plan.locator('button', { hasText: 'Approve and launch 2 agents' }));
    await workbench.eventually(
      async () => team.received('web').length > 0 && team.received('api').length > 0,
      'the opening tasks',
      AGENT_MS,
    );
    for (const name of ['api', 'web']) await agent(name, /done/);
  });
  after(() => team?.close());
  showFailures(
    this,
    () => [workbench],
    () => team && [team.received('api'), team.received('web')],
  );

  /** Returns the agent's own row; other rows may mention it. */
  const agent = async (name: string, more = /./): Promise<Locator> => {
    const row = (await workbench.view('Agents'))
      .locator('.monaco-list-row')
      .filter({ has: workbench.page.locator('.label-name', { hasText: new RegExp(`^${name}$`) }) })
      .filter({ hasText: more })
      .first();
    await row.waitFor({ timeout: AGENT_MS });
    return row;
  };
  async function send(name: string, text: string): Promise<void> {
    const title = `Message to ${name}`;
    await workbench.rowAction(await agent(name), 'Message Agent', title);
    await workbench.messageTo(name, text);
  }
  const toasts = async (words: RegExp): Promise<readonly string[]> =>
    (await workbench.notifications()).filter((text) => words.test(text));
  const toast = (words: RegExp): Promise<unknown> =>
    workbench.eventually(async () => (await toasts(words)).length > 0, `a notification ${words}`, AGENT_MS);
  const pickAgent = (name: string): Promise<void> => workbench.pick(new RegExp(`^\\s*${name}`));

  it('mutes an agent: its notifications stop, and tree and status bar show that it asks', async () => {
    await workbench.pointer.contextAction(await agent('web'), 'Mute Agent');
    await agent('web', /muted/);
    await send('web', 'ask for permission');
    await workbench.treeRow('Agents', 'touch notes.txt', AGENT_MS);
    await send('api', 'ask for permission');
    await toast(/^api wants to use Bash: touch notes\.txt/);
    assert.deepEqual(await toasts(/^web/), []);
    await workbench.screenshot('cockpit-muted');
    await workbench.pointer.hover(async () => workbench.statusItem('TACO'), /web\swants\sto\suse\sBash/);
  });

  it('gets each request as a single notification once the agent is unmuted and the one before was answered', async () => {
    await workbench.pointer.contextAction(await agent('web'), 'Unmute Agent');
    assert.deepEqual(await toasts(/^web/), []);
    await workbench.pressNotification(/api wants to use/, 'Allow');
    await toast(/^web wants to use Bash: touch notes\.txt/);
    assert.equal((await toasts(/wants to use/)).length, 1);
    await workbench.pressNotification(/web wants to use/, 'Allow');
    await (
      await workbench.view('Agents')
    )
      .locator('.monaco-list-row', { hasText: 'touch notes.txt' })
      .first()
      .waitFor({ state: 'detached', timeout: AGENT_MS });
  });

  it("reads an agent's message in a notification, and its costs so far", async () => {
    await send('web', 'tell user The page is ready');
    await toast(/^web: The page is ready/);
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.pointer.hover(async () => (await agent('web')).locator('.label-name'), /Cost:\s≈\s\$\d/);
    await workbench.screenshot('cockpit-costs');
    await workbench.runCommand('TACO: Set Budget…');
    await workbench.quickInput.locator('.quick-input-message', { hasText: /So far:\s≈\s\$\d/ }).waitFor();
    await workbench.answer('75');
    await workbench.eventually(async () => team.taco('budget').includes('of $75.00'), 'the budget', AGENT_MS);
    await workbench.runCommand('TACO: Open Monitor');
    await (
      await workbench.webview('.monitor', AGENT_MS)
    )
      .locator('text=/≈ \\$[\\d.]+ of \\$75\\.00,/')
      .first()
      .waitFor({ timeout: AGENT_MS });
  });

  it('answers from the monitor a request whose notification was closed, and the agent gets the answer', async () => {
    await send('web', 'ask for permission');
    await toast(/^web wants to use Bash: touch notes\.txt/);
    await workbench.runCommand('Notifications: Clear All Notifications');
    const answer = (await workbench.webview('.monitor', AGENT_MS)).getByRole('button', { name: 'Answer…' });
    await answer.waitFor({ timeout: AGENT_MS });
    await workbench.screenshot('cockpit-monitor-answer');
    const dialog = workbench.page.locator('.monaco-dialog-box', { hasText: 'web wants to use Bash' });
    await workbench.pointer.clickUntil(answer, dialog, 'the question of web');
    await workbench.pressDialog('Deny…');
    await workbench.answer('Put it into docs', 'Deny');
    await workbench.eventually(
      async () => team.screen('web').includes('Not allowed: touch notes.txt'),
      'the answer at the agent',
      AGENT_MS,
    );
    await answer.waitFor({ state: 'hidden', timeout: AGENT_MS });
  });

  it('reveals an agent from anywhere', async () => {
    await workbench.openContainer('Explorer');
    await workbench.runCommand('TACO: Reveal Agent…');
    await pickAgent('web');
    await workbench.page.locator('.part.sidebar .monaco-list-row.selected.focused', { hasText: 'web' }).waitFor();
    await workbench.screenshot('cockpit-revealed');
  });

  it('drags a file from the explorer onto an agent, and it gets the path with the note', async () => {
    await workbench.openContainer('Explorer');
    const file = workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'README.md' }).first();
    await file.waitFor();
    await workbench.pointer.drag(file, [workbench.containerTab('TACO')], () => agent('api'));
    await workbench.question('Send README.md to api').waitFor();
    await workbench.screenshot('cockpit-dropped');
    await workbench.answer('Read this first');
    await workbench.eventually(
      async () => team.received('api').some((text) => text.includes('Read this first') && text.includes('README.md')),
      'the path at the agent',
      AGENT_MS,
    );
  });

  it("opens an agent from the terminal's own list of profiles", async () => {
    await workbench.runCommand('Create New Terminal (With Profile)');
    await workbench.pick('TACO Agent');
    await pickAgent('web');
    await workbench.page.locator('.part.panel .xterm-rows', { hasText: /Told\suser/ }).waitFor({ timeout: AGENT_MS });
    await workbench.screenshot('cockpit-profile');
    await workbench.runCommand('View: Hide Panel');
  });

  it("follows a URI to an agent's terminal, and to a message that waits for Enter", async () => {
    const open = async (address: string): Promise<void> => {
      await workbench.runCommand('Developer: Open URL');
      await workbench.answer(address);
      await workbench.pressDialog('Open');
    };
    await open('vscode://taco.taco/agent/api');
    await workbench.page
      .locator('.editor-instance .xterm-rows', { hasText: /Read\sthis\sfirst/ })
      .waitFor({ timeout: AGENT_MS });
    await open('vscode://taco.taco/message/web?text=From%20a%20link');
    await workbench.question('Message to web').waitFor({ timeout: AGENT_MS });
    assert.equal(await workbench.quickInput.locator('input').inputValue(), 'From a link');
    assert.ok(!team.received('web').some((text) => text.includes('From a link')));
    await workbench.page.keyboard.press('Enter');
    await workbench.eventually(
      async () => team.received('web').some((text) => text.includes('From a link')),
      'the message',
      AGENT_MS,
    );
  });

  it("opens an agent's worktree in a separate window", async () => {
    const opened = workbench.page.context().waitForEvent('page', { timeout: AGENT_MS });
    await workbench.pointer.contextAction(await agent('api'), 'Open Worktree in New Window');
    const page = await opened;
    const worktree = join(team.worktrees, readdirSync(team.worktrees)[0] ?? '', 'api');
    await page.waitForURL((url) => url.searchParams.get('folder') === worktree, {
      timeout: AGENT_MS,
      waitUntil: 'commit',
    });
    await page.close();
    const entry = workbench.page.locator('.monaco-menu .action-item', { hasText: 'Show All Changes' }).first();
    await workbench.eventually(async () => {
      // A redraw of the tree closes its menu.
      await (await agent('web')).click({ button: 'right', timeout: 5000 }).catch(() => undefined);
      return entry.waitFor({ timeout: 3000 }).then(
        () => true,
        () => workbench.page.keyboard.press('Escape').then(() => false),
      );
    }, 'the menu of web');
    assert.equal(await workbench.page.locator('.monaco-menu .action-item', { hasText: 'Open Worktree' }).count(), 0);
    await workbench.page.keyboard.press('Escape');
  });

  it('gets a change of the team for approval, sees the diff, and approves it', async () => {
    const plan = {
      agents: [
        ...PLAN.agents,
        {
          window: 9,
          name: 'writer',
          role: 'Describes it all',
          task: 'Wait',
          depends_on: [],
          notifies: [],
          wait_for: [],
        },
      ],
    };
    team.taco('plan', 'submit', team.write('plan.json', plan));
    await toast(/^Mother asks you to approve a change of the team: 1 added/);
    await workbench.pressNotification(/asks you to approve a change/, 'Review Plan');
    const page = await workbench.webview('.plan table', AGENT_MS);
    await page.locator('text=/\\+ writer/').first().waitFor();
    await workbench.screenshot('cockpit-change');
    await workbench.pointer.clickAway(page.locator('button', { hasText: /Approve change \(1 added/ }));
    await agent('writer', /done|idle/);
    await workbench.screenshot('cockpit-changed');
  });

  it('adopts a pane in which an agent CLI was started by hand', async () => {
    const newSession = 'new-session -d -P -F #{pane_id} -s mine -x 160 -y 60 env TACO_SCRIPTED_QUIET=1'.split(' ');
    const pane = team.tmux(...newSession, process.execPath, resolve('media/scripted-agent.mjs')).trim();
    const screen = (): string => team.tmux('capture-pane', '-p', '-J', '-S', '-', '-t', pane);
    await workbench.eventually(async () => screen().includes('❯'), 'its composer', AGENT_MS);
    await workbench.runCommand('TACO: Adopt Pane…');
    await workbench.pickEntries();
    await workbench.screenshot('cockpit-adopt');
    await workbench.pick('mine:');
    await workbench.answer('reviewer');
    await agent('reviewer', /idle/);
    await send('reviewer', 'Welcome');
    await workbench.eventually(
      async () => /^❯ \[USER → AGENT-\d+\]: Welcome$/m.test(screen()),
      'the message in its terminal',
      AGENT_MS,
    );
  });

  it('has a second window on the project: both show the request, one notifies, and the other does once that one is closed', async () => {
    await workbench.runCommand('Notifications: Clear All Notifications');
    const windows = [workbench, await workbench.another()];
    const rowIn = async (window: Workbench): Promise<Locator> => {
      await window.openContainer('TACO');
      return window.treeRow('Agents', 'touch notes.txt', AGENT_MS);
    };
    for (const window of windows) await window.openContainer('TACO');
    await windows[1]!.treeRow('Agents', /^\s*web/, AGENT_MS);
    await send('web', 'ask for permission');
    for (const window of windows) await rowIn(window);
    const notifying = async (): Promise<readonly Workbench[]> => {
      const shown = await Promise.all(windows.map((window) => window.notifications()));
      return windows.filter((_, index) => shown[index]?.some((text) => /^web wants to use Bash/.test(text)));
    };
    const teller = await workbench.eventually(async () => (await notifying())[0], 'the notification', AGENT_MS);
    for (const window of windows)
      await window.screenshot(`cockpit-windows-${window === teller ? 'notifies' : 'shows'}`);
    await workbench.page.waitForTimeout(8000); // time in which the other window polls more than once
    assert.deepEqual(
      (await notifying()).filter((window) => window !== teller),
      [],
    );
    // After it is closed, the other window shows the same request, and the user answers it there.
    const left = windows[teller === workbench ? 1 : 0]!;
    await teller.page.close();
    await left.eventually(
      async () => (await left.notifications()).some((text) => /^web wants to use Bash/.test(text)),
      'the notification in the other window',
      AGENT_MS,
    );
    await left.pressNotification(/web wants to use/, 'Allow');
    await (
      await left.view('Agents')
    )
      .locator('.monaco-list-row', { hasText: 'touch notes.txt' })
      .first()
      .waitFor({ state: 'detached', timeout: AGENT_MS });
  });
});

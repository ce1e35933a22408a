import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import type { Plan } from '../../src/core/models';
import type { Workbench } from '../harness/workbench';
import { agent as agentSpec } from '../support/planBuilders';
import { violationsIn } from '../support/vscode/axe';
import { ScriptedTeam } from '../support/vscode/scriptedTeam';
import { showFailures } from '../support/vscode/showFailure';
import { stepByStep } from '../support/vscode/stopOnFirstFailure';

const AGENT_MS = 60_000;
/** Proves that a file exists; the other check never ends by itself. */
const FINDS_FRENCH = `if (!require('fs').existsSync('src/french.js')) throw new Error('no French greeting'); console.log('Bonjour')`;
const HANGS = `console.log('tries to connect'); setInterval(() => undefined, 1000)`;

const PLAN: Plan = {
  agents: [
    agentSpec(2, 'api', {
      role: 'Adds French',
      task: 'Add French',
      worktree: true,
      check: ['node', '-e', FINDS_FRENCH],
    }),
    agentSpec(3, 'web', { role: 'Adds a page', task: 'Add a page', worktree: true, check: ['node', '-e', HANGS] }),
  ],
};

describe('A user proves finished work and merges it, from the keyboard', function () {
  this.timeout(120_000);
  stepByStep(this);
  let team: ScriptedTeam;
  let workbench: Workbench;

  before(async function () {
    this.timeout(300_000);
    team = await ScriptedTeam.open(PLAN, {}, { TACO_SCRIPTED_QUIET: '' });
    workbench = team.window.workbench;
    await workbench.openContainer('TACO');
    await workbench.runCommand('TACO: Start…');
    await workbench.answer('Greetings in French');
  });
  after(() => team?.close());
  showFailures(
    this,
    () => [workbench],
    () => team?.taco('agents'),
  );

  /** Returns the agent's own row, once it shows `state`. */
  const agent = async (name: string, state: RegExp): Promise<Locator> => {
    const row = (await workbench.view('Agents'))
      .locator('.monaco-list-row')
      .filter({ has: workbench.page.locator('.label-name', { hasText: new RegExp(`^${name}$`) }) })
      .filter({ hasText: state })
      .first();
    await row.waitFor({ timeout: AGENT_MS });
    return row;
  };
  const statusOf = (): string => team.taco('status');
  const folder = (name: string): string => join(team.worktrees, readdirSync(team.worktrees)[0] ?? '', name);
  const toast = (words: RegExp): Promise<unknown> =>
    workbench.eventually(
      async () => (await workbench.notifications()).some((text) => words.test(text)),
      `a notification ${words}`,
      AGENT_MS,
    );
  /** Confirms the modal dialog with the keyboard, wherever a webview has left the focus. */
  async function confirm(words: RegExp, button: string): Promise<void> {
    const dialog = workbench.page.locator('.monaco-dialog-box', { hasText: words });
    await dialog.locator('.monaco-button', { hasText: button }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
  }

  it('sees that the check of one agent failed, and that the check of another runs', async () => {
    await agent('api', /check failed/);
    await agent('web', /check runs/);
    await workbench.screenshot('work-checks');
  });

  it('reads what a check that runs has printed, cancels it, and accepts the work without it', async () => {
    await workbench.runCommand('TACO: Show Evidence');
    await workbench.answer('web');
    await workbench.page.locator('.xterm-rows', { hasText: 'tries to connect' }).first().waitFor({ timeout: AGENT_MS });
    await workbench.screenshot('work-live');
    await workbench.runCommand('TACO: Cancel Check');
    await workbench.answer('web');
    await agent('web', /cancelled/);
    await workbench.runCommand('TACO: Accept Work');
    await workbench.answer('web');
    await workbench.screenshot('work-accept');
    await confirm(/Count the work of web as done/, 'Accept Work');
    await agent('web', /not proven/);
  });

  it('runs the check again after the agent has committed, and reads what proves the work', async () => {
    writeFileSync(join(folder('api'), 'src', 'french.js'), "export const french = 'Bonjour';\n");
    team.git('-C', folder('api'), 'add', '--all');
    team.git('-C', folder('api'), 'commit', '-q', '-m', 'Greet in French');
    await workbench.runCommand('TACO: Run Check');
    await workbench.answer('api');
    await agent('api', /proven/);
    await workbench.runCommand('TACO: Show Evidence');
    await workbench.answer('api');
    await workbench.pickEntries();
    await workbench.screenshot('work-evidence');
    await workbench.pick(/passed/);
    await workbench.page.locator('.editor-instance .view-line', { hasText: 'Bonjour' }).first().waitFor();
    assert.ok((await workbench.editors()).some((title) => /^Check of api [0-9a-f]{10}/.test(title)));
  });

  it('finds no accessibility violation in the monitor that shows the proof', async () => {
    await workbench.runCommand('TACO: Open Monitor');
    const page = await workbench.webview('.monitor tbody', AGENT_MS);
    await page.locator('tbody', { hasText: 'proven' }).first().waitFor();
    await workbench.screenshot('work-monitor');
    assert.deepEqual(await violationsIn(page), []);
  });

  it('compares the work of one agent with that of another', async () => {
    await workbench.runCommand('TACO: Compare with…');
    await workbench.pickEntries();
    await workbench.screenshot('work-compare-pick');
    await workbench.answer('api');
    await workbench.answer('web');
    await workbench.page.locator('.monaco-diff-editor .view-line', { hasText: 'Bonjour' }).first().waitFor();
    await workbench.screenshot('work-compare');
  });

  it('merges the proven work, and removes the worktree that is no longer needed', async () => {
    await workbench.runCommand('TACO: Merge…');
    await workbench.pickEntries();
    await workbench.screenshot('work-merge');
    await workbench.answer('');
    await toast(/api: merged into main/);
    await workbench.screenshot('work-merged');
    assert.match(team.git('log', '--format=%s', 'main'), /^Greet in French$/m);
    assert.equal(team.git('status', '--porcelain'), '');
    await agent('api', /merged/);
    await workbench.pressNotification(/merged into main/, 'Remove Worktree…');
    await workbench.answer('api');
    await workbench.screenshot('work-remove');
    await confirm(/Remove the worktree/, 'Remove');
    await toast(/api.* is removed/);
    assert.doesNotMatch(team.git('worktree', 'list'), /\/api /);
    await workbench.screenshot('work-removed');
  });

  it('undoes the merge', async () => {
    await workbench.runCommand('TACO: Undo Merge…');
    await confirm(/Undo the merge of api into main/, 'Undo Merge');
    await toast(/main is as before the work of api/);
    assert.doesNotMatch(team.git('log', '--format=%s', 'main'), /Greet in French/);
    await workbench.screenshot('work-undone');
  });

  it('pauses the team, so that nothing is typed into an agent, and resumes it', async () => {
    await workbench.runCommand('TACO: Pause Team');
    await workbench.eventually(async () => statusOf().includes('You paused the team'), 'the pause', AGENT_MS);
    team.taco('send', 'web', 'a message during the pause');
    const messages = (): string => team.taco('messages', '--agent', 'web');
    await workbench.eventually(async () => /held.*paused/.test(messages()), 'a held message', AGENT_MS);
    assert.ok(!team.received('web').some((prompt) => prompt.includes('during the pause')));
    await workbench.runCommand('TACO: Resume Team');
    await workbench.eventually(
      async () => team.received('web').some((prompt) => prompt.includes('during the pause')),
      'the message',
      AGENT_MS,
    );
    assert.ok(!statusOf().includes('You paused the team'));
  });

  it('reads the report of the whole session', async () => {
    await workbench.runCommand('TACO: Show Report…');
    await workbench.answer('');
    const lines = workbench.page.locator('.editor-instance .view-line');
    await lines.filter({ hasText: 'Team report' }).first().waitFor({ timeout: AGENT_MS });
    await lines.filter({ hasText: 'What needs you now' }).first().waitFor({ timeout: AGENT_MS });
    await workbench.screenshot('work-report');
  });
});

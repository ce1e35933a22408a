import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import type { Plan } from '../../src/core/models';
import type { Workbench } from '../harness/workbench';
import { ScriptedTeam } from '../support/vscode/scriptedTeam';
import { showFailures } from '../support/vscode/showFailure';
import { stepByStep } from '../support/vscode/stopOnFirstFailure';

const AGENT_MS = 60_000;

const PLAN: Plan = {
  agents: [
    {
      window: 2,
      name: 'api',
      role: 'Works in a worktree',
      task: 'Wait',
      worktree: true,
      depends_on: [],
      notifies: [],
      wait_for: [],
    },
    { window: 3, name: 'web', role: 'Works in the project', task: 'Wait', depends_on: [], notifies: [], wait_for: [] },
  ],
};

describe('A user works with agents from the editor', function () {
  this.timeout(120_000);
  stepByStep(this);
  let team: ScriptedTeam;
  let workbench: Workbench;
  let worktree: string;

  /** Returns the prompt that an agent got and that matches. */
  const got = (agent: string, words: RegExp): Promise<string> =>
    workbench.eventually(
      async () => team.received(agent).find((prompt) => words.test(prompt)),
      `${words} at ${agent}`,
      AGENT_MS,
    );

  before(async function () {
    this.timeout(300_000);
    team = await ScriptedTeam.open(PLAN);
    workbench = team.window.workbench;
    await workbench.openContainer('TACO');
    await workbench.runCommand('TACO: Start…');
    await workbench.answer('Two greeters');
    await workbench.eventually(
      async () => team.received('web').length > 0 && team.received('api').length > 0,
      'the opening tasks',
      AGENT_MS,
    );
    worktree = join(team.worktrees, readdirSync(team.worktrees)[0] ?? '', 'api');
  });
  after(() => team?.close());
  showFailures(
    this,
    () => [workbench],
    () => team && [team.received('api'), team.received('web')],
  );

  /** Opens a file from the explorer, folder by folder: the results of quick open depend on the version. */
  async function openFile(path: string, line = 1): Promise<void> {
    const folders = path.split('/');
    const name = folders.pop() ?? '';
    const rowOf = (label: string) =>
      workbench.page.locator(`.explorer-folders-view .monaco-list-row[aria-label^="${label}"]`).first();
    await workbench.openContainer('Explorer');
    await workbench.eventually(async () => {
      for (const folder of folders)
        if ((await rowOf(folder).getAttribute('aria-expanded')) === 'false')
          await rowOf(folder)
            .click({ timeout: 3000 })
            .catch(() => undefined);
      // VS Code finds a file that was just written only a moment later.
      await rowOf(name)
        .dblclick({ timeout: 3000 })
        .catch(() => undefined);
      // 1.139 draws the file extension separately.
      return (await workbench.editors()).some((title) => title !== '' && name.startsWith(title));
    }, path);
    await workbench.page.locator('.editor-instance .view-line').first().waitFor();
    await workbench.runCommand('Go to Line');
    await workbench.answer(`:${line}`);
    await workbench.openContainer('TACO');
    await workbench.runCommand('View: Focus Active Editor Group');
  }

  /** Picks the agent's own row: other rows may mention it. */
  const pickAgent = (name: string): Promise<void> => workbench.pick(new RegExp(`^\\s*${name}`));
  const inDiff = (text: string): Locator =>
    workbench.page.locator('.monaco-diff-editor .view-line', { hasText: text }).first();
  const toolbar = (action: string): Locator =>
    workbench.page.locator(`.editor-actions a[aria-label^="${action}"]`).first();

  it('sends the selection by its key, and the agent gets the path in its own worktree with the lines there', async () => {
    writeFileSync(
      join(worktree, 'src', 'greet.js'),
      `// one line more above\n${team.git('show', 'HEAD:src/greet.js')}`,
    );
    await openFile('src/greet.js', 2);
    for (const key of ['Home', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Control+K', 'a'])
      await workbench.page.keyboard.press(key);
    await pickAgent('api');
    await workbench.answer('Make this shorter');
    assert.equal(
      await got('api', /shorter/),
      "[USER → AGENT-2]: Make this shorter\n\nsrc/greet.js:3-4:\n```javascript\nexport function greet(name = 'world') {\n  return `Hello, ${name}!`;\n```",
    );
  });

  it('asks an agent to fix a problem, from its light bulb', async () => {
    writeFileSync(join(team.window.workspace, 'bad.json'), '{ "a": 1,, }\n');
    await openFile('bad.json');
    await workbench.page.locator('.squiggly-error').first().waitFor({ timeout: AGENT_MS });
    const offer = '.action-widget .monaco-list-row:has-text("Ask Agent to Fix")';
    await workbench.eventually(
      async () => {
        for (const key of ['F8', 'Escape', 'Control+Period']) await workbench.page.keyboard.press(key);
        // A part of VS Code that still loads closes the list again.
        return workbench.page
          .locator(offer)
          .first()
          .waitFor({ timeout: 5000 })
          .then(
            () => true,
            () => workbench.page.keyboard.press('Escape').then(() => false),
          );
      },
      'the offer of the light bulb',
      AGENT_MS,
    );
    const box = await workbench.page.locator(offer).first().boundingBox();
    // The list of 1.100 ignores a click before the pointer has moved.
    for (const [x, y] of [
      [2, 2],
      [8, 8],
    ] as const)
      await workbench.page.mouse.move((box?.x ?? 0) + x, (box?.y ?? 0) + y);
    await workbench.pointer.clickUntil(
      workbench.page.locator(offer).first(),
      workbench.quickInput,
      'the question for the agent',
    );
    await pickAgent('web');
    await workbench.answer('');
    assert.match(
      await got('web', /Please fix/),
      /^\[USER → AGENT-3\]: Please fix this error in bad\.json:1:\nerror json\(\d+\): .+\n```json\n\{ "a": 1,, \}\n```$/,
    );
  });

  it('sees what each agent changed, with its diff, and which changes have no known author', async () => {
    writeFileSync(join(worktree, 'src', 'farewell.js'), "export const bye = () => 'Bye';\n");
    await workbench.treeRow('Changes', /^\s*api/, AGENT_MS);
    await workbench.treeRow('Changes', /Project folder.*web and you work in this folder/);
    // The row of the other file comes above.
    await workbench.treeRow('Changes', /farewell\.js/, AGENT_MS);
    const changed = await workbench.treeRow('Changes', /greet\.js.*M · \+1/);
    await workbench.pointer.clickUntil(changed, inDiff('one line more above'), 'the diff of a changed file');
    await workbench.pointer.clickUntil(
      toolbar('Next Changed File'),
      inDiff('Bye'),
      'the diff of the next changed file',
    );
  });

  it('reviews it line by line, and two comments arrive as one message', async () => {
    const comment = async (text: string): Promise<void> => {
      await workbench.runCommand('Comments: Add Comment on Current Selection');
      const box = workbench.page.locator('.review-widget').last();
      await box.locator('.monaco-editor.focused').first().waitFor();
      await workbench.page.keyboard.type(text);
      const add = box.locator('.monaco-button', { hasText: 'Add to Review' });
      await workbench.pointer.clickUntil(add, box.locator('.comment-body', { hasText: text }), `the comment "${text}"`);
    };
    await comment('Take a name, please');
    const before = inDiff('one line more above');
    await workbench.pointer.clickUntil(toolbar('Previous Changed File'), before, 'the diff of the file before');
    await comment('Why this line?');
    await workbench.screenshot('8-review');
    await workbench.runCommand('TACO: Send Review to Agent…');
    await workbench.answer('Nearly there');
    const prompt = await got('api', /Nearly there/);
    assert.match(
      prompt,
      /2 comments:\n\n1\. src\/farewell\.js:1:\n```javascript\nexport const bye[^]*Take a name, please\n\n2\. src\/greet\.js:1:\n```javascript\n\/\/ one line more above\n```\nWhy this line\?$/,
    );
    assert.equal(team.received('api').filter((each) => /Take a name/.test(each)).length, 1);
  });

  it("opens a path in the agent's terminal relative to the agent's folder", async () => {
    const line = workbench.page
      .locator('.editor-instance .xterm-rows > div', { hasText: /src\/farewell\.js:1:$/ })
      .last();
    await workbench.eventually(
      async () => {
        // A row that is redrawn under the click ignores it.
        await (await workbench.treeRow('Agents', /^\s*api/)).click({ noWaitAfter: true });
        return line.waitFor({ timeout: 5000 }).then(
          () => true,
          () => false,
        );
      },
      'the review in the terminal of the agent',
      AGENT_MS,
    );
    await workbench.eventually(async () => {
      const box = await line.boundingBox();
      if (!box) return false;
      await workbench.page.mouse.move(box.x + 60, box.y + box.height / 2);
      await workbench.page.keyboard.down('Control');
      await workbench.page.mouse.click(box.x + 64, box.y + box.height / 2);
      await workbench.page.keyboard.up('Control');
      return (await workbench.editors()).some((title) => title.startsWith('farewell'));
    }, 'the file of the agent');
  });
});

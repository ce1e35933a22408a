import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import type { Workbench } from '../harness/workbench';
import { THEMES, violationsIn, wear, type Theme } from '../support/vscode/axe';
import { besideNarrow, tabStops } from '../support/vscode/keyboardNavigation';
import { SampleTeam } from '../support/vscode/sampleTeam';
import { stepByStep } from '../support/vscode/stopOnFirstFailure';

const SLOW_MS = 60_000;

describe('A user who has no agent CLI yet', function () {
  this.timeout(120_000);
  stepByStep(this);
  let team: SampleTeam;
  let workbench: Workbench;

  before(async () => {
    team = await SampleTeam.open({ 'taco.agent.command': 'no-such-agent' });
    workbench = team.window.workbench;
  });
  after(() => team?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed' && workbench)
      await workbench.screenshot(`failed-${this.currentTest.title.slice(0, 40).replace(/\W+/g, '-')}`);
  });

  /** Returns the titles of the walkthrough's completed steps. */
  async function ticked(): Promise<readonly string[]> {
    const steps = await workbench.page.locator('.gettingStarted .step-list-container .getting-started-step').all();
    const done = await Promise.all(
      steps.map(async (step) =>
        (await step.locator('.codicon.complete').count()) > 0 ? await step.locator('.step-title').innerText() : '',
      ),
    );
    return done.filter((title) => title !== '');
  }

  it('finds five steps, the first of which is not complete while something is missing', async () => {
    await workbench.runCommand('TACO: Get Started');
    const steps = workbench.page.locator('.gettingStarted .step-list-container .getting-started-step');
    await workbench.eventually(async () => (await steps.count()) === 5, 'the steps', SLOW_MS);
    await workbench.screenshot('walkthrough');
    assert.deepEqual(await ticked(), []);
  });

  it('learns from the doctor what is missing, with a team of scripted agents as an alternative', async () => {
    await workbench.runCommand('TACO: Run Doctor');
    await workbench.quickInput
      .locator('.monaco-list-row', { hasText: /Agent CLI.*no-such-agent/ })
      .waitFor({ timeout: SLOW_MS });
    await workbench.screenshot('doctor');
    await workbench.pick('Try with scripted agents');
  });

  it('sees their plan under review, and the steps before it completed', async () => {
    await workbench.webview('.plan', SLOW_MS);
    await workbench.runCommand('TACO: Get Started');
    await workbench.eventually(async () => (await ticked()).length >= 2, 'two ticks', SLOW_MS);
    await workbench.screenshot('walkthrough-ticked');
  });

  /** Returns the page of the plan, in front. */
  async function plan(): Promise<Frame> {
    await workbench.runCommand('TACO: Review Plan');
    return workbench.webview('.plan tbody', SLOW_MS);
  }

  /** Opens the fields of the second agent. */
  const editTester = (page: Frame): Promise<void> =>
    workbench.pointer.clickUntil(
      page.locator('button[aria-label="Edit tester"]'),
      page.locator('#agent-1-role'),
      'the fields of the agent',
    );

  /** Returns the findings of axe-core in the page that contains `selector`, in every theme. */
  async function violations(selector: string, name: string): Promise<readonly string[]> {
    const found: string[] = [];
    for (const theme of Object.keys(THEMES) as Theme[]) {
      const frame = await wear(team.window, theme, selector);
      found.push(...(await violationsIn(frame)).map((violation) => `${theme}: ${violation}`));
      await workbench.screenshot(`${name}-${theme}`);
    }
    return found;
  }

  /** Asserts that Tab stops at each of `names` in the page, and that each is fully visible there. */
  async function reaches(page: Frame, names: readonly string[]): Promise<void> {
    const stops = await tabStops(workbench, page);
    assert.deepEqual(
      stops.filter(({ problem }) => problem !== ''),
      [],
    );
    for (const name of names)
      assert.ok(
        stops.some((stop) => stop.name.includes(name)),
        `Tab does not come to "${name}", but to ${stops.map((stop) => stop.name).join('; ')}`,
      );
  }

  it('edits an agent in place, and the document follows', async () => {
    const page = await plan();
    await editTester(page);
    await page.locator('#agent-1-role').fill('Tests every greeting');
    await workbench.eventually(async () => team.document().includes('"role": "Tests every greeting"'), 'the document');
    await page.locator('tbody th', { hasText: 'builder' }).waitFor();
    // A new name: the lists of the other agents follow it.
    await page.locator('#agent-1-name').fill('checker');
    await page.locator('#agent-1-name').press('Tab');
    await workbench.eventually(
      async () => /"wait_for": \[\s*"checker"/.test(team.document()),
      'the new name in the list of another',
    );
    await page.locator('.launch', { hasText: '3 agents (3 × scripted)' }).waitFor();
  });

  it('sees a problem at its agent, fixes it with one click, and undoes that', async () => {
    const page = await plan();
    await workbench.eventually(async () => {
      // An update from the document between the key and the end of the field may replace its text.
      await page.locator('#agent-1-window').fill('2');
      await page.locator('#agent-1-window').press('Tab');
      return page
        .locator('tbody.bad .problem', { hasText: 'Window 2 is assigned to 2 agents' })
        .first()
        .waitFor({ timeout: 3000 })
        .then(
          () => true,
          () => false,
        );
    }, 'the problem of two agents in one window');
    assert.equal(await page.locator('button', { hasText: /^Approve/ }).isDisabled(), true);
    await workbench.screenshot('plan-problem');
    const bad = page.locator('tbody.bad');
    const assign = (): Promise<void> =>
      workbench.pointer.clickUntil(
        bad.locator('button', { hasText: 'Assign free windows' }).first(),
        async () => (await bad.count()) === 0,
        'other windows',
      );
    await assign();
    await workbench.pointer.clickUntil(page.locator('button', { hasText: 'Undo' }), bad, 'the problem again');
    await assign();
  });

  it('has the same as JSON beside, with its problems marked there, and each side follows the other', async () => {
    const page = await plan();
    const editor = workbench.page.locator('.monaco-editor .view-lines').first();
    await workbench.pointer.clickUntil(
      page.locator('button', { hasText: 'Edit as JSON' }),
      editor.filter({ hasText: 'Tests every greeting' }),
      'the editor',
    );
    await workbench.page.locator('.monaco-editor textarea, .monaco-editor .native-edit-context').first().focus();
    await workbench.page.keyboard.press('Control+Home');
    await workbench.page.keyboard.press('Control+F');
    await workbench.page.locator('.find-widget textarea').first().fill('Tests every greeting');
    await workbench.page.keyboard.press('Enter');
    await workbench.page.keyboard.press('Escape');
    await workbench.page.keyboard.type('Tries every greeting');
    await page.locator('tbody td.text', { hasText: 'Tries every greeting' }).waitFor();
    await workbench.screenshot('plan-json');
    await workbench.pointer.clickUntil(
      page.locator('button[aria-label="Remove writer"]'),
      async () => !(await editor.innerText()).includes('writer'),
      'the removal in the editor',
    );
    await page.locator('button', { hasText: 'Approve and launch 2 agents' }).waitFor();
  });

  it('loses none of the edits when another plan arrives', async () => {
    const page = await plan();
    team.taco(
      'plan',
      'submit',
      team.write('other.json', { agents: [{ window: 2, name: 'lonely', role: 'Does it all' }] }),
    );
    await page.locator('.notice', { hasText: 'another plan' }).waitFor({ timeout: SLOW_MS });
    assert.equal(await page.locator('button', { hasText: /^Approve/ }).isDisabled(), true);
    await workbench.screenshot('plan-incoming');
    const notice = page.locator('.notice', { hasText: 'another plan' });
    await workbench.pointer.clickUntil(
      page.locator('button', { hasText: 'Keep mine' }),
      async () => !(await notice.isVisible()),
      'the end of the notice',
    );
    await page.locator('tbody th', { hasText: 'checker' }).waitFor();
    // VS Code shows the notification for some seconds only.
    await Promise.all([
      workbench.eventually(
        async () => (await workbench.notifications()).some((text) => text.includes('Your edits are kept in')),
        'where the edits are',
      ),
      workbench.pointer.clickUntil(
        page.locator('button', { hasText: 'Discard My Edits' }),
        page.locator('tbody th', { hasText: 'lonely' }),
        'the other plan',
      ),
    ]);
  });

  it('finds no accessibility violation in the plan review, in any theme', async () => {
    const page = await plan();
    team.taco('plan', 'submit', team.write('sample.json', team.plan));
    await page.locator('tbody th', { hasText: 'tester' }).waitFor({ timeout: SLOW_MS });
    await workbench.runCommand('Notifications: Clear All Notifications');
    const tabs = workbench.page.locator('.tab', { hasText: 'taco-plan.json' });
    await workbench.pointer.clickUntil(
      tabs.first(),
      workbench.page.locator('.tab.active', { hasText: 'taco-plan.json' }),
      'the document in front',
    );
    await workbench.runCommand('View: Close Editor');
    await editTester(page);
    assert.deepEqual(await violations('.plan tbody', 'plan'), []);
  });

  it('reaches every control of the plan review with the Tab key, and always sees the focus', async () => {
    await reaches(await plan(), [
      'Approve and launch 3 agents',
      'Edit as JSON',
      'note',
      'Graph of the plan',
      'Edit builder',
      'Remove writer',
      'agent-1-role',
      'Add an agent',
    ]);
  });

  it('sees all of it in a narrow editor', async () => {
    assert.deepEqual(await besideNarrow(workbench, await plan(), 'plan-narrow'), []);
  });

  it('approves, and finds no accessibility violation in the monitor', async () => {
    const page = await plan();
    await workbench.pointer.clickAway(page.locator('button', { hasText: 'Approve and launch 3 agents' }));
    for (const name of ['builder', 'tester', 'writer'])
      await (
        await workbench.webview('.monitor', SLOW_MS)
      )
        .locator('tbody th', { hasText: name })
        .waitFor({ timeout: SLOW_MS });
    assert.deepEqual(await violations('.monitor', 'monitor'), []);
  });

  it('reaches every control of the monitor with the Tab key as well', async () => {
    const page = await workbench.webview('.monitor');
    await reaches(page, ['Broadcast…', 'Over time', 'Message builder']);
    await page.locator('summary', { hasText: 'Over time' }).press('Enter');
    await reaches(page, [
      'Broadcast…',
      'How far back',
      'Delivery latency',
      'Message builder',
      'Open terminal of writer',
      'Filter messages',
      '→ builder',
      'Export…',
    ]);
  });

  it('sees all of that in a narrow editor', async () => {
    assert.deepEqual(await besideNarrow(workbench, await workbench.webview('.monitor'), 'monitor-narrow'), []);
  });
});

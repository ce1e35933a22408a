import assert from 'node:assert/strict';
import { storyVersion } from '../harness/openStory';
import { NEWEST } from '../harness/vscodeInstall';
import type { Workbench } from '../harness/workbench';
import { SampleTeam } from '../support/vscode/sampleTeam';
import { stepByStep } from '../support/vscode/stopOnFirstFailure';

const SLOW_MS = 60_000;

describe('A user whose VS Code is in German', function () {
  this.timeout(120_000);
  stepByStep(this);
  let team: SampleTeam | undefined;
  let workbench: Workbench;
  before(async function () {
    // The texts are the same in every VS Code.
    if (storyVersion() !== NEWEST) this.skip();
    team = await SampleTeam.open({ 'taco.agent.command': 'no-such-agent' }, 'de');
    ({ workbench } = team.window);
  });
  after(() => team?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await workbench.screenshot(`failed-${this.currentTest.title.slice(0, 40).replace(/\W+/g, '-')}`);
  });

  it('reads the first steps in German, with the text beside them', async () => {
    await workbench.runCommand('TACO: Erste Schritte');
    // The content beside a step is a separate page.
    await workbench.webview('h3:has-text("Voraussetzungen eines Teams")', SLOW_MS);
    await workbench.screenshot('german-walkthrough');
  });

  it('finds views and commands in German', async () => {
    await workbench.openContainer('TACO');
    await (
      await workbench.welcome('Agenten')
    )
      .locator('.monaco-button', { hasText: 'Mit geskripteten Agenten ausprobieren' })
      .waitFor({ timeout: SLOW_MS });
    await workbench.runCommand('TACO: Mit geskripteten Agenten ausprobieren');
  });

  it('reviews the plan in German', async () => {
    const plan = await workbench.webview('.plan tbody', SLOW_MS);
    assert.equal(await plan.locator('html').getAttribute('lang'), 'de');
    await plan
      .locator('button', { hasText: /^Freigeben/ })
      .first()
      .waitFor();
    await workbench.screenshot('german-plan');
    await workbench.pointer.clickAway(plan.locator('button', { hasText: /^Freigeben/ }).first());
  });

  it('sees the team work in German, while texts to agents stay English', async () => {
    await workbench.treeRow('Agenten', /untätig|arbeitet|fertig/, SLOW_MS);
    await workbench.runCommand('TACO: Monitor öffnen');
    const monitor = await workbench.webview('.monitor', SLOW_MS);
    await monitor.locator('header span', { hasText: 'Ausstehend' }).waitFor();
    await monitor.locator('text=Your task').first().waitFor({ timeout: SLOW_MS });
    await workbench.screenshot('german-monitor');
  });
});

import assert from 'node:assert/strict';
import { SampleTeam } from './support/sampleTeam';
import type { Workbench } from '../bed/workbench';

const SLOW_MS = 60_000;

describe('A person who has no agent CLI yet', function () {
  this.timeout(120_000);
  this.bail(true); // each step builds on the one before
  let team: SampleTeam;
  let workbench: Workbench;

  before(async () => {
    team = await SampleTeam.open({ 'taco.agent.command': 'no-such-agent' });
    workbench = team.window.workbench;
  });
  after(() => team?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed' && workbench) await workbench.screenshot(`failed-${this.currentTest.title.slice(0, 40).replace(/\W+/g, '-')}`);
  });

  /** Titles of the walkthrough's steps that are ticked off. */
  async function ticked(): Promise<readonly string[]> {
    const steps = await workbench.page.locator('.gettingStarted .step-list-container .getting-started-step').all();
    const done = await Promise.all(steps.map(async (step) => ((await step.locator('.codicon.complete').count()) > 0 ? await step.locator('.step-title').innerText() : '')));
    return done.filter((title) => title !== '');
  }

  it('finds five steps, the first of which is not ticked off while something is missing', async () => {
    await workbench.runCommand('TACO: Get Started');
    const steps = workbench.page.locator('.gettingStarted .step-list-container .getting-started-step');
    await workbench.eventually(async () => (await steps.count()) === 5, 'the steps', SLOW_MS);
    await workbench.screenshot('walkthrough');
    assert.deepEqual(await ticked(), []);
  });

  it('is told by the doctor what is missing, with a team of scripted agents as a way on', async () => {
    await workbench.runCommand('TACO: Run Doctor');
    await workbench.quickInput.locator('.monaco-list-row', { hasText: /Agent CLI.*no-such-agent/ }).waitFor({ timeout: SLOW_MS });
    await workbench.screenshot('doctor');
    await workbench.pick('Try with scripted agents');
  });

  it('sees their plan under review, and the steps behind them ticked off', async () => {
    await workbench.webview('.plan', SLOW_MS);
    await workbench.runCommand('TACO: Get Started');
    await workbench.eventually(async () => (await ticked()).length >= 2, 'two ticks', SLOW_MS);
    await workbench.screenshot('walkthrough-ticked');
  });
});

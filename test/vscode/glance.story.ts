import assert from 'node:assert/strict';
import type { Plan } from '../../src/core/models';
import type { Workbench } from '../harness/workbench';
import { agent as agentSpec } from '../support/planBuilders';
import { ScriptedTeam } from '../support/vscode/scriptedTeam';
import { showFailures } from '../support/vscode/showFailure';
import { stepByStep } from '../support/vscode/stopOnFirstFailure';

const AGENT_MS = 60_000;
const PLAN: Plan = { agents: [agentSpec(2, 'api', { task: 'Wait' }), agentSpec(3, 'web', { task: 'Wait' })] };
const OTHER: Plan = { agents: [agentSpec(2, 'qa', { task: 'Ask for permission' })] };

describe('A user answers from wherever they are', function () {
  // Each call of the taco command takes seconds on a loaded machine.
  this.timeout(300_000);
  stepByStep(this);
  let team: ScriptedTeam;
  let workbench: Workbench;

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
  });
  after(() => team?.close());
  showFailures(
    this,
    () => [workbench],
    () => team?.taco('requests'),
  );

  const shown = (text: string) => workbench.treeRow('Agents', text, AGENT_MS);
  async function gone(text: string): Promise<void> {
    const rows = (await workbench.view('Agents')).locator('.monaco-list-row', { hasText: text });
    await rows.first().waitFor({ state: 'detached', timeout: AGENT_MS });
  }
  /** Makes the agent ask for the same permission again. */
  async function ask(): Promise<void> {
    team.taco('send', 'api', 'ask for permission');
    await shown('touch notes.txt');
  }

  it('answers a permission from the shell, while VS Code shows it', async () => {
    for (let answered = 0; answered < 2; answered++) {
      await ask();
      assert.match(team.taco('requests'), /api.*touch notes\.txt/s);
      assert.match(team.taco('answer', 'api', 'allow'), /Allowed api/);
      await gone('touch notes.txt');
    }
    assert.match(team.screen('api'), /Allowed: touch notes\.txt/);
  });

  it('is offered a rule after the third equal answer, and is not asked again', async () => {
    await ask();
    await workbench.runCommand('TACO: Answer Agent');
    await workbench.pressDialog('Allow');
    await workbench.eventually(
      async () => (await workbench.notifications()).some((text) => /You allowed this three times: Bash/.test(text)),
      'the offer',
      AGENT_MS,
    );
    await workbench.screenshot('glance-rule');
    await workbench.pressNotification(/You allowed this three times/, 'Always Allow');
    await workbench.eventually(async () => /touch notes\.txt/.test(team.taco('rules', 'list')), 'the rule', AGENT_MS);
    const before = team.screen('api').split('Allowed: touch').length;
    team.taco('send', 'api', 'ask for permission');
    await workbench.eventually(
      async () => team.screen('api').split('Allowed: touch').length > before,
      'the answer of the rule',
      AGENT_MS,
    );
    assert.match(team.taco('requests'), /Nothing waits/);
  });

  it('sees all terminals at once in a grid, and closes it again', async () => {
    await workbench.runCommand('TACO: Open All Terminals in a Grid');
    const terminals = workbench.page.locator('.part.editor .editor-instance .xterm-rows');
    await workbench.eventually(async () => (await terminals.count()) === 3, 'three terminals', AGENT_MS);
    await workbench.eventually(
      async () => (await terminals.allInnerTexts()).every((text) => text.includes('❯')),
      'the screens of the agents',
      AGENT_MS,
    );
    await workbench.screenshot('glance-grid');
    await workbench.runCommand('TACO: Open All Terminals in a Grid');
    await workbench.eventually(async () => (await terminals.count()) === 0, 'no terminals', AGENT_MS);
    await workbench.screenshot('glance-grid-closed');
  });

  it('answers the request of another project, without another window', async () => {
    team.upElsewhere('shop', OTHER);
    await workbench.eventually(async () => /qa/.test(team.taco('requests', '--all')), 'its request', AGENT_MS);
    await workbench.runCommand('TACO: Switch Project…');
    await workbench.pickEntries();
    await workbench.screenshot('glance-projects');
    await workbench.pick(/qa wants to use/);
    await workbench.pressDialog('Allow');
    await workbench.eventually(async () => !/qa/.test(team.taco('requests', '--all')), 'the answer', AGENT_MS);
  });
});

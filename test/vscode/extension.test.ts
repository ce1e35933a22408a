import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands, panels, views } from '../../src/vscode/manifest/contributions';
import { settings } from '../../src/vscode/manifest/settingsTable';
import { waitUntil } from '../support/waitUntil';

describe('The extension in VS Code', () => {
  const extension = vscode.extensions.getExtension('taco.taco');
  assert.ok(extension);

  // A budget of `npm run bench` limits the cost: here every thread of a starting host would be counted.
  it('is activated by itself, and reports the cost', async function () {
    await waitUntil(() => extension.isActive, 20_000);
    assert.ok(extension.isActive);
    const { costMs } = extension.exports as { costMs: number };
    this.test!.title += ` (${costMs.toFixed(0)} ms)`;
    assert.ok(costMs > 0);
  });

  it('registers every command of its table, and no other', async () => {
    const registered = (await vscode.commands.getCommands(true)).filter((id) => id.startsWith('taco.'));
    const ofViews = [...Object.keys(views)].flatMap((view) => registered.filter((id) => id.startsWith(`${view}.`)));
    assert.deepEqual(registered.filter((id) => !ofViews.includes(id)).sort(), Object.keys(commands).sort());
  });

  it('has every setting with the default of its table', () => {
    const configuration = vscode.workspace.getConfiguration();
    for (const [id, { default: value }] of Object.entries(settings))
      assert.deepEqual(configuration.inspect(id)?.defaultValue, value, id);
  });

  it('starts no Redis and writes nothing when its empty views open', async () => {
    await vscode.commands.executeCommand('taco.agents.focus');
    await vscode.commands.executeCommand('taco.refresh');
    const home = process.env['TACO_HOME'];
    assert.ok(home);
    assert.equal(existsSync(join(home, 'redis')), false);
    assert.equal(existsSync(join(home, 'projects')), false);
  });

  it('lets a model read the team, reports that there is none, and starts nothing', async () => {
    const result = await vscode.lm.invokeTool('taco_agents', { input: {}, toolInvocationToken: undefined });
    assert.match(
      result.content.map((part) => (part as vscode.LanguageModelTextPart).value).join(''),
      /No TACO team runs/,
    );
    assert.equal(existsSync(join(process.env['TACO_HOME'] ?? '', 'redis')), false);
  });

  it('opens the monitor once, however often it is requested', async () => {
    await vscode.commands.executeCommand('taco.openMonitor');
    await vscode.commands.executeCommand('taco.openMonitor');
    const monitors = () =>
      vscode.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .filter((tab) => tab.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith(panels[0]));
    await waitUntil(() => monitors().length > 0);
    assert.equal(monitors().length, 1);
    await vscode.window.tabGroups.close(monitors());
  });
});

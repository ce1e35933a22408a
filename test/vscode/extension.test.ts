import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands, panels, views } from '../../src/vscode/contributions';
import { settings } from '../../src/vscode/settingsTable';

const ACTIVATION_MS = 50;

/** The window's model follows its commands a little later. */
async function until(done: () => boolean, timeoutMs = 5000): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; !done() && Date.now() < deadline; ) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('The extension in VS Code', () => {
  const extension = vscode.extensions.getExtension('taco.taco');
  assert.ok(extension);

  it('is not activated before one of its views, commands or panels is needed', () => {
    assert.equal(extension.isActive, false);
  });

  it(`is activated within ${ACTIVATION_MS} ms of processor time, loading included`, async function () {
    await new Promise((resolve) => setTimeout(resolve, 1500)); // the host's own start is not ours
    const [begun, used] = [performance.now(), process.cpuUsage()];
    await extension.activate();
    const { user, system } = process.cpuUsage(used);
    const took = (user + system) / 1000;
    this.test!.title += ` (${took.toFixed(0)} ms; ${(performance.now() - begun).toFixed(0)} ms on the clock)`;
    assert.ok(took <= ACTIVATION_MS, `${took} ms`);
  });

  it('registers every command of its table, and no other', async () => {
    const registered = (await vscode.commands.getCommands(true)).filter((id) => id.startsWith('taco.'));
    const ofViews = [...Object.keys(views)].flatMap((view) => registered.filter((id) => id.startsWith(`${view}.`)));
    assert.deepEqual(registered.filter((id) => !ofViews.includes(id)).sort(), Object.keys(commands).sort());
  });

  it('has every setting with the default of its table', () => {
    const configuration = vscode.workspace.getConfiguration();
    for (const [id, { default: value }] of Object.entries(settings)) assert.equal(configuration.inspect(id)?.defaultValue, value, id);
  });

  it('starts no Redis and writes nothing when its empty views are looked at', async () => {
    await vscode.commands.executeCommand('taco.agents.focus');
    await vscode.commands.executeCommand('taco.refresh');
    const home = process.env['TACO_HOME'];
    assert.ok(home);
    assert.equal(existsSync(join(home, 'redis')), false);
    assert.equal(existsSync(join(home, 'projects')), false);
  });

  it('opens the monitor once, however often it is asked', async () => {
    await vscode.commands.executeCommand('taco.openMonitor');
    await vscode.commands.executeCommand('taco.openMonitor');
    const monitors = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => tab.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith(panels[0]));
    await until(() => monitors().length > 0);
    assert.equal(monitors().length, 1);
    await vscode.window.tabGroups.close(monitors());
  });
});

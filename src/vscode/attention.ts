import * as vscode from 'vscode';
import { agentTitle, firstLine } from './format';
import type { ProjectHost } from './projectHost';
import { setting } from './settings';
import type { ProjectState } from './state';
import { agentsInNeed } from './state';
import { whatAsks } from './statusText';

/** Brings to the person what needs the person: the badge on the view, and one notification for each time an agent begins to wait. */
export class Attention implements vscode.Disposable {
  private readonly listener: vscode.Disposable;
  /** Agents already told about, until they no longer wait. */
  private readonly told = new Set<number>();

  constructor(
    host: ProjectHost,
    private readonly view: vscode.TreeView<unknown>,
  ) {
    this.show(host.state);
    this.listener = host.onChange((state) => this.show(state));
  }

  private show(state: ProjectState): void {
    const asks = whatAsks(state);
    this.view.badge = asks.length === 0 ? undefined : { value: asks.length, tooltip: asks.join('\n') };
    const waiting = agentsInNeed(state);
    for (const window of this.told) if (!waiting.some((agent) => agent.window === window)) this.told.delete(window);
    for (const agent of waiting) {
      if (this.told.has(agent.window)) continue;
      this.told.add(agent.window);
      if (setting('taco.notifications') === 'all') void this.notify(agentTitle(agent), agent.activity, agent.window);
    }
  }

  private async notify(name: string, activity: string, window: number): Promise<void> {
    const open = vscode.l10n.t('Open Terminal');
    const text = activity === '' ? vscode.l10n.t('{0} needs you.', name) : vscode.l10n.t('{0} needs you: {1}', name, firstLine(activity, 200));
    if ((await vscode.window.showInformationMessage(text, open)) === open) {
      await vscode.commands.executeCommand('taco.openAgentTerminal', { subject: { window } });
    }
  }

  dispose(): void {
    this.listener.dispose();
  }
}

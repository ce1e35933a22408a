import * as vscode from 'vscode';
import type { Logger } from '../../core/base/logger';
import { reportError } from '../notifications/reportError';
import { runningProject } from '../project/runningProject';
import type { ProjectDeps } from '../project/runningProject';
import type { WindowSettings } from '../project/settings';
import { pickAgent } from '../shared/quickPicks';
import { agentTerminalOptions } from './agentTerminals';

interface TerminalProfileDeps extends ProjectDeps {
  readonly engineSettings: () => WindowSettings;
  readonly logger: Logger;
}

/** Offers an agent's terminal in VS Code's own list of terminal profiles. */
export class AgentTerminalProfile implements vscode.TerminalProfileProvider, vscode.Disposable {
  private readonly asked = new Set<unknown>();
  /**
   * Shows the panel: when it is hidden and the profile comes from the palette, VS Code makes the terminal and leaves it
   * hidden.
   */
  private readonly listener = vscode.window.onDidOpenTerminal((terminal) => {
    if ('shellArgs' in terminal.creationOptions && this.asked.delete(terminal.creationOptions.shellArgs))
      terminal.show();
  });

  constructor(private readonly deps: TerminalProfileDeps) {}

  async provideTerminalProfile(): Promise<vscode.TerminalProfile | undefined> {
    try {
      const { project, snapshot } = await runningProject(this.deps);
      // VS Code may open its panel at the same time, and that takes the focus.
      const agent = await pickAgent(snapshot.agents, vscode.l10n.t('Select a terminal to open'), true);
      if (!agent || !snapshot.session) return undefined;
      // A second view of the same agent needs its own name.
      const view = `vscode-${process.pid}-${agent.window}-${Date.now().toString(36)}`;
      const options = agentTerminalOptions(
        await project.backend(),
        this.deps.engineSettings(),
        snapshot.session,
        agent,
        view,
      );
      this.asked.add(options.shellArgs);
      return new vscode.TerminalProfile(options);
    } catch (error) {
      void reportError(error, this.deps.logger);
      return undefined;
    }
  }

  dispose(): void {
    this.listener.dispose();
  }
}

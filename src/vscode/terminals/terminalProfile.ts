import * as vscode from 'vscode';
import { reportError } from '../notifications/reportError';
import { runningProject } from '../project/runningProject';
import type { CommandDeps } from '../project/runningProject';
import { pickAgent } from '../shared/quickPicks';
import { agentTerminalOptions } from './agentTerminals';

/** An agent's terminal from VS Code's own list of terminal profiles. */
export class AgentTerminalProfile implements vscode.TerminalProfileProvider, vscode.Disposable {
  private readonly asked = new Set<unknown>();
  /** Asked for in the palette while the panel is hidden, VS Code makes the terminal and leaves the panel hidden. */
  private readonly listener = vscode.window.onDidOpenTerminal((terminal) => {
    if ('shellArgs' in terminal.creationOptions && this.asked.delete(terminal.creationOptions.shellArgs))
      terminal.show();
  });

  constructor(private readonly deps: CommandDeps) {}

  async provideTerminalProfile(): Promise<vscode.TerminalProfile | undefined> {
    try {
      const { project, snapshot } = await runningProject(this.deps);
      // VS Code may be opening its panel, which takes the focus, while this is asked.
      const agent = await pickAgent(snapshot.agents, vscode.l10n.t('Select a terminal to open'), true);
      if (!agent || !snapshot.session) return undefined;
      // A second view of the same agent needs a name of its own.
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

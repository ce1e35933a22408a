import * as vscode from 'vscode';
import type { Backend } from './backend';
import { agentTitle } from './format';
import { errors } from '../core/errors';
import type { AgentView } from '../core/snapshot';
import { setting, type WindowSettings } from './settings';

/** In the environment of such a terminal: the window that it shows. */
const SHOWN = 'TACO_SHOWN_WINDOW';

/** The agent's window that a terminal of ours shows; null for any other terminal. */
export function windowShownBy({ creationOptions }: vscode.Terminal): number | null {
  const window = 'env' in creationOptions ? creationOptions.env?.[SHOWN] : undefined;
  return typeof window === 'string' ? Number(window) : null;
}

/** A terminal on an agent's window. @param view a name that no other view of this window has */
export function agentTerminalOptions(backend: Pick<Backend, 'attachArguments'>, settings: WindowSettings, tmuxSession: string, agent: AgentView, view: string): vscode.TerminalOptions {
  // Here the same number may be another agent's pane.
  if (agent.host) throw errors.agentElsewhere(agent.name, agent.host);
  const [shellPath, ...shellArgs] = backend.attachArguments(settings, tmuxSession, agent, view);
  return {
    name: `TACO: ${agentTitle(agent)}`,
    ...(shellPath === undefined ? {} : { shellPath }),
    shellArgs,
    iconPath: new vscode.ThemeIcon('organization'),
    // Inside someone's own tmux, ours would refuse to nest.
    env: { TMUX: null, TMUX_PANE: null, [SHOWN]: `${agent.window}` },
    // Restored terminals would run without us knowing which agent they show.
    isTransient: true,
  };
}

/** VS Code terminals on agents' windows, one for each agent, each with a view of its own so that none moves another. */
export class AgentTerminals implements vscode.Disposable {
  private readonly open = new Map<string, vscode.Terminal>();
  private readonly listener = vscode.window.onDidCloseTerminal((closed) => {
    for (const [key, terminal] of this.open) if (terminal === closed) this.open.delete(key);
  });

  show(backend: Pick<Backend, 'attachArguments'>, settings: WindowSettings, tmuxSession: string, agent: AgentView): vscode.Terminal {
    const key = `${tmuxSession}:${agent.window}`;
    const existing = this.open.get(key);
    if (existing && existing.exitStatus === undefined) {
      existing.show();
      return existing;
    }
    const terminal = vscode.window.createTerminal({
      ...agentTerminalOptions(backend, settings, tmuxSession, agent, `vscode-${process.pid}-${agent.window}`),
      location: setting('taco.terminalLocation') === 'panel' ? vscode.TerminalLocation.Panel : { viewColumn: columnForTerminals(), preserveFocus: false },
    });
    this.open.set(key, terminal);
    terminal.show();
    // In an editor the terminal is there only a moment later, and the tree that was clicked would keep the keyboard.
    void terminal.processId.then(() => terminal.show());
    return terminal;
  }

  dispose(): void {
    this.listener.dispose();
    for (const terminal of this.open.values()) terminal.dispose();
  }
}

/** With the other terminals; else beside the page or editor that is looked at. */
function columnForTerminals(): vscode.ViewColumn {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const withTerminals = all.find((group) => group.tabs.some((tab) => tab.input instanceof vscode.TabInputTerminal));
  if (withTerminals) return withTerminals.viewColumn;
  return activeTabGroup.tabs.length === 0 ? activeTabGroup.viewColumn : vscode.ViewColumn.Beside;
}

import * as vscode from 'vscode';
import { errors } from '../../core/errors/errors';
import type { AgentView } from '../../core/team/snapshot';
import type { AttachedSession, EngineApi } from '../project/engineApi';
import type { ProjectHost } from '../project/projectHost';
import type { ProjectState } from '../project/projectState';
import { setting, type WindowSettings } from '../project/settings';
import { agentTitle } from '../shared/labels';

/** Environment variable of an agent terminal: the window that it shows, and of which tmux session. */
const SHOWN = 'TACO_SHOWN_WINDOW';
const SHOWN_OF = 'TACO_SHOWN_SESSION';

/** Returns the agent's window that one of TACO's terminals shows; null for any other terminal. */
export function windowShownBy({ creationOptions }: vscode.Terminal): number | null {
  const window = 'env' in creationOptions ? creationOptions.env?.[SHOWN] : undefined;
  return typeof window === 'string' ? Number(window) : null;
}

/**
 * Returns true for the terminal of an agent that has left the running team: tmux then shows another window there, for
 * example Mother's.
 */
function hasLost(terminal: vscode.Terminal, { snapshot }: ProjectState): boolean {
  const window = windowShownBy(terminal);
  const { creationOptions: of } = terminal;
  if (window === null || !snapshot?.session || !('env' in of) || of.env?.[SHOWN_OF] !== snapshot.session.tmux_session)
    return false;
  return snapshot.agents.every((agent) => agent.window !== window);
}

/** Returns the options of a terminal on an agent's window. @param view a unique name among the views of this window */
export function agentTerminalOptions(
  backend: Pick<EngineApi, 'attachArguments'>,
  settings: WindowSettings,
  session: AttachedSession,
  agent: AgentView,
  view: string,
): vscode.TerminalOptions {
  // On this machine the same number may be another agent's pane.
  if (agent.host) throw errors.agentElsewhere(agent.name, agent.host);
  const [shellPath, ...shellArgs] = backend.attachArguments(settings, session, agent, view);
  return {
    name: `TACO: ${agentTitle(agent)}`,
    ...(shellPath === undefined ? {} : { shellPath }),
    shellArgs,
    iconPath: new vscode.ThemeIcon('organization'),
    // Inside the user's own tmux, TACO's tmux would refuse to nest.
    env: { TMUX: null, TMUX_PANE: null, [SHOWN]: `${agent.window}`, [SHOWN_OF]: session.tmux_session },
    // TACO would not know which agent a restored terminal shows.
    isTransient: true,
  };
}

/**
 * VS Code terminals on agents' windows: one for each agent, each with its own tmux view so that none moves another.
 * Closes the terminal of an agent that leaves the team: otherwise text typed there would reach another agent.
 */
export class AgentTerminals implements vscode.Disposable {
  private readonly open = new Map<string, vscode.Terminal>();
  private readonly listener: vscode.Disposable;

  constructor(host: Pick<ProjectHost, 'onChange'>) {
    this.listener = vscode.Disposable.from(
      vscode.window.onDidCloseTerminal((closed) => {
        for (const [key, terminal] of this.open) if (terminal === closed) this.open.delete(key);
      }),
      host.onChange((state) => {
        for (const terminal of vscode.window.terminals) if (hasLost(terminal, state)) terminal.dispose();
      }),
    );
  }

  show(
    backend: Pick<EngineApi, 'attachArguments'>,
    settings: WindowSettings,
    session: AttachedSession,
    agent: AgentView,
  ): vscode.Terminal {
    const key = `${session.identity ?? session.tmux_session}:${agent.window}`;
    const existing = this.open.get(key);
    if (existing && existing.exitStatus === undefined) {
      existing.show();
      return existing;
    }
    const terminal = vscode.window.createTerminal({
      ...agentTerminalOptions(backend, settings, session, agent, `vscode-${process.pid}-${agent.window}`),
      location:
        setting('taco.terminalLocation') === 'panel'
          ? vscode.TerminalLocation.Panel
          : { viewColumn: columnForTerminals(), preserveFocus: false },
    });
    this.open.set(key, terminal);
    terminal.show();
    // In an editor the terminal exists only a moment later, and the clicked tree would keep the focus.
    void terminal.processId.then(() => terminal.show());
    return terminal;
  }

  dispose(): void {
    this.listener.dispose();
    for (const terminal of this.open.values()) terminal.dispose();
  }
}

/** Returns the column of the other terminals; otherwise the one beside the active page or editor. */
function columnForTerminals(): vscode.ViewColumn {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const withTerminals = all.find((group) => group.tabs.some((tab) => tab.input instanceof vscode.TabInputTerminal));
  if (withTerminals) return withTerminals.viewColumn;
  return activeTabGroup.tabs.length === 0 ? activeTabGroup.viewColumn : vscode.ViewColumn.Beside;
}

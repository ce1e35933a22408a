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
  private readonly grid = new Set<vscode.Terminal>();
  private readonly listener: vscode.Disposable;

  constructor(host: Pick<ProjectHost, 'onChange'>) {
    this.listener = vscode.Disposable.from(
      vscode.window.onDidCloseTerminal((closed) => {
        this.grid.delete(closed);
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

  /** Lays out the terminals of these agents as editors, in rows of about the same length. */
  async showGrid(
    backend: Pick<EngineApi, 'attachArguments'>,
    settings: WindowSettings,
    session: AttachedSession,
    agents: readonly AgentView[],
  ): Promise<void> {
    await vscode.commands.executeCommand('vscode.setEditorLayout', gridLayout(agents.length));
    for (const [index, agent] of agents.entries()) {
      const terminal = vscode.window.createTerminal({
        ...agentTerminalOptions(backend, settings, session, agent, `grid-${process.pid}-${agent.window}`),
        location: { viewColumn: Math.min(9, index + 1), preserveFocus: true },
      });
      this.grid.add(terminal);
    }
  }

  /** Closes the grid; returns false when none is open. */
  closeGrid(): boolean {
    const isOpen = this.grid.size > 0;
    for (const terminal of this.grid) terminal.dispose();
    this.grid.clear();
    return isOpen;
  }

  dispose(): void {
    this.listener.dispose();
    this.closeGrid();
    for (const terminal of this.open.values()) terminal.dispose();
  }
}

/** Returns an editor layout with `count` groups (at most 9: VS Code's view columns), row by row. */
function gridLayout(count: number): object {
  const shown = Math.min(9, count);
  const columns = Math.ceil(Math.sqrt(shown));
  const rows: object[] = [];
  for (let left = shown; left > 0; left -= columns)
    rows.push({ groups: Array.from({ length: Math.min(columns, left) }, () => ({})) });
  return { orientation: 1, groups: rows };
}

/** Returns the column of the other terminals; otherwise the one beside the active page or editor. */
function columnForTerminals(): vscode.ViewColumn {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const withTerminals = all.find((group) => group.tabs.some((tab) => tab.input instanceof vscode.TabInputTerminal));
  if (withTerminals) return withTerminals.viewColumn;
  return activeTabGroup.tabs.length === 0 ? activeTabGroup.viewColumn : vscode.ViewColumn.Beside;
}

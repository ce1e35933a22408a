import * as vscode from 'vscode';
import { MONITOR_WINDOW } from '../../core/base/limits';
import { awaitAdoption } from '../../team/requests/awaitAdoption';
import { listUnmanagedPanes } from '../../tmux/session/unmanagedPanes';
import { runningProject } from '../project/runningProject';
import { agentNameProblem } from '../shared/inputLimits';
import type { CommandDeps } from './commandDeps';

/** Makes an agent of a pane in which the user started an agent CLI by hand. Throws TacoError adopt-refused. */
export async function adoptPane(deps: CommandDeps): Promise<void> {
  const { project, snapshot } = await runningProject(deps, 'adopt');
  const { tmuxCommand, tmuxSocket } = deps.engineSettings();
  const known = new Set(snapshot.agents.filter(({ host }) => !host).map((agent) => agent.pane));
  const panes = (
    await listUnmanagedPanes(
      { tmuxCommand, socket: snapshot.session?.tmux_socket || tmuxSocket, env: process.env },
      known,
    )
  ).filter(({ session, window }) => session !== snapshot.session?.tmux_session || window > MONITOR_WINDOW);
  if (panes.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        "No pane to adopt. Start an agent CLI in a new window of TACO's tmux server first, for example in an agent's terminal.",
      ),
    );
    return;
  }
  const items = panes.map((each) => ({
    label: `$(terminal) ${each.command}`,
    description: `${each.pane} · ${each.session}:${each.window}`,
    detail: each.path,
    pane: each.pane,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('Select a pane to adopt'),
    ignoreFocusOut: true,
  });
  if (!picked) return;
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Name of the adopted agent'),
    ignoreFocusOut: true,
    validateInput: (text) =>
      agentNameProblem(
        text,
        snapshot.agents.map(({ name }) => name),
      ),
  });
  if (name === undefined) return;
  await project.lead();
  const team = await project.team();
  const asked = Date.now();
  await team.request({ kind: 'adopt', pane: picked.pane, name });
  await awaitAdoption(team, picked.pane, asked);
}

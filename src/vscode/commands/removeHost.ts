import * as vscode from 'vscode';
import { oneLine } from '../../core/base/truncate';
import { runningProject } from '../project/runningProject';
import type { CommandDeps } from './commandDeps';

/** Removes a host that will not come back: its agents leave the team, and its waiting messages become dead letters. */
export async function removeHost(deps: CommandDeps): Promise<void> {
  const { project, snapshot } = await runningProject(deps, 'forget-host');
  const away = (snapshot.hosts ?? []).filter(({ awaySince }) => awaySince !== null);
  if (away.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No host of the team is disconnected.'));
    return;
  }
  const agentsOf = (name: string): string =>
    snapshot.agents
      .filter(({ host }) => host === name)
      .map((agent) => agent.name)
      .join(', ');
  const items = away.map(({ name, machine }) => ({
    label: `$(vm-outline) ${name}`,
    description: oneLine(machine),
    detail: agentsOf(name),
    name,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Select a host to remove') });
  if (!picked) return;
  const question = vscode.l10n.t(
    'Remove the host {0}? Its agents leave the team, and messages that wait for them fail.',
    picked.name,
  );
  const yes = vscode.l10n.t('Remove Host');
  if ((await vscode.window.showWarningMessage(question, { modal: true }, yes)) !== yes) return;
  await project.lead();
  await (await project.team()).request({ kind: 'forget-host', host: picked.name });
}

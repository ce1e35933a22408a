import * as vscode from 'vscode';
import { messageWith, runningProject } from '../project/runningProject';
import { pickDroppableMessage, pickStuckMessage } from '../shared/quickPicks';
import { subjectOf } from '../shared/subject';
import { webUrl } from '../trees/treeRows';
import type { CommandDeps } from './commandDeps';

/** Retries a dead or uncertain message from the start. */
export async function retryMessage(deps: CommandDeps, argument: unknown): Promise<void> {
  const { project, snapshot } = await runningProject(deps, 'record');
  const { messageId } = subjectOf(argument);
  const message =
    messageId === undefined
      ? await pickStuckMessage(snapshot, vscode.l10n.t('Select a message to retry'))
      : messageWith(snapshot, messageId);
  if (!message) return;
  await (await project.team()).retry(message.id);
}

/** Drops a waiting, dead or uncertain message permanently. */
export async function dropMessage(deps: CommandDeps, argument: unknown): Promise<void> {
  const { project, snapshot } = await runningProject(deps, 'record');
  const { messageId } = subjectOf(argument);
  const message =
    messageId === undefined
      ? await pickDroppableMessage(snapshot, vscode.l10n.t('Select a message to drop'))
      : messageWith(snapshot, messageId);
  if (!message) return;
  await (await project.team()).drop(message.id);
}

/** Opens a registered service in the browser, through VS Code's port forwarding where the folder is remote. */
export async function openService(deps: CommandDeps, argument: unknown): Promise<void> {
  const { snapshot } = await runningProject(deps);
  const name = subjectOf(argument).service ?? (await pickService(snapshot.services.map((service) => service.name)));
  const service = snapshot.services.find((candidate) => candidate.name === name);
  const url = service && webUrl(service);
  if (!url) return;
  await vscode.env.openExternal(await vscode.env.asExternalUri(vscode.Uri.parse(url, true)));
}

async function pickService(names: readonly string[]): Promise<string | undefined> {
  if (names.length > 0)
    return vscode.window.showQuickPick(names, { placeHolder: vscode.l10n.t('Select a service to open') });
  void vscode.window.showInformationMessage(vscode.l10n.t('No agent has registered a service.'));
  return undefined;
}

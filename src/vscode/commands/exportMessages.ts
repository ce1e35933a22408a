import * as vscode from 'vscode';
import { english } from '../../core/base/localizedText';
import { HistoryLog } from '../../core/team/history';
import type { MessageView, Snapshot } from '../../core/team/snapshot';
import type { TeamClient } from '../../core/team/teamClient';
import type { Between } from '../../core/webviews/monitorProtocol';
import { runningProject } from '../project/runningProject';
import { nameOf } from '../shared/labels';
import { inOrderSent, isBetween } from '../webviews/conversationFilter';
import type { ExportFormat } from '../webviews/messageExport';
import { exportMessages as toDocument } from '../webviews/messageExport';
import type { CommandDeps } from './commandDeps';

/** Opens every stored message, or those of two participants, as an unsaved document. */
export async function exportMessages(deps: CommandDeps, argument: unknown): Promise<void> {
  const { project, snapshot } = await runningProject(deps);
  const between = betweenOf(argument);
  const format = await pickFormat();
  if (!format) return;
  const all = await storedMessages(await project.team(), snapshot);
  const messages = between ? all.filter((message) => isBetween(message, between)) : all;
  const about = between
    ? between.map((party) => nameOf(party, snapshot.agents, english)).join(' and ')
    : (snapshot.session?.tmux_session ?? '');
  const content = toDocument(messages, snapshot, about, format);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: format, content }));
}

/** Returns the messages in flight and those that have ended, in the order in which they were sent. */
async function storedMessages(team: TeamClient, snapshot: Snapshot): Promise<readonly MessageView[]> {
  const log = new HistoryLog();
  log.add(await team.history().next());
  const ids = [...new Set(log.finished.map(({ id }) => id))];
  return inOrderSent(await team.messages(ids), snapshot.messages);
}

function betweenOf(argument: unknown): Between | null {
  const between = typeof argument === 'object' && argument !== null && 'between' in argument ? argument.between : null;
  return Array.isArray(between) && typeof between[0] === 'string' && typeof between[1] === 'string'
    ? [between[0], between[1]]
    : null;
}

async function pickFormat(): Promise<ExportFormat | undefined> {
  const items: readonly (vscode.QuickPickItem & { readonly format: ExportFormat })[] = [
    { format: 'markdown', label: 'Markdown', description: vscode.l10n.t('for reading') },
    {
      format: 'json',
      label: 'JSON',
      description: vscode.l10n.t('for programs: every field, and every state with its time'),
    },
  ];
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Export messages as') }))?.format;
}

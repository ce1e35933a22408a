import * as vscode from 'vscode';
import { reportMarkdown } from '../../core/report/reportMarkdown';
import { sinceTime } from '../../core/report/sinceTime';
import { gatherReport } from '../../team/report/gatherReport';
import { runningProject } from '../project/runningProject';
import type { CommandDeps } from './commandDeps';

/** Opens what the team did, and what it needs now, as an unsaved Markdown document. Throws TacoError no-session. */
export async function showReport(deps: CommandDeps): Promise<void> {
  const { project, snapshot } = await runningProject(deps);
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Report of the team'),
    prompt: vscode.l10n.t('Since when? A time such as 22:00, a duration such as 8h, or nothing for the whole session'),
    validateInput: (value) =>
      value.trim() === '' || sinceTime(value, Date.now()) !== null
        ? undefined
        : vscode.l10n.t('A time in the past such as 22:00, or a duration such as 8h'),
  });
  if (text === undefined) return;
  const started = Date.parse(snapshot.session?.started_at ?? '') || 0;
  const since = text.trim() === '' ? started : (sinceTime(text, snapshot.at) ?? started);
  const content = reportMarkdown(await gatherReport(await project.team(), snapshot, since, process.env));
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content }));
}

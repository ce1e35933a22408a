import * as vscode from 'vscode';
import type { ProjectHost } from '../project/projectHost';
import { hasSession } from '../project/projectState';

/** Offers to send each problem of a file to an agent, beside the quick fixes of the language. */
export class AgentCodeActions implements vscode.CodeActionProvider {
  constructor(private readonly host: ProjectHost) {}

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    if (diagnostics.length === 0 || !hasSession(this.host.state)) return [];
    const action = new vscode.CodeAction(vscode.l10n.t('Ask Agent to Fix…'), vscode.CodeActionKind.QuickFix);
    action.diagnostics = [...diagnostics];
    action.command = { command: 'taco.askToFix', title: action.title, arguments: [document.uri, diagnostics] };
    return [action];
  }
}

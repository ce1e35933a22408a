import * as vscode from 'vscode';
import type { ProjectHost } from '../project/projectHost';
import type { ProjectState, Step } from '../project/projectState';
import { appendPlainText } from '../shared/markdown';
import { statusText, type StatusText } from './statusText';

/** The one status bar item: queue counters, details and links in its tooltip. */
export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('taco.status', vscode.StatusBarAlignment.Left, 50);
  private readonly listener: vscode.Disposable;

  constructor(host: ProjectHost) {
    this.item.name = 'TACO';
    this.show(host.state);
    this.listener = host.onChange((state) => this.show(state));
  }

  private show(state: ProjectState): void {
    const status = statusText(state);
    if (status === null) {
      this.item.hide();
      return;
    }
    this.item.text = status.text;
    this.item.accessibilityInformation = { label: status.spoken };
    this.item.backgroundColor = status.warning ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.item.command = status.command;
    this.item.tooltip = tooltip(status);
    this.item.show();
  }

  dispose(): void {
    this.listener.dispose();
    this.item.dispose();
  }
}

function tooltip({ lines, requests, step }: StatusText): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true);
  text.isTrusted = {
    enabledCommands: [
      'taco.openMonitor',
      'taco.agents.focus',
      'taco.messages.focus',
      'taco.reviewPlan',
      'taco.resumeSession',
      'taco.answer',
    ],
  };
  for (const { id, text: what } of requests) {
    const argument = encodeURIComponent(JSON.stringify([{ subject: { needId: id } }]));
    appendPlainText(text, what).appendMarkdown(
      ` [$(bell-dot) ${vscode.l10n.t('Answer')}](command:taco.answer?${argument})\n\n`,
    );
  }
  for (const line of lines) appendPlainText(text, line).appendMarkdown('\n\n');
  const links = [
    `[$(dashboard) ${vscode.l10n.t('Monitor')}](command:taco.openMonitor)`,
    `[$(organization) ${vscode.l10n.t('Agents')}](command:taco.agents.focus)`,
    `[$(mail) ${vscode.l10n.t('Messages')}](command:taco.messages.focus)`,
  ];
  return text.appendMarkdown([...linkOf(step), ...links].join(' &nbsp; '));
}

/** Returns a link to the waiting step; each request has its own link to its answer. */
function linkOf(step: Step | null): readonly string[] {
  switch (step) {
    case 'resume':
      return [`[$(debug-continue) ${vscode.l10n.t('Resume Session')}](command:taco.resumeSession)`];
    case 'review-plan':
      return [`[$(checklist) ${vscode.l10n.t('Review plan')}](command:taco.reviewPlan)`];
    default:
      return [];
  }
}

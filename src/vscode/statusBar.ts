import * as vscode from 'vscode';
import type { ProjectHost } from './projectHost';
import { requests, statusText } from './statusText';
import type { ProjectState } from './state';
import { planWaits } from './state';
import { appendWritten } from './written';

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
    const asked = requests(state);
    this.item.command = planWaits(state) ? 'taco.reviewPlan' : asked.length > 0 ? 'taco.answer' : status.warning ? 'taco.agents.focus' : 'taco.openMonitor';
    this.item.tooltip = tooltip(status.lines, asked, planWaits(state));
    this.item.show();
  }

  dispose(): void {
    this.listener.dispose();
    this.item.dispose();
  }
}

function tooltip(lines: readonly string[], asked: ReturnType<typeof requests>, plan: boolean): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true);
  text.isTrusted = { enabledCommands: ['taco.openMonitor', 'taco.agents.focus', 'taco.messages.focus', 'taco.reviewPlan', 'taco.answer'] };
  for (const { id, text: what } of asked) {
    const argument = encodeURIComponent(JSON.stringify([{ subject: { needId: id } }]));
    appendWritten(text, what).appendMarkdown(` [$(bell-dot) ${vscode.l10n.t('Answer')}](command:taco.answer?${argument})\n\n`);
  }
  for (const line of lines) appendWritten(text, line).appendMarkdown('\n\n');
  const links = [`[$(dashboard) ${vscode.l10n.t('Monitor')}](command:taco.openMonitor)`, `[$(organization) ${vscode.l10n.t('Agents')}](command:taco.agents.focus)`, `[$(mail) ${vscode.l10n.t('Messages')}](command:taco.messages.focus)`];
  if (plan) links.unshift(`[$(checklist) ${vscode.l10n.t('Review plan')}](command:taco.reviewPlan)`);
  return text.appendMarkdown(links.join(' &nbsp; '));
}

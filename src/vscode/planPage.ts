import * as vscode from 'vscode';
import type { PlanMessage, PlanPost } from '../core/pageMessages';
import type { Logger } from '../core/ports';
import type { LoadBackend } from './backend';
import { reportError } from './notify';
import { Page } from './page';
import type { ProjectHost } from './projectHost';
import { setting } from './settings';
import type { ProjectState } from './state';

/** Mother's plan before anything is launched: approve it, send it back, edit it, or cancel. */
export class PlanPage extends Page<PlanPost, PlanMessage> {
  private looking: vscode.Disposable | null = null;

  constructor(
    panel: vscode.WebviewPanel,
    extensionUri: vscode.Uri,
    private readonly host: ProjectHost,
    private readonly loadBackend: LoadBackend,
    private readonly logger: Logger,
  ) {
    super({ panel, extensionUri, script: 'planReview', title: 'TACO Plan' });
    this.own(host.onChange((state) => this.show(state)), { dispose: () => void this.looking?.dispose() });
    this.show(host.state);
    this.onVisible(panel.visible);
  }

  protected override async parse(message: unknown): Promise<PlanMessage | null> {
    return (await this.loadBackend()).parsePlanMessage(message);
  }

  protected override onVisible(visible: boolean): void {
    if (visible === (this.looking !== null)) return;
    this.looking?.dispose();
    this.looking = visible ? this.host.look() : null;
  }

  protected override onRefused(message: unknown): void {
    this.logger.warn('planReview.refused', { message });
  }

  protected override async handle(message: Exclude<PlanMessage, { type: 'ready' }>): Promise<void> {
    try {
      await this.act(message);
    } catch (error) {
      await reportError(error, this.logger);
    }
  }

  private async act(message: Exclude<PlanMessage, { type: 'ready' }>): Promise<void> {
    if (message.type === 'edit') return void (await vscode.commands.executeCommand('taco.editPlan'));
    if (message.type === 'cancel') return void (await vscode.commands.executeCommand('taco.stop'));
    const review = this.host.state.snapshot?.plan;
    if (!review || review.at !== message.at) {
      void vscode.window.showWarningMessage(vscode.l10n.t('The plan has changed since it was shown. Look at it again.'));
      return;
    }
    const team = await this.host.require().team();
    switch (message.type) {
      case 'approve':
        if (review.plan === null || review.problems.length > 0) return;
        await team.request({ kind: 'approve', plan: review.plan });
        await vscode.commands.executeCommand('taco.openMonitor');
        return;
      case 'use-proposal':
        if (review.proposal !== null) await team.request({ kind: 'submit-plan', text: JSON.stringify(review.proposal, null, 2) });
        return;
      case 'reject':
        await team.request({ kind: 'reject', note: message.note });
    }
  }

  private show({ snapshot, connected }: ProjectState): void {
    this.post({
      type: 'plan',
      review: snapshot?.plan ?? null,
      goal: snapshot?.session?.goal ?? '',
      phase: snapshot?.session?.phase ?? '',
      defaultProfile: setting('taco.agent.profile'),
      connected,
    });
  }
}

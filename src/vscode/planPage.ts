import * as vscode from 'vscode';
import { changeLabel, changeLines } from '../core/planDiff';
import type { PlanMessage, PlanPost } from '../core/pageMessages';
import { reportError } from './notify';
import { ProjectPage, type ProjectPageContext } from './projectPage';
import { setting } from './settings';
import type { ProjectState } from './state';

/** Mother's plan before anything is launched: approve it, send it back, edit it, or cancel. */
export class PlanPage extends ProjectPage<PlanPost, PlanMessage> {
  constructor(panel: vscode.WebviewPanel, context: ProjectPageContext) {
    super(panel, context, { script: 'planReview', title: 'TACO Plan' });
  }

  protected override async parse(message: unknown): Promise<PlanMessage | null> {
    return (await this.context.loadBackend()).parsePlanMessage(message);
  }

  protected override async handle(message: Exclude<PlanMessage, { type: 'ready' }>): Promise<void> {
    try {
      await this.act(message);
    } catch (error) {
      await reportError(error, this.context.logger);
    }
  }

  private async act(message: Exclude<PlanMessage, { type: 'ready' }>): Promise<void> {
    if (message.type === 'edit') return void (await vscode.commands.executeCommand('taco.editPlan'));
    const change = this.context.host.state.snapshot?.plan?.change;
    // Of a change, only the change is taken back: the team runs.
    if (message.type === 'cancel' && change) return (await this.context.host.require().team()).request({ kind: 'reject', note: '' });
    if (message.type === 'cancel') return void (await vscode.commands.executeCommand('taco.stop'));
    const review = this.context.host.state.snapshot?.plan;
    if (!review || review.at !== message.at) {
      void vscode.window.showWarningMessage(vscode.l10n.t('The plan has changed since it was shown. Look at it again.'));
      return;
    }
    const team = await this.context.host.require().team();
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

  protected override postOf({ snapshot, connected }: ProjectState): PlanPost {
    const change = snapshot?.plan?.change;
    return {
      type: 'plan',
      ...(change ? { change: { lines: changeLines(change), label: changeLabel(change) } } : {}),
      review: snapshot?.plan ?? null,
      goal: snapshot?.session?.goal ?? '',
      phase: snapshot?.session?.phase ?? '',
      defaultProfile: setting('taco.agent.profile'),
      connected,
    };
  }
}

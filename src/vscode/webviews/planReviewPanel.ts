import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { render } from '../../core/base/localizedText';
import type { Plan } from '../../core/models';
import { launchFacts } from '../../core/plan/launchSummary';
import { changeLabel, changeLines, changeOf } from '../../core/plan/planDiff';
import { problemInWords } from '../../core/plan/planProblems';
import type { PlanReview } from '../../core/plan/planReview';
import { TacoPaths } from '../../core/programs/paths';
import type { PlanMessage, PlanPost, PlanPostDraft } from '../../core/webviews/planReviewProtocol';
import { freeMemory } from '../../environment/machine/machineRoom';
import { MeasuredMemory } from '../../environment/machine/measuredMemory';
import { profileNames, profileOf } from '../../profiles/registry';
import { reportError } from '../notifications/reportError';
import type { PlanDocument } from '../plan/planDocument';
import type { ProjectState } from '../project/projectState';
import { ProjectPanel, type ProjectPanelContext } from './projectPanel';

const MEGABYTE = 1024 * 1024;
type Asked<Type extends PlanMessage['type']> = Extract<PlanMessage, { type: Type }>;

/**
 * The page of Mother's plan before anything is launched: the user fixes it, approves it, sends it back, or cancels. It
 * shows only the plan's document.
 */
export class PlanReviewPanel extends ProjectPanel<PlanPost, PlanMessage> {
  private ack = 0;
  private refused: PlanPost['refused'] = null;
  /** The plan that was under review at the refusal: once there is another, the refusal needs no message. */
  private refusedOf: number | undefined;

  constructor(
    panel: vscode.WebviewPanel,
    context: ProjectPanelContext,
    private readonly plan: PlanDocument,
  ) {
    super(panel, context, { script: 'planReview', title: 'TACO Plan' });
    this.own(plan.onChange(() => this.refresh()));
  }

  protected override async parse(message: unknown): Promise<PlanMessage | null> {
    return (await this.context.loadBackend()).parsePlanMessage(message);
  }

  protected override async handle(message: Exclude<PlanMessage, { type: 'ready' }>): Promise<void> {
    try {
      await this.act(message, this.plan);
    } catch (error) {
      this.refresh(); // enables the pressed button again
      await reportError(error, this.context.logger);
    }
  }

  private async act(message: Exclude<PlanMessage, { type: 'ready' }>, plan: PlanDocument): Promise<unknown> {
    switch (message.type) {
      case 'edit':
        return this.edit(message, plan);
      case 'repair': {
        const repair = plan.state?.reading.problems[message.problem]?.repairs[message.repair];
        return repair && (await plan.change(message.revision, repair.changes)) ? undefined : this.warnAboutChange();
      }
      case 'approve':
        return this.approve(message, plan);
      case 'reject':
        return this.reject(message, plan);
      case 'choose':
        return reportSavedPlan(await plan.choose(message.plan));
      case 'discard':
        return reportSavedPlan(await plan.discard());
      case 'undo':
        return plan.undo();
      case 'compare':
        return plan.compare();
      case 'open-json':
        return plan.open();
      case 'cancel':
        return this.cancel();
    }
  }

  private async edit({ seq, edit }: Asked<'edit'>, plan: PlanDocument): Promise<void> {
    const made = await plan.edit(edit);
    this.ack = seq;
    this.refusedOf = this.context.host.state.snapshot?.plan?.at;
    this.refused = made
      ? null
      : {
          field: edit.kind === 'set' ? edit.field : 'agent',
          value: edit.kind === 'set' ? String(edit.value) : edit.kind,
        };
    this.refresh();
  }

  private async approve({ revision }: Asked<'approve'>, plan: PlanDocument): Promise<void> {
    const state = await plan.refresh();
    if (state?.revision !== revision || state.incoming !== null) return this.warnAboutChange();
    const { snapshot } = this.context.host.state;
    if (state.reading.plan === null || snapshot?.session?.phase !== 'review' || snapshot.plan === null)
      return this.warnAboutChange();
    const team = await this.context.host.require().team();
    await team.request({ kind: 'approve', plan: state.reading.plan, review: snapshot.plan.at });
    await vscode.commands.executeCommand('taco.openMonitor');
  }

  private async reject({ at, note, withEdits }: Asked<'reject'>, { state }: PlanDocument): Promise<void> {
    if (this.context.host.state.snapshot?.plan?.at !== at) return this.warnAboutChange();
    // Without markers: Mother must not take this text for a plan of hers.
    const edits =
      withEdits && state?.edited && state.reading.agents
        ? `\nStart from the plan as the user edited it: ${JSON.stringify(JSON.parse(state.text))}`
        : '';
    await (await this.context.host.require().team()).request({ kind: 'reject', note: `${note}${edits}` });
  }

  /** Cancels a change only, since the team runs. */
  private async cancel(): Promise<void> {
    if (!this.context.host.state.snapshot?.plan?.change)
      return void (await vscode.commands.executeCommand('taco.stop'));
    await (await this.context.host.require().team()).request({ kind: 'reject', note: '' });
  }

  private warnAboutChange(): void {
    void vscode.window.showWarningMessage(vscode.l10n.t('The plan has changed since it was shown. Review it again.'));
    this.refresh();
  }

  protected override onVisible(visible: boolean): void {
    super.onVisible(visible);
    if (visible) void this.plan.refresh();
  }

  /** Returns the MB of one agent of a profile: as measured on this machine, else as TACO knows it. */
  private memoryOf(): (profile: string) => number | undefined {
    const measured = new MeasuredMemory(new TacoPaths(process.env, homedir()).home).read();
    return (profile) => measured[profile] ?? profileOf(profile)?.memoryMb;
  }

  protected override postOf({ snapshot, connected }: ProjectState): PlanPost {
    const review = snapshot?.plan ?? null;
    const { profile } = this.context.host.engineSettings();
    const draft = this.plan.state ? draftPost(this.plan.state, profile, this.plan.canUndo, this.memoryOf()) : null;
    return {
      type: 'plan',
      review: review && { status: review.status, at: review.at, attempt: review.attempt, repaired: review.repaired },
      goal: snapshot?.session?.goal ?? '',
      phase: snapshot?.session?.phase ?? '',
      detail: snapshot?.session?.detail ?? '',
      connected,
      draft,
      ...changePost(review, this.plan.state?.reading.plan ?? null),
      unread:
        review?.status === 'invalid' && review.plan === null && review.draft === undefined
          ? review.problems.map(({ message }) => message)
          : [],
      profiles: profileNames().map((name) => ({ name, title: profileOf(name)?.title ?? name })),
      defaultProfile: profile,
      freeMb: Math.round(freeMemory() / MEGABYTE),
      ack: this.ack,
      refused: this.refusedOf === review?.at ? this.refused : null,
    };
  }
}

/** Returns what an approval would change in the running team, with the user's edits included. */
function changePost(review: PlanReview | null, plan: Plan | null): Pick<PlanPost, 'change'> {
  const change = review?.plan && review.change ? changeOf(review.plan, review.change, plan ?? review.plan) : undefined;
  return change
    ? { change: { lines: changeLines(change, vscode.l10n.t), label: changeLabel(change, vscode.l10n.t) } }
    : {};
}

function draftPost(
  { revision, reading, edited, incoming }: NonNullable<PlanDocument['state']>,
  defaultProfile: string,
  canUndo: boolean,
  memoryOf: (profile: string) => number | undefined,
): PlanPostDraft {
  return {
    revision,
    agents: reading.agents,
    problems: reading.problems.map((problem) => ({
      message: problemInWords(problem, vscode.l10n.t),
      at: problem.at,
      field: problem.field ?? '',
      repairs: problem.repairs.map(({ title }) => render(title, vscode.l10n.t)),
    })),
    launch: reading.plan && launchFacts(reading.plan, defaultProfile, memoryOf),
    edited,
    canUndo,
    incoming: incoming?.kind ?? null,
  };
}

/** Reports where the edits are that another plan has replaced. */
async function reportSavedPlan(path: string | null): Promise<void> {
  if (path === null) return;
  const open = vscode.l10n.t('Open');
  const answer = await vscode.window.showInformationMessage(vscode.l10n.t('Your edits are kept in {0}.', path), open);
  if (answer === open) await vscode.window.showTextDocument(vscode.Uri.file(path));
}

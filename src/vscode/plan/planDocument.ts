import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errors } from '../../core/errors/errors';
import type { DraftEdit } from '../../core/plan/planDraft';
import type { PlanReading } from '../../core/plan/planDraft';
import type { PlanReview } from '../../core/plan/planReview';
import type { JsonChange } from '../../core/plan/renameAgent';
import type { TacoPaths } from '../../core/programs/paths';
import { projectIdOf } from '../../redis/client/keys';
import type { LoadEngineApi } from '../project/engineApi';
import type { ProjectHost } from '../project/projectHost';
import { planToShow } from '../project/projectState';
import { setting } from '../project/settings';
import { PLAN_SUFFIX, replaceText, textDocumentAt } from './planFiles';

const FILE_NAME = `plan${PLAN_SUFFIX}`;
/** The text that the document was made from, so that edits can be compared with Mother's plan, after a reload too. */
const BASE_NAME = 'plan.base.json';
/** Stores the user's edits when the user lets another plan replace them. */
const BEFORE_NAME = `plan.before${PLAN_SUFFIX}`;

/** Maximum number of edits on the page that can be undone. */
const MAX_UNDO_STEPS = 100;

interface Base {
  readonly at: number;
  readonly text: string;
}

export interface PlanState {
  readonly revision: number;
  readonly text: string;
  readonly reading: PlanReading;
  readonly edited: boolean;
  /** A plan that came while the user edited, and waits for the user's choice. */
  readonly incoming: (Base & { readonly kind: 'proposed' | 'approved' }) | null;
}

/**
 * The plan under review as one document: a real file in TACO's own folder (nothing is written into the project). Its
 * text is the only source of truth. The page and an editor both change it, and see each other's changes. A new plan
 * replaces it only while it is unedited; otherwise the new plan waits beside it.
 */
export class PlanDocument implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly disposables = new DisposableStore();
  /** Runs tasks serially: plans, edits and files must not overlap. */
  private work: Promise<unknown> = Promise.resolve();
  private taken = '';
  /** Unique for each text, also across teams: an approval names it. */
  private revision = 0;
  private base: Base | null = null;
  private steps: readonly { readonly before: string; readonly after: string }[] = [];
  readonly onChange = this.changed.event;
  state: PlanState | null = null;

  constructor(
    private readonly host: ProjectHost,
    private readonly paths: TacoPaths,
    private readonly loadBackend: LoadEngineApi,
    private readonly logger: Logger,
  ) {
    this.disposables.addAll(
      this.changed,
      host.onChange(() => this.take()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.onText(document)),
    );
    this.take();
  }

  /** Opens the document as text beside the page. Throws TacoError plan-missing. */
  async open(): Promise<void> {
    await this.work;
    if (this.state === null) throw errors.planMissing();
    await vscode.window.showTextDocument(vscode.Uri.file(this.file(FILE_NAME)), {
      viewColumn: vscode.ViewColumn.Beside,
    });
  }

  /** Applies a user's edit of one agent; false when the text there has changed by now. */
  edit(edit: DraftEdit): Promise<boolean> {
    return this.enqueue(async () => {
      const { plans } = await this.loadBackend();
      return this.makeStep(await this.readAgain(), (text) => plans.edit(text, edit));
    });
  }

  /** Applies changes that were offered for the text of this revision; false when the revision has changed. */
  change(revision: number, changes: readonly JsonChange[]): Promise<boolean> {
    return this.enqueue(async () => {
      const { plans } = await this.loadBackend();
      const state = await this.readAgain();
      return this.makeStep(state?.revision === revision ? state : null, (text) => plans.change(text, changes));
    });
  }

  /** Undoes the last edit or quick fix, unless the text was changed elsewhere since. */
  undo(): Promise<void> {
    return this.enqueue(async () => {
      const step = this.steps.at(-1);
      this.steps = this.steps.slice(0, -1);
      if (step && (await this.readAgain())?.text === step.after) await this.write(step.before, 'as it was');
      else this.steps = [];
    });
  }

  get canUndo(): boolean {
    return this.state !== null && this.steps.at(-1)?.after === this.state.text;
  }

  /** Returns the state, with changes that another window may have written into the file. */
  refresh(): Promise<PlanState | null> {
    return this.enqueue(() => this.readAgain());
  }

  /**
   * Decides which of two plans continues. Saves the other one in a file and returns its path; null: nothing was
   * discarded.
   */
  choose(plan: 'mine' | 'theirs'): Promise<string | null> {
    return this.enqueue(async () => {
      const incoming = this.state?.incoming;
      if (!incoming) return null;
      if (plan === 'mine') {
        await this.keepBase(incoming);
        await this.read(null);
        return null;
      }
      return this.replaceBy(incoming);
    });
  }

  /** Goes back to the plan as Mother wrote it. Saves the edits in a file and returns its path. */
  discard(): Promise<string | null> {
    return this.enqueue(() => (this.base && this.state?.edited ? this.replaceBy(this.base) : Promise.resolve(null)));
  }

  /** Shows both plans side by side. */
  async compare(): Promise<void> {
    const incoming = this.state?.incoming ?? this.base;
    if (!incoming) return;
    const theirs = await vscode.workspace.openTextDocument({ language: 'json', content: incoming.text });
    await vscode.commands.executeCommand(
      'vscode.diff',
      theirs.uri,
      vscode.Uri.file(this.file(FILE_NAME)),
      vscode.l10n.t("Mother's plan ↔ with your edits"),
    );
  }

  private file(name: string): string {
    return join(this.paths.projectDir(projectIdOf(this.host.require().dir)), name);
  }

  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.work.then(work);
    this.work = result.catch((error: unknown) => this.logger.error('plan.document', { error }));
    return result;
  }

  /** Checks for a plan that the document does not have yet. */
  private take(): void {
    const review = planToShow(this.host.state);
    const session = this.host.state.snapshot?.session;
    // of a team that has ended
    if (!session || (!review && this.base && this.base.at < Date.parse(session.started_at))) this.forget();
    const key = review && session ? `${this.host.project?.dir} ${session.started_at} ${review.at}` : '';
    if (key === this.taken) return;
    this.taken = key;
    // A failed change to a running team has no plan to show, only its problems.
    if (review?.plan === null && session?.phase === 'running') return;
    if (review && session) void this.enqueue(() => this.takeIn(review, Date.parse(session.started_at)));
  }

  private async takeIn(review: PlanReview, begun: number): Promise<void> {
    const { plans } = await this.loadBackend();
    const theirs: Base = {
      at: review.at,
      text: `${JSON.stringify(review.plan ?? review.draft ?? review.proposal ?? { agents: [] }, null, 2)}\n`,
    };
    const [base, text] = await Promise.all([this.readBase(), this.currentText()]);
    this.base = base;
    if (text !== null && base?.at === review.at) return this.read(null);
    if (text === null || base === null || plans.same(text, theirs.text) || plans.same(text, base.text)) {
      if (text === null || !plans.same(text, theirs.text)) await this.write(theirs.text, 'saved');
      await this.keepBase(theirs);
      return this.read(null);
    }
    // No review needs edits of an ended session, but they are not thrown away.
    if (base.at < begun) return void (await this.replaceBy(theirs));
    await this.read({ ...theirs, kind: review.status === 'approved' ? 'approved' : 'proposed' });
  }

  private async makeStep(state: PlanState | null, next: (text: string) => string | null): Promise<boolean> {
    const after = state && next(state.text);
    if (state === null || after === null) return false;
    await this.write(after, 'as it was');
    this.steps = [...this.steps.slice(1 - MAX_UNDO_STEPS), { before: state.text, after: this.state?.text ?? after }];
    this.changed.fire();
    return true;
  }

  private async readAgain(): Promise<PlanState | null> {
    if (this.state !== null) await this.read(this.state.incoming);
    return this.state;
  }

  private async replaceBy(theirs: Base): Promise<string> {
    const before = this.file(BEFORE_NAME);
    await writeFile(before, (await this.currentText()) ?? '', { mode: 0o600 });
    await this.write(theirs.text, 'saved');
    await this.keepBase({ at: theirs.at, text: theirs.text });
    await this.read(null);
    return before;
  }

  private forget(): void {
    if (this.state === null) return;
    void this.enqueue(() => {
      if (this.state !== null) this.changed.fire(void (this.state = null));
      return Promise.resolve();
    });
  }

  /** Applies text from an editor at once, saved or not. */
  private onText(document: vscode.TextDocument): void {
    if (
      this.state === null ||
      !this.host.project ||
      document.uri.fsPath !== this.file(FILE_NAME) ||
      document.getText() === this.state.text
    )
      return;
    void this.enqueue(() => this.read(this.state?.incoming ?? null));
  }

  private async read(incoming: PlanState['incoming']): Promise<void> {
    const { plans } = await this.loadBackend();
    const text = (await this.currentText()) ?? '';
    if (this.state?.text !== text) this.revision += 1;
    this.state = {
      revision: this.revision,
      text,
      reading: plans.read(text, setting('taco.maxAgents')),
      edited: this.base !== null && !plans.same(text, this.base.text),
      incoming,
    };
    this.changed.fire();
  }

  /** Returns the text of an open editor, otherwise the file's; null when there is neither. */
  private async currentText(): Promise<string | null> {
    const path = this.file(FILE_NAME);
    return textDocumentAt(path)?.getText() ?? (await readFile(path, 'utf8').catch(() => null));
  }

  /** `as it was`: an unsaved document stays unsaved, because the user decides when to save what they typed. */
  private async write(text: string, save: 'saved' | 'as it was'): Promise<void> {
    const path = this.file(FILE_NAME);
    await mkdir(this.paths.projectDir(projectIdOf(this.host.require().dir)), { recursive: true, mode: 0o700 });
    const document = textDocumentAt(path);
    if (document) await replaceText(document, text, save === 'saved' || !document.isDirty);
    else await writeFile(path, text, { mode: 0o600 });
    if (this.state !== null) await this.read(this.state.incoming);
  }

  private async keepBase({ at, text }: Base): Promise<void> {
    this.base = { at, text };
    await writeFile(this.file(BASE_NAME), JSON.stringify(this.base), { mode: 0o600 });
  }

  private async readBase(): Promise<Base | null> {
    try {
      const { at, text } = JSON.parse(await readFile(this.file(BASE_NAME), 'utf8')) as Record<string, unknown>;
      return typeof at === 'number' && typeof text === 'string' ? { at, text } : null;
    } catch {
      return null; // none yet
    }
  }

  dispose(): void {
    this.disposables.dispose();
  }
}

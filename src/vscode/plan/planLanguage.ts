import * as vscode from 'vscode';
import { DisposableStore } from '../../core/base/disposable';
import { render } from '../../core/base/localizedText';
import type { Logger } from '../../core/base/logger';
import type { PlanReading, TextRange } from '../../core/plan/planDraft';
import { problemInWords } from '../../core/plan/planProblems';
import { profileNames } from '../../profiles/registry';
import type { LoadEngineApi, PlanTextApi } from '../project/engineApi';
import { setting } from '../project/settings';
import { isPlanFile, PLAN_FILES, textEdit } from './planFiles';

/** Minimum time between two checks of a plan while the user types, milliseconds. */
const CHECK_MS = 150;

/**
 * Language features of every plan file: marks problems at their places with their quick fixes, and completes names of
 * agents and CLIs. The JSON schema checks the shape of one agent.
 */
export class PlanLanguage implements vscode.Disposable, vscode.CodeActionProvider, vscode.CompletionItemProvider {
  private readonly marks = vscode.languages.createDiagnosticCollection('taco-plan');
  private readonly status = vscode.languages.createLanguageStatusItem('taco.plan', PLAN_FILES);
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly disposables = new DisposableStore();

  constructor(
    private readonly loadBackend: LoadEngineApi,
    private readonly logger: Logger,
  ) {
    this.status.name = vscode.l10n.t('TACO plan');
    this.status.command = { command: 'taco.reviewPlan', title: vscode.l10n.t('Review Plan') };
    this.disposables.addAll(
      this.marks,
      this.status,
      vscode.workspace.onDidOpenTextDocument((document) => this.later(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.later(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.marks.delete(document.uri)),
      vscode.languages.registerCodeActionsProvider(PLAN_FILES, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
      vscode.languages.registerCompletionItemProvider(PLAN_FILES, this, '"'),
    );
    for (const document of vscode.workspace.textDocuments) this.later(document);
  }

  async provideCodeActions(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.CodeAction[]> {
    const { plans, reading } = await this.read(document);
    return reading.problems.flatMap((problem, index) => {
      const mark = diagnostic(document, reading, index);
      if (!mark.range.intersection(range)) return [];
      return problem.repairs.map(({ title, changes }) => {
        const action = new vscode.CodeAction(render(title, vscode.l10n.t), vscode.CodeActionKind.QuickFix);
        action.diagnostics = [mark];
        action.edit = new vscode.WorkspaceEdit();
        action.edit.set(document.uri, [textEdit(document, plans.change(document.getText(), changes))]);
        return action;
      });
    });
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    const { plans } = await this.loadBackend();
    const found = plans.complete(document.getText(), document.offsetAt(position), profileNames());
    if (found === null) return [];
    const range = rangeIn(document, found.replaced);
    return found.values.map((value) => {
      const item = new vscode.CompletionItem(JSON.stringify(value), vscode.CompletionItemKind.Value);
      item.range = range;
      return item;
    });
  }

  private later(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    if (!isPlanFile(document) || this.waiting.has(key)) return;
    this.waiting.set(
      key,
      setTimeout(() => {
        this.waiting.delete(key);
        if (!document.isClosed) void this.check(document);
      }, CHECK_MS),
    );
  }

  private async check(document: vscode.TextDocument): Promise<void> {
    try {
      const { reading } = await this.read(document);
      this.marks.set(
        document.uri,
        reading.problems.map((_problem, index) => diagnostic(document, reading, index)),
      );
      const count = reading.problems.length;
      this.status.severity =
        count > 0 ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
      this.status.text =
        count > 0 ? vscode.l10n.t('Plan: {0} problem(s)', count) : vscode.l10n.t('Plan: can be launched');
    } catch (error) {
      this.logger.error('plan.check', { error });
    }
  }

  private async read(
    document: vscode.TextDocument,
  ): Promise<{ readonly plans: PlanTextApi; readonly reading: PlanReading }> {
    const { plans } = await this.loadBackend();
    return { plans, reading: plans.read(document.getText(), setting('taco.maxAgents')) };
  }

  dispose(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.disposables.dispose();
  }
}

function diagnostic(
  document: vscode.TextDocument,
  { problems, ranges }: PlanReading,
  index: number,
): vscode.Diagnostic {
  const problem = problems[index]!;
  const result = new vscode.Diagnostic(
    rangeIn(document, ranges[index]!),
    problemInWords(problem, vscode.l10n.t),
    vscode.DiagnosticSeverity.Error,
  );
  result.source = 'TACO';
  result.code = problem.code;
  return result;
}

function rangeIn(document: vscode.TextDocument, { offset, length }: TextRange): vscode.Range {
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
}

import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { errors } from '../core/errors';
import { projectIdOf } from '../core/keys';
import type { PlanProblem } from '../core/models';
import type { TacoPaths } from '../core/paths';
import type { Logger } from '../core/ports';
import type { LoadBackend } from './backend';
import { reportError } from './notify';
import type { ProjectHost } from './projectHost';
import { setting } from './settings';

/** The suffix to which package.json attaches the plan's JSON schema. */
const FILE_NAME = 'plan.taco-plan.json';

/** What a person starts from when nothing could be read of Mother's plan. */
const SKELETON = { agents: [{ window: 2, name: 'first_agent', role: 'What this agent is for', depends_on: [], notifies: [], wait_for: [] }] };

/**
 * The plan as a JSON document: schema and completion come from `jsonValidation`, problems are marked on the agent
 * concerned, and saving it submits it. It lies in TACO's own folder, since nothing is written into the project.
 */
export class PlanDocument implements vscode.Disposable {
  private readonly problems = vscode.languages.createDiagnosticCollection('taco-plan');
  private readonly store: vscode.Disposable[];

  constructor(
    private readonly host: ProjectHost,
    private readonly paths: TacoPaths,
    private readonly loadBackend: LoadBackend,
    private readonly logger: Logger,
  ) {
    this.store = [
      this.problems,
      vscode.workspace.onDidSaveTextDocument((document) => void this.submit(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.problems.delete(document.uri)),
    ];
  }

  /** Throws TacoError plan-missing. */
  async open(): Promise<void> {
    const project = this.host.require();
    const review = project.state.snapshot?.plan;
    if (!review) throw errors.planMissing();
    const plan = review.plan ?? review.proposal ?? SKELETON;
    const file = this.fileOf(project.dir);
    await mkdir(this.paths.projectDir(projectIdOf(project.dir)), { recursive: true, mode: 0o700 });
    const open = vscode.workspace.textDocuments.find((document) => document.uri.fsPath === file);
    if (!open?.isDirty) await writeFile(file, `${JSON.stringify(plan, null, 2)}\n`, { mode: 0o600 });
    await vscode.window.showTextDocument(vscode.Uri.file(file), { viewColumn: vscode.ViewColumn.Beside });
  }

  private fileOf(projectDir: string): string {
    return join(this.paths.projectDir(projectIdOf(projectDir)), FILE_NAME);
  }

  private async submit(document: vscode.TextDocument): Promise<void> {
    const { project } = this.host;
    if (!project || basename(document.uri.fsPath) !== FILE_NAME || document.uri.fsPath !== this.fileOf(project.dir)) return;
    try {
      const text = document.getText();
      const { problems } = (await this.loadBackend()).checkPlan(text, setting('taco.maxAgents'));
      this.problems.set(document.uri, problems.map((problem) => diagnostic(document, problem)));
      if (problems.length > 0) return; // shown in the document, where they can be mended
      await (await project.team()).request({ kind: 'submit-plan', text });
      vscode.window.setStatusBarMessage(vscode.l10n.t('$(checklist) Plan submitted'), 4000);
    } catch (error) {
      await reportError(error, this.logger);
    }
  }

  dispose(): void {
    for (const item of this.store) item.dispose();
  }
}

/** On the name of the first agent concerned; on the first line when no agent is. */
function diagnostic(document: vscode.TextDocument, problem: PlanProblem): vscode.Diagnostic {
  const quoted = problem.agents.map((name) => JSON.stringify(name));
  const at = quoted.map((name) => document.getText().indexOf(name)).find((index) => index >= 0);
  const range =
    at === undefined ? document.lineAt(0).range : new vscode.Range(document.positionAt(at), document.positionAt(at + (quoted[0]?.length ?? 0)));
  const result = new vscode.Diagnostic(range, problem.message, vscode.DiagnosticSeverity.Error);
  result.source = 'TACO';
  result.code = problem.code;
  return result;
}

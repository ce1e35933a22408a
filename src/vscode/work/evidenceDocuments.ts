import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Evidence } from '../../core/proof/proof';
import { plainText } from '../../environment/git/outputTail';

const SCHEME = 'taco-evidence';
const MAX_DOCUMENTS = 20;

/** Shows the output of checks read-only: evidence must not change under the user's hands. */
export class EvidenceDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly logs = new Map<string, string>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const log = this.logs.get(uri.toString());
    return log === undefined ? '' : plainText(await readFile(log, 'utf8').catch(() => ''));
  }

  /** Opens the output of one run. @param log path of its file */
  async show(agent: string, run: Pick<Evidence, 'at' | 'commit'>, log: string): Promise<void> {
    const name = run.commit === '' ? agent : `${agent} ${run.commit.slice(0, 10)}`;
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${run.at}/${vscode.l10n.t('Check of {0}', name)}.log` });
    this.logs.set(uri.toString(), log);
    for (const key of this.logs.keys()) if (this.logs.size > MAX_DOCUMENTS) this.logs.delete(key);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  dispose(): void {
    this.registration.dispose();
    this.logs.clear();
  }
}

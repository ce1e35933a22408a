import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { InputRequest } from '../../core/requests/inputRequest';
import { requestText } from '../../core/requests/requestText';
import { fileAfterEdit, fileOf, requestTitle } from '../shared/inputRequestText';

const SCHEME = 'taco-request';
const MAX_DOCUMENTS = 20;

/** Shows the whole of an agent's request, read-only; for an edit, the diff that it would make. */
export class InputRequestDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  async show(request: InputRequest): Promise<void> {
    const file = fileOf(request);
    const now = file === null ? null : await readFile(file, 'utf8').catch(() => '');
    const after = now === null ? null : fileAfterEdit(request, now);
    if (file !== null && after !== null) {
      const name = vscode.Uri.file(file).path;
      const title = vscode.l10n.t('{0} (request)', requestTitle(request, 60));
      await vscode.commands.executeCommand(
        'vscode.diff',
        this.keep(request, `now${name}`, now ?? ''),
        this.keep(request, `asked${name}`, after),
        title,
        { preview: true },
      );
      return;
    }
    const extension =
      request.kind === 'plan' || request.tool === 'AskUserQuestion'
        ? 'md'
        : request.tool === 'Bash'
          ? 'sh'
          : request.kind === 'dialog'
            ? 'txt'
            : 'json';
    const document = await vscode.workspace.openTextDocument(
      this.keep(request, `${request.tool || 'dialog'}.${extension}`, requestText(request)),
    );
    await vscode.window.showTextDocument(document, { preview: true });
  }

  dispose(): void {
    this.registration.dispose();
    this.texts.clear();
  }

  private keep(request: InputRequest, path: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${request.id}/${path}` });
    this.texts.set(uri.toString(), text);
    for (const key of this.texts.keys()) if (this.texts.size > MAX_DOCUMENTS) this.texts.delete(key);
    return uri;
  }
}

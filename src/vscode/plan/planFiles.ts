import * as vscode from 'vscode';

/** The suffix to which package.json attaches the plan's JSON schema. */
export const PLAN_SUFFIX = '.taco-plan.json';
export const PLAN_FILES: vscode.DocumentFilter = { pattern: `**/*${PLAN_SUFFIX}` };

export function isPlanFile(document: vscode.TextDocument): boolean {
  return document.uri.path.endsWith(PLAN_SUFFIX);
}

/** Returns the document of a file when an editor has it open. */
export function textDocumentAt(path: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(
    (document) => document.uri.scheme === 'file' && document.uri.fsPath === path && !document.isClosed,
  );
}

/** Returns the smallest edit that changes the document to `text`, so that cursors and folds stay in place. */
export function textEdit(document: vscode.TextDocument, text: string): vscode.TextEdit {
  const old = document.getText();
  let from = 0;
  while (from < old.length && from < text.length && old[from] === text[from]) from += 1;
  let end = 0;
  while (
    end < old.length - from &&
    end < text.length - from &&
    old[old.length - 1 - end] === text[text.length - 1 - end]
  )
    end += 1;
  const range = new vscode.Range(document.positionAt(from), document.positionAt(old.length - end));
  return vscode.TextEdit.replace(range, text.slice(from, text.length - end));
}

/** Changes an open document in an undoable way; saves it on request. */
export async function replaceText(document: vscode.TextDocument, text: string, save: boolean): Promise<void> {
  // Keep the document's own line ends.
  const wanted = document.eol === vscode.EndOfLine.CRLF ? text.replace(/\r?\n/g, '\r\n') : text;
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, [textEdit(document, wanted)]);
  await vscode.workspace.applyEdit(edit);
  if (save) await document.save();
}

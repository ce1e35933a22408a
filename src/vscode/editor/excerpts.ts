import { readFile, realpath } from 'node:fs/promises';
import * as vscode from 'vscode';
import { linesOf, placeFor } from '../../core/agents/agentPath';
import type { AgentView } from '../../core/team/snapshot';
import type { Excerpt } from './messageTemplates';

/** Returns a file's real path, with links resolved: agents know their folders by real paths. */
export async function realFile(uri: vscode.Uri): Promise<string> {
  return realpath(uri.fsPath).catch(() => uri.fsPath);
}

/**
 * Returns the lines that a comment belongs to (its range ends where its last line begins); for a deleted file only the
 * path.
 */
export async function commented(
  uri: vscode.Uri,
  at: vscode.Range | undefined,
  agent: AgentView,
  projectDir: string,
): Promise<Excerpt> {
  const document = await vscode.workspace.openTextDocument(uri).then(
    (opened) => opened,
    () => null,
  );
  if (document === null)
    return {
      path: placeFor(await realFile(uri), agent.workspace, projectDir).path,
      lines: null,
      code: '',
      language: '',
      onDisk: false,
      gone: true,
    };
  const range = document.validateRange(at ?? new vscode.Range(0, 0, 0, 0));
  return excerptFor(
    document,
    new vscode.Range(range.start.line, 0, range.end.line, document.lineAt(range.end.line).text.length || 1),
    agent,
    projectDir,
  );
}

/**
 * Returns whole lines of a document as an agent knows them: by the agent's own path and the line numbers in its own
 * copy.
 */
export async function excerptFor(
  document: vscode.TextDocument,
  range: vscode.Range,
  agent: AgentView,
  projectDir: string,
): Promise<Excerpt> {
  const first = document.lineAt(range.start.line);
  // A selection that ends at the start of a line does not include that line.
  const end = range.end.character === 0 && range.end.line > range.start.line ? range.end.line - 1 : range.end.line;
  const code = document.getText(new vscode.Range(first.range.start, document.lineAt(end).range.end));
  const language = document.languageId === 'plaintext' ? '' : document.languageId;
  if (document.isUntitled) return { path: 'an unsaved file', lines: null, code, language, onDisk: false };
  const { path, file } = placeFor(await realFile(document.uri), agent.workspace, projectDir);
  const copy = await readFile(file, 'utf8').catch(() => null);
  const lines = copy === null ? null : linesOf(code, copy, range.start.line + 1);
  return { path, lines, code, language, onDisk: lines !== null };
}

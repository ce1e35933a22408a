/** Agents' texts in hovers. */
import * as vscode from 'vscode';
import { breakable } from './labels';

/** Appends plain text: it cannot become a link, picture, icon or tag. */
export function appendPlainText(to: vscode.MarkdownString, text: string): vscode.MarkdownString {
  const inert = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return to.appendMarkdown(
    breakable(new vscode.MarkdownString(undefined, to.supportThemeIcons).appendText(inert).value),
  );
}

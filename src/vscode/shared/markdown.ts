/** What agents write, in hovers. */
import * as vscode from 'vscode';
import { breakable } from './labels';

/** Appends it as nothing but text: no link, picture, icon or tag becomes of it. */
export function appendPlainText(to: vscode.MarkdownString, text: string): vscode.MarkdownString {
  const inert = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return to.appendMarkdown(
    breakable(new vscode.MarkdownString(undefined, to.supportThemeIcons).appendText(inert).value),
  );
}

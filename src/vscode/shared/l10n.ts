import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';

/**
 * Passes the user's language to modules without `vscode`, and to pages. VS Code has loaded it by now; without a
 * translation the English of the code is used. Each bundle contains its own copy of the library, so each calls this
 * once before its first text.
 */
export function configureL10n(): void {
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
}

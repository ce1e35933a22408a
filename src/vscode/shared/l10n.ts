import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';

/**
 * Gives the person's language to the modules that know no `vscode`, and to pages. VS Code has read it by now; without a translation
 * everything stays as it stands in the code. Each bundle has a library of its own, so each asks for this once, before it says anything.
 */
export function configureL10n(): void {
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
}

import type * as vscode from 'vscode';
import type { Snapshot } from '../../core/team/snapshot';
import type { LanguageModelToolName } from '../manifest/ecosystemContributions';

/** The features of the lazy bundle that other parts of VS Code reach. */
export interface IntegrationFeatures {
  readonly links: vscode.UriHandler;
  readonly terminalProfile: vscode.TerminalProfileProvider;
  toolAnswer(tool: LanguageModelToolName, snapshot: Snapshot | null, input: unknown): unknown;
}

import * as vscode from 'vscode';
import type { CommandDeps } from '../commands/context';
import { terminalProfile } from '../ecosystemContributions';
import { registerLanguageModelTools } from './languageModelTools';
import { registerMcpServer } from './mcpServer';
import { AgentTerminalProfile } from './terminalProfile';
import { LinkHandler } from './uriHandler';

/** Builds what TACO offers to other parts of VS Code. */
export function buildEcosystem(deps: CommandDeps, context: vscode.ExtensionContext): vscode.Disposable {
  const { version } = context.extension.packageJSON as { readonly version: string };
  return vscode.Disposable.from(
    registerLanguageModelTools(deps.host),
    registerMcpServer(deps.host, context.asAbsolutePath('dist/taco.js'), version),
    vscode.window.registerTerminalProfileProvider(terminalProfile.id, new AgentTerminalProfile(deps)),
    vscode.window.registerUriHandler(new LinkHandler(deps)),
  );
}

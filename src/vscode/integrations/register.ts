import * as vscode from 'vscode';
import { terminalProfile } from '../manifest/ecosystemContributions';
import type { ProjectHost } from '../project/projectHost';
import type { IntegrationFeatures } from './integrationFeatures';
import { registerLanguageModelTools } from './languageModelTools';
import { registerMcpServer } from './mcpServer';

/** Registers what TACO offers to other parts of VS Code; the code behind it loads on first use. */
export function registerEcosystem(
  host: ProjectHost,
  parts: () => IntegrationFeatures,
  context: vscode.ExtensionContext,
): vscode.Disposable {
  const { version } = context.extension.packageJSON as { readonly version: string };
  return vscode.Disposable.from(
    registerLanguageModelTools(host, parts),
    registerMcpServer(host, context.asAbsolutePath('dist/taco.js'), version),
    vscode.window.registerTerminalProfileProvider(terminalProfile.id, {
      provideTerminalProfile: (token) => parts().terminalProfile.provideTerminalProfile(token),
    }),
    vscode.window.registerUriHandler({ handleUri: (uri) => parts().links.handleUri(uri) }),
  );
}

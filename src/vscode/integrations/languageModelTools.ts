import * as vscode from 'vscode';
import type { LanguageModelToolName } from '../manifest/ecosystemContributions';
import { languageModelTools } from '../manifest/ecosystemContributions';
import type { ProjectHost } from '../project/projectHost';
import type { IntegrationFeatures } from './integrationFeatures';

/** Lets a chat in VS Code read what the team does. The tools start nothing: without a session they say so. */
export function registerLanguageModelTools(host: ProjectHost, parts: () => IntegrationFeatures): vscode.Disposable {
  const names = Object.keys(languageModelTools) as LanguageModelToolName[];
  return vscode.Disposable.from(
    ...names.map((name) =>
      vscode.lm.registerTool(name, {
        async invoke({ input }) {
          await host.project?.check();
          const answer = JSON.stringify(parts().toolAnswer(name, host.state.snapshot, input));
          return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(answer)]);
        },
      }),
    ),
  );
}

import * as vscode from 'vscode';
import type { Logger } from '../../core/base/logger';
import type { LoadEngineApi } from '../project/engineApi';
import type { ProjectDeps } from '../project/runningProject';
import { AgentTerminalLinks } from '../terminals/terminalLinks';
import { ChangesModel } from './changesModel';
import { ChangesTree } from './changesTree';
import { AgentCodeActions } from './codeActions';
import type { EditorParts } from './commands';
import { Diffs } from './diffs';
import { PullRequestStates } from './pullRequestStates';
import { Review } from './review';
import { ReviewStore } from './reviewStore';
import { EditorSender } from './sendToAgent';

interface EditorDeps extends ProjectDeps {
  readonly loadBackend: LoadEngineApi;
  readonly logger: Logger;
}

/** Builds TACO's features in editors and terminals. `own` registers what must be disposed of at the end. */
export function registerEditor(
  deps: EditorDeps,
  { workspaceState }: vscode.ExtensionContext,
  own: <T extends vscode.Disposable>(item: T) => T,
): EditorParts {
  const { host, loadBackend, logger } = deps;
  const changes = own(new ChangesModel(host, loadBackend, logger));
  const diffs = own(new Diffs(changes));
  const sender = new EditorSender(deps, changes);
  const review = own(new Review(deps, changes, sender, new ReviewStore(workspaceState)));
  const pullRequests = own(new PullRequestStates(host, loadBackend, logger));
  own(new ChangesTree(changes, pullRequests, host));
  own(
    vscode.languages.registerCodeActionsProvider({ scheme: 'file' }, new AgentCodeActions(host), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
  );
  own(vscode.window.registerTerminalLinkProvider(new AgentTerminalLinks(host)));
  return { changes, pullRequests, diffs, review, sender };
}

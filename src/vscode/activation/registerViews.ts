import * as vscode from 'vscode';
import { registerEcosystem } from '../integrations/register';
import type { CommandId } from '../manifest/contributions';
import { commands, panels } from '../manifest/contributions';
import { MutedAgents } from '../notifications/mutedAgents';
import { isPlanFile } from '../plan/planFiles';
import { channelLogger } from '../project/channelLogger';
import { ManagedContextKey } from '../project/contextKeys';
import type { LoadEngineApi } from '../project/engineApi';
import { ProjectHost } from '../project/projectHost';
import { StatusBar } from '../statusBar/statusBar';
import { messageRows } from '../trees/messageRows';
import { agentsNotice, type TreeRow } from '../trees/treeRows';
import { agentRows, serviceRows } from '../trees/treeRows';
import { TreeView } from '../trees/treeView';
import type * as PartsBundle from './deferredFeatures';

/** Bundles that are loaded on first use. */
export interface LazyBundles {
  readonly loadBackend: LoadEngineApi;
  readonly loadParts: () => typeof PartsBundle;
}

/**
 * Builds the parts of TACO's UI that exist when a window opens: views, status bar item and every command. The commands'
 * code is in a bundle of its own. The caller must close the returned host at the end.
 */
export function registerViews(
  context: vscode.ExtensionContext,
  channel: vscode.LogOutputChannel,
  { loadBackend, loadParts }: LazyBundles,
): ProjectHost {
  const own = <T extends vscode.Disposable>(item: T): T => {
    context.subscriptions.push(item);
    return item;
  };
  const logger = channelLogger(channel);
  let built: PartsBundle.DeferredFeatures | undefined;
  const parts = (): PartsBundle.DeferredFeatures =>
    (built ??= loadParts().createDeferredFeatures({ context, channel, logger, host, mutes, agents, loadBackend }));

  // Load the other features when a project opens or the user opens a view.
  const host: ProjectHost = own(
    new ProjectHost(context, () => (parts(), loadBackend()), logger, {
      checkTools: (questions) => (parts(), loadParts().checkTools(questions)),
      sessionRuns: (endpoint, projectId) => loadParts().hasRunningSession(endpoint, projectId),
    }),
  );
  own(new ManagedContextKey(host));
  own(new StatusBar(host));
  const mutes = own(new MutedAgents(context.workspaceState));
  const agents = own(
    new TreeView(host, {
      id: 'taco.agents',
      rowsOf: (snapshot) => agentRows(snapshot, (name) => mutes.has(name)),
      noticeOf: agentsNotice,
      onClick: clickOnAgent,
      alsoOn: mutes.onChange,
      drops: {
        dropMimeTypes: ['text/uri-list'],
        dragMimeTypes: [],
        handleDrop: (...drop) => parts().drop.handleDrop?.(...drop),
      },
    }),
  );
  own(new TreeView(host, { id: 'taco.messages', rowsOf: messageRows, onClick: showMessageOf }));
  own(new TreeView(host, { id: 'taco.services', rowsOf: serviceRows, onClick: openServiceOf }));

  for (const id of Object.keys(commands) as CommandId[])
    own(vscode.commands.registerCommand(id, (...args: unknown[]) => parts().run(id, args)));
  for (const id of panels)
    own(
      vscode.window.registerWebviewPanelSerializer(id, {
        deserializeWebviewPanel: (panel, state) => parts().panels[id].deserializeWebviewPanel(panel, state),
      }),
    );
  own(registerEcosystem(host, parts, context));
  own(vscode.workspace.onDidOpenTextDocument((document) => void (isPlanFile(document) && parts())));
  if (vscode.workspace.textDocuments.some(isPlanFile)) parts();
  return host;
}

function clickOnAgent(row: TreeRow): vscode.Command {
  if (row.context === 'need') return { command: 'taco.answer', title: vscode.l10n.t('Answer Agent'), arguments: [row] };
  return { command: 'taco.openAgentTerminal', title: vscode.l10n.t('Open Agent Terminal'), arguments: [row] };
}

function showMessageOf(row: TreeRow): vscode.Command | undefined {
  if (row.subject?.messageId === undefined) return undefined;
  return { command: 'taco.showMessage', title: vscode.l10n.t('Show Message'), arguments: [row] };
}

function openServiceOf(row: TreeRow): vscode.Command | undefined {
  if (row.context !== 'service.url') return undefined;
  return { command: 'taco.openService', title: vscode.l10n.t('Open Service in Browser'), arguments: [row] };
}

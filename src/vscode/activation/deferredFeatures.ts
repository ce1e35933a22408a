/**
 * Features that a window needs only once there is a team, or once the user opens a view or runs a command. They are in
 * dist/extension-parts.js, which is loaded only then, so that activation is cheap.
 */
import { homedir } from 'node:os';
import type * as vscode from 'vscode';
import type { Logger } from '../../core/base/logger';
import { TacoPaths } from '../../core/programs/paths';
import { hasRunningSession } from '../../redis/server/hasRunningSession';
import type { ProjectsReader } from '../../team/projects/projectsReader';
import type { CommandDeps } from '../commands/commandDeps';
import { notificationActions } from '../commands/notificationActions';
import { registerEditor } from '../editor/register';
import type { IntegrationFeatures } from '../integrations/integrationFeatures';
import { toolResult } from '../integrations/toolResults';
import { LinkHandler } from '../integrations/uriHandler';
import type { CommandId, PanelId } from '../manifest/contributions';
import { InputRequestDocuments } from '../notifications/inputRequestDocument';
import type { MutedAgents } from '../notifications/mutedAgents';
import { NotificationManager } from '../notifications/notificationManager';
import { OtherProjects } from '../notifications/otherProjects';
import { reportError } from '../notifications/reportError';
import { PlanDocument } from '../plan/planDocument';
import { PlanLanguage } from '../plan/planLanguage';
import type { LoadEngineApi } from '../project/engineApi';
import type { ProjectHost } from '../project/projectHost';
import { configureL10n } from '../shared/l10n';
import { AgentTerminals } from '../terminals/agentTerminals';
import { AgentTerminalProfile } from '../terminals/terminalProfile';
import { AgentDragAndDrop } from '../trees/agentDragAndDrop';
import type { TreeNode } from '../trees/treeNodes';
import type { TreeView } from '../trees/treeView';
import { MonitorPanel } from '../webviews/monitorPanel';
import { PlanReviewPanel } from '../webviews/planReviewPanel';
import { SinglePanel } from '../webviews/webviewPanel';
import { CheckTerminals } from '../work/checkTerminal';
import { EvidenceDocuments } from '../work/evidenceDocuments';
import { commandHandlers } from './commandHandlers';

export { checkTools } from '../project/prerequisites';
export { hasRunningSession };

/** The parts that exist from the start. */
export interface DeferredFeaturesOptions {
  readonly context: vscode.ExtensionContext;
  readonly channel: vscode.LogOutputChannel;
  readonly logger: Logger;
  readonly host: ProjectHost;
  readonly mutes: MutedAgents;
  readonly agents: TreeView;
  readonly loadBackend: LoadEngineApi;
}

export interface DeferredFeatures extends IntegrationFeatures {
  /** Shows any error that the command throws. */
  run(command: CommandId, args: readonly unknown[]): Promise<void>;
  readonly panels: Readonly<Record<PanelId, vscode.WebviewPanelSerializer>>;
  readonly drop: vscode.TreeDragAndDropController<TreeNode>;
}

/** Built once; the context disposes of it. */
export function createDeferredFeatures({
  context,
  channel,
  logger,
  host,
  mutes,
  agents,
  loadBackend,
}: DeferredFeaturesOptions): DeferredFeatures {
  configureL10n();
  const own = <T extends vscode.Disposable>(item: T): T => {
    context.subscriptions.push(item);
    return item;
  };
  const planDocument = own(new PlanDocument(host, new TacoPaths(process.env, homedir()), loadBackend, logger));
  own(new PlanLanguage(loadBackend, logger));
  const pageContext = { extensionUri: context.extensionUri, host, loadBackend, logger };
  const paths = new TacoPaths(process.env, homedir());
  let reader: ProjectsReader | undefined;
  const projects = async (): Promise<ProjectsReader> => {
    const backend = await loadBackend();
    return (reader ??= own(backend.projects(paths, logger)));
  };
  const others = own(new OtherProjects(host, projects, logger));
  const deps: CommandDeps = {
    host,
    loadBackend,
    engineSettings: () => host.engineSettings(),
    logger,
    channel,
    secrets: context.secrets,
    monitor: own(new SinglePanel('taco.monitor', 'TACO Monitor', (panel) => new MonitorPanel(panel, pageContext))),
    planReview: own(
      new SinglePanel('taco.planReview', 'TACO Plan', (panel) => new PlanReviewPanel(panel, pageContext, planDocument)),
    ),
    planDocument,
    terminals: own(new AgentTerminals(host)),
    checks: own(new CheckTerminals()),
    evidence: own(new EvidenceDocuments()),
    requestDocuments: own(new InputRequestDocuments()),
    mutes,
    projects,
    reveal: (window) => agents.reveal(window),
  };
  const handlers = commandHandlers(deps, registerEditor(deps, context, own));
  own(
    new NotificationManager({
      host,
      view: agents.view,
      mutes,
      others,
      memory: context.workspaceState,
      act: notificationActions(deps),
      logger,
    }),
  );
  return {
    run: async (command, args) => {
      try {
        await handlers[command](...args);
      } catch (error) {
        await reportError(error, logger);
      }
    },
    panels: { 'taco.monitor': deps.monitor, 'taco.planReview': deps.planReview },
    drop: new AgentDragAndDrop(deps),
    links: new LinkHandler(deps),
    terminalProfile: own(new AgentTerminalProfile(deps)),
    toolAnswer: toolResult,
  };
}

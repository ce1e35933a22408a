/** What a window needs only once there is a team, or once somebody looks or asks: dist/extension-parts.js, read then, so that activation is cheap. */
import { homedir } from 'node:os';
import type * as vscode from 'vscode';
import { TacoPaths } from '../../core/base/paths';
import type { Logger } from '../../core/team/ports';
import type { Snapshot } from '../../core/team/snapshot';
import { sessionRuns } from '../../redis/server/hasRunningSession';
import { AgentDrop } from '../trees/agentDragAndDrop';
import { Attention } from '../notifications/notificationManager';
import type { LoadBackend } from '../project/engineApi';
import { callActions } from '../notifications/notificationActions';
import type { CommandDeps } from '../project/runningProject';
import { commandHandlers } from './commandHandlers';
import type { CommandId, PanelId } from '../manifest/contributions';
import { AgentTerminalProfile } from '../terminals/terminalProfile';
import { toolAnswer } from '../integrations/toolResults';
import { LinkHandler } from '../integrations/uriHandler';
import type { LanguageModelToolName } from '../manifest/ecosystemContributions';
import { buildEditor } from '../editor/register';
import { speakTheLanguage } from '../shared/l10n';
import { MonitorPage } from '../webviews/monitorPanel';
import type { Mutes } from '../notifications/mutedAgents';
import { NeedDocuments } from '../notifications/inputRequestDocument';
import { reportError } from '../notifications/reportError';
import { SinglePanel } from '../webviews/webviewPanel';
import { PlanDocument } from '../plan/planDocument';
import { PlanLanguage } from '../plan/planLanguage';
import { PlanPage } from '../webviews/planReviewPanel';
import type { ProjectHost } from '../project/projectHost';
import type { RowNode } from '../trees/treeNodes';
import type { RowTree } from '../trees/treeView';
import { AgentTerminals } from '../terminals/agentTerminals';

export { checkTools } from '../project/prerequisites';
export { sessionRuns };

/** What is there from the beginning. */
export interface PartsSeed {
  readonly context: vscode.ExtensionContext;
  readonly channel: vscode.LogOutputChannel;
  readonly logger: Logger;
  readonly host: ProjectHost;
  readonly mutes: Mutes;
  readonly agents: RowTree;
  readonly loadBackend: LoadBackend;
}

export interface Parts {
  /** What it throws is shown. */
  run(command: CommandId, args: readonly unknown[]): Promise<void>;
  readonly panels: Readonly<Record<PanelId, vscode.WebviewPanelSerializer>>;
  readonly drop: vscode.TreeDragAndDropController<RowNode>;
  readonly links: vscode.UriHandler;
  readonly terminalProfile: vscode.TerminalProfileProvider;
  toolAnswer(tool: LanguageModelToolName, snapshot: Snapshot | null, input: unknown): unknown;
}

/** Built once; the context disposes of it. */
export function buildParts({ context, channel, logger, host, mutes, agents, loadBackend }: PartsSeed): Parts {
  speakTheLanguage();
  const own = <T extends vscode.Disposable>(item: T): T => {
    context.subscriptions.push(item);
    return item;
  };
  const planDocument = own(new PlanDocument(host, new TacoPaths(process.env, homedir()), loadBackend, logger));
  own(new PlanLanguage(loadBackend, logger));
  const pageContext = { extensionUri: context.extensionUri, host, loadBackend, logger };
  const deps: CommandDeps = {
    host,
    loadBackend,
    engineSettings: () => host.engineSettings(),
    logger,
    channel,
    secrets: context.secrets,
    monitor: own(new SinglePanel('taco.monitor', 'TACO Monitor', (panel) => new MonitorPage(panel, pageContext))),
    planReview: own(
      new SinglePanel('taco.planReview', 'TACO Plan', (panel) => new PlanPage(panel, pageContext, planDocument)),
    ),
    planDocument,
    terminals: own(new AgentTerminals(host)),
    needDocuments: own(new NeedDocuments()),
    mutes,
    reveal: (window) => agents.reveal(window),
  };
  const handlers = commandHandlers(deps, buildEditor(deps, context, own));
  own(
    new Attention({ host, view: agents.view, mutes, memory: context.workspaceState, act: callActions(deps), logger }),
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
    drop: new AgentDrop(deps),
    links: new LinkHandler(deps),
    terminalProfile: own(new AgentTerminalProfile(deps)),
    toolAnswer,
  };
}

/** What a window needs only once there is a team, or once somebody looks or asks: dist/extension-parts.js, read then, so that activation is cheap. */
import { homedir } from 'node:os';
import type * as vscode from 'vscode';
import { TacoPaths } from '../core/paths';
import type { Logger } from '../core/ports';
import type { Snapshot } from '../core/snapshot';
import { sessionRuns } from '../redis/server/sessionProbe';
import { AgentDrop } from './trees/agentDrop';
import { Attention } from './attention/attention';
import type { LoadBackend } from './backend';
import { callActions } from './commands/calls';
import type { CommandDeps } from './commands/context';
import { commandHandlers } from './commands/handlers';
import type { CommandId, PanelId } from './manifest/contributions';
import { AgentTerminalProfile } from './ecosystem/terminalProfile';
import { toolAnswer } from './ecosystem/toolAnswers';
import { LinkHandler } from './ecosystem/uriHandler';
import type { LanguageModelToolName } from './manifest/ecosystemContributions';
import { buildEditor } from './editor/build';
import { speakTheLanguage } from './language';
import { MonitorPage } from './pages/monitorPage';
import type { Mutes } from './attention/mutes';
import { NeedDocuments } from './pages/needDocument';
import { reportError } from './attention/notify';
import { SinglePanel } from './pages/page';
import { PlanDocument } from './plan/planDocument';
import { PlanLanguage } from './plan/planLanguage';
import { PlanPage } from './pages/planPage';
import type { ProjectHost } from './projectHost';
import type { RowNode } from './trees/rowNodes';
import type { RowTree } from './trees/rowTree';
import { AgentTerminals } from './terminals';

export { checkTools } from './tools';
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

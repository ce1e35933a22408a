import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { TacoPaths } from '../core/paths';
import { AgentDrop } from './agentDrop';
import { Attention } from './attention';
import type { LoadBackend } from './backend';
import type { CommandDeps } from './commands/context';
import { callActions } from './commands/calls';
import { registerCommands } from './commands/register';
import { channelLogger } from './logger';
import { ManagedContext } from './managedContext';
import { MonitorPage } from './monitorPage';
import { Mutes } from './mutes';
import { NeedDocuments } from './needDocument';
import { SinglePanel } from './page';
import { PlanDocument } from './planDocument';
import { PlanLanguage } from './planLanguage';
import { PlanPage } from './planPage';
import { ProjectHost } from './projectHost';
import type { Row } from './rows';
import { agentRows, messageRows, serviceRows } from './rows';
import { RowTree } from './rowTree';
import { buildEcosystem } from './ecosystem/build';
import { buildEditor } from './editor/build';
import { StatusBar } from './statusBar';
import { AgentTerminals } from './terminals';

/** Builds everything a person sees and connects it to one project. The returned host must be closed at the end. */
export function buildCockpit(context: vscode.ExtensionContext, channel: vscode.LogOutputChannel, loadBackend: LoadBackend): ProjectHost {
  const own = <T extends vscode.Disposable>(item: T): T => {
    context.subscriptions.push(item);
    return item;
  };
  const logger = channelLogger(channel);
  const { extensionUri } = context;
  const host = own(new ProjectHost(context, loadBackend, logger));

  own(new ManagedContext(host));
  own(new StatusBar(host));
  const mutes = own(new Mutes(context.workspaceState));
  const agents = own(
    new RowTree(host, {
      id: 'taco.agents',
      rowsOf: (snapshot) => agentRows(snapshot, (name) => mutes.has(name)),
      onClick: clickOnAgent,
      alsoOn: mutes.onChange,
      drops: new AgentDrop(() => deps),
    }),
  );
  own(new RowTree(host, { id: 'taco.messages', rowsOf: messageRows, onClick: showMessageOf }));
  own(new RowTree(host, { id: 'taco.services', rowsOf: serviceRows, onClick: openServiceOf }));

  const planDocument = own(new PlanDocument(host, new TacoPaths(process.env, homedir()), loadBackend, logger));
  own(new PlanLanguage(loadBackend, logger));
  const pageContext = { extensionUri, host, loadBackend, logger };
  const deps: CommandDeps = {
    host,
    loadBackend,
    engineSettings: () => host.engineSettings(),
    logger,
    channel,
    secrets: context.secrets,
    monitor: own(new SinglePanel('taco.monitor', 'TACO Monitor', (panel) => new MonitorPage(panel, pageContext))),
    planReview: own(new SinglePanel('taco.planReview', 'TACO Plan', (panel) => new PlanPage(panel, pageContext, planDocument))),
    planDocument,
    terminals: own(new AgentTerminals()),
    needDocuments: own(new NeedDocuments()),
    mutes,
    reveal: (window) => agents.reveal(window),
  };
  own(buildEcosystem(deps, context));
  own(registerCommands(deps, buildEditor(deps, context, own)));
  own(new Attention({ host, view: agents.view, mutes, memory: context.workspaceState, act: callActions(deps), logger }));
  return host;
}

function clickOnAgent(row: Row): vscode.Command {
  if (row.context === 'need') return { command: 'taco.answer', title: vscode.l10n.t('Answer Agent'), arguments: [row] };
  return { command: 'taco.openAgentTerminal', title: vscode.l10n.t('Open Agent Terminal'), arguments: [row] };
}

function showMessageOf(row: Row): vscode.Command | undefined {
  if (row.subject?.messageId === undefined) return undefined;
  return { command: 'taco.showMessage', title: vscode.l10n.t('Show Message'), arguments: [row] };
}

function openServiceOf(row: Row): vscode.Command | undefined {
  if (row.context !== 'service.url') return undefined;
  return { command: 'taco.openService', title: vscode.l10n.t('Open Service in Browser'), arguments: [row] };
}

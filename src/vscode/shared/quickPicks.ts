import * as vscode from 'vscode';
import { firstLine } from '../../core/base/truncate';
import { bodyOf } from '../../core/messages/address';
import type { AgentView, Snapshot } from '../../core/team/snapshot';
import type { MessageView } from '../../core/team/snapshot';
import { droppableMessages, stuckMessages } from '../project/projectState';
import { agentStateIcons, agentStateText, agentTitle, messageStatus, nameOf } from './labels';

/** Asks for one agent; undefined when the user cancels. */
export async function pickAgent(
  agents: readonly AgentView[],
  placeHolder: string,
  ignoreFocusOut = false,
): Promise<AgentView | undefined> {
  const items = agents.map((agent) => ({
    label: agentTitle(agent),
    description: [agentStateText(agent), agent.activity].filter(Boolean).join(' · '),
    detail: firstLine(agent.role, 120),
    iconPath: new vscode.ThemeIcon(agentStateIcons[agent.status].icon.replace('~spin', '')),
    agent,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder,
    ignoreFocusOut,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.agent;
}

/** Asks for one of the messages that can be retried. */
export async function pickStuckMessage(snapshot: Snapshot, placeHolder: string): Promise<MessageView | undefined> {
  return pickMessage(stuckMessages({ snapshot }), snapshot, placeHolder);
}

/** Asks for one of the messages that can be dropped. */
export async function pickDroppableMessage(snapshot: Snapshot, placeHolder: string): Promise<MessageView | undefined> {
  return pickMessage(droppableMessages({ snapshot }), snapshot, placeHolder);
}

async function pickMessage(
  messages: readonly MessageView[],
  snapshot: Snapshot,
  placeHolder: string,
): Promise<MessageView | undefined> {
  if (messages.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No message needs a decision.'));
    return undefined;
  }
  const items = messages.map((message) => ({
    label: `${nameOf(message.sender, snapshot.agents)} → ${nameOf(message.target, snapshot.agents)}`,
    description: messageStatus(message),
    detail: firstLine(bodyOf(message.message), 120),
    message,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.message;
}

import * as vscode from 'vscode';
import { labelOfTarget, labelOfWindow } from '../../core/messages/address';
import type { Snapshot } from '../../core/team/snapshot';
import type { Between } from '../../core/webviews/monitorProtocol';
import { messageWith, runningProject } from '../project/runningProject';
import { agentStateIcons, agentTitle, nameOf } from '../shared/labels';
import { subjectOf } from '../shared/subject';
import type { CommandDeps } from './commandDeps';

/** Shows one message's history and text in the monitor. */
export function showMessage(deps: CommandDeps, argument: unknown): void {
  const { messageId } = subjectOf(argument);
  if (messageId !== undefined) deps.monitor.show().reveal({ messageId });
}

/**
 * Shows the conversation of two participants: sender and target of a message, one agent and another that the user
 * picks, or two that the user picks.
 */
export async function showConversation(deps: CommandDeps, argument: unknown): Promise<void> {
  const { snapshot } = await runningProject(deps);
  const between = await pickBetween(snapshot, argument);
  if (between) deps.monitor.show().reveal({ between });
}

async function pickBetween(snapshot: Snapshot, argument: unknown): Promise<Between | undefined> {
  const { window, messageId } = subjectOf(argument);
  if (messageId !== undefined) {
    const { sender, target } = messageWith(snapshot, messageId);
    return [sender, labelOfTarget(target)];
  }
  const one =
    window === undefined
      ? await pickParty(snapshot, null, vscode.l10n.t('Select two participants'))
      : labelOfWindow(window);
  if (one === undefined) return undefined;
  const other = await pickParty(
    snapshot,
    one,
    vscode.l10n.t('Select who exchanged messages with {0}', nameOf(one, snapshot.agents)),
  );
  return other === undefined ? undefined : [one, other];
}

async function pickParty({ agents }: Snapshot, but: string | null, placeHolder: string): Promise<string | undefined> {
  const items = [
    ...agents.map((agent) => ({
      party: labelOfWindow(agent.window),
      label: agentTitle(agent),
      description: agent.role,
      iconPath: new vscode.ThemeIcon(agentStateIcons[agent.status].icon.replace('~spin', '')),
    })),
    { party: 'USER', label: vscode.l10n.t('you'), iconPath: new vscode.ThemeIcon('account') },
  ];
  return (
    await vscode.window.showQuickPick(
      items.filter(({ party }) => party !== but),
      // A webview that gets the focus back after the first question must not close the second.
      { placeHolder, matchOnDescription: true, ignoreFocusOut: but !== null },
    )
  )?.party;
}

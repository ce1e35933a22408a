import * as vscode from 'vscode';
import type { AgentView, MessageView } from '../../core/team/snapshot';
import { agentAt, runningProject, sameTeam, subjectOf, teamEndedError } from '../project/runningProject';
import { messageProblem } from '../shared/inputLimits';
import { agentTitle, nameOf } from '../shared/labels';
import { pickAgent } from '../shared/quickPicks';
import type { CommandDeps } from './commandDeps';

/** Asks for the agent (unless the command runs on one) and for the text. */
export async function messageAgent(deps: CommandDeps, argument: unknown): Promise<void> {
  const { snapshot } = await runningProject(deps, 'send');
  const { window } = subjectOf(argument);
  const agent =
    window === undefined
      ? await pickAgent(snapshot.agents, vscode.l10n.t('Select an agent to message'))
      : agentAt(snapshot, window);
  if (!agent) return;
  const text = await askText(vscode.l10n.t('Message to {0}', agentTitle(agent)), proposedText(argument));
  if (text === undefined) return;
  const { team } = await sameTeam(deps, snapshot);
  await team.send({ from: { kind: 'user' }, to: `${agent.window}`, text });
  sent(agent);
}

/** Returns the text that a link proposes; the user reads it and decides whether to press Enter. */
function proposedText(argument: unknown): string {
  const text = typeof argument === 'object' && argument !== null && 'text' in argument ? argument.text : '';
  return typeof text === 'string' ? text : '';
}

function sent(agent: AgentView): void {
  vscode.window.setStatusBarMessage(vscode.l10n.t('$(mail) Queued for {0}', agentTitle(agent)), 4000);
}

export async function broadcast(deps: CommandDeps): Promise<void> {
  const { snapshot } = await runningProject(deps, 'send');
  const text = await askText(vscode.l10n.t('Message to every agent'));
  if (text === undefined) return;
  const messages = await (await sameTeam(deps, snapshot)).team.send({ from: { kind: 'user' }, to: 'all', text });
  vscode.window.setStatusBarMessage(vscode.l10n.t('$(megaphone) Queued for {0} agents', messages.length), 4000);
}

function askText(title: string, value = ''): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title,
    value,
    prompt: vscode.l10n.t('TACO types it into the terminal as soon as the input box is free. Press Enter to send.'),
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.trim() === '' ? vscode.l10n.t('The message is empty.') : messageProblem(text.trimEnd()),
  });
}

/**
 * Replies to a message that an agent sent to the user. The button of its notification works for as long as the window
 * is open.
 */
export async function reply(deps: CommandDeps, message: MessageView, projectId: string): Promise<void> {
  const { project, snapshot } = await runningProject(deps, 'send');
  if (snapshot.projectId !== projectId) throw teamEndedError();
  const isOlder = message.enqueuedAt < Date.parse(snapshot.session?.started_at ?? '');
  // Clocks of hosts may differ: a message in the ledger belongs to this team, whatever its time.
  if (isOlder && (await (await project.team()).message(message.id)) === null) throw teamEndedError();
  const text = await askText(vscode.l10n.t('Reply to {0}', nameOf(message.sender, snapshot.agents)));
  if (text !== undefined)
    await (await sameTeam(deps, snapshot)).team.send({ from: { kind: 'user' }, to: message.sender, text });
}

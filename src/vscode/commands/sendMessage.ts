import * as vscode from 'vscode';
import { backgroundWork } from '../../core/agents/activity';
import type { SendInput } from '../../core/messages/newCommand';
import type { AgentView, MessageView } from '../../core/team/snapshot';
import { agentAt, runningProject, sameTeam, teamEndedError } from '../project/runningProject';
import { messageProblem } from '../shared/inputLimits';
import { agentTitle, nameOf } from '../shared/labels';
import { pickAgent } from '../shared/quickPicks';
import { subjectOf } from '../shared/subject';
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
  const moment = await momentFor(agent, deps);
  if (moment === undefined) return;
  const { team } = await sameTeam(deps, snapshot);
  await team.send({ from: { kind: 'user' }, to: `${agent.window}`, text, ...moment });
  sent(agent);
}

/** Stops the agent's work with a message that tells it why. Names what goes on in its background. */
export async function interruptAgent(deps: CommandDeps, argument: unknown): Promise<void> {
  const { snapshot } = await runningProject(deps, 'send');
  const { window } = subjectOf(argument);
  const agent =
    window === undefined
      ? await pickAgent(snapshot.agents, vscode.l10n.t('Select an agent to interrupt'))
      : agentAt(snapshot, window);
  if (!agent) return;
  const goesOn = backgroundWork(agent).join(', ');
  const text = await askText(
    vscode.l10n.t('Interrupt {0}', agentTitle(agent)),
    '',
    goesOn === ''
      ? vscode.l10n.t('TACO presses Escape in its terminal, then types this text. Work in the background goes on.')
      : vscode.l10n.t(
          'TACO presses Escape in its terminal, then types this text. In the background goes on: {0}',
          goesOn,
        ),
  );
  if (text === undefined) return;
  const { team } = await sameTeam(deps, snapshot);
  await team.send({ from: { kind: 'user' }, to: `${agent.window}`, text, type: 'tmux_interrupt' });
  sent(agent);
}

type Moment = Pick<SendInput, 'when' | 'type'>;

/** Asks when a working agent gets the message, the team's setting first; undefined when the user cancels. */
async function momentFor({ status }: AgentView, deps: CommandDeps): Promise<Moment | undefined> {
  if (status !== 'busy') return {};
  const now = {
    label: vscode.l10n.t('Now'),
    detail: vscode.l10n.t('It reads the message between two tool calls, if its CLI takes text while it works.'),
    moment: { when: 'now' } as Moment,
  };
  const idle = {
    label: vscode.l10n.t('When its turn is over'),
    detail: vscode.l10n.t('The message waits until the agent is idle.'),
    moment: { when: 'idle' } as Moment,
  };
  const interrupt = {
    label: vscode.l10n.t('Interrupt'),
    detail: vscode.l10n.t('TACO presses Escape first, which ends the turn.'),
    moment: { type: 'tmux_interrupt' } as Moment,
  };
  const ofTeam = deps.engineSettings().whenBusy === 'hold' ? [idle, now] : [now, idle];
  const picked = await vscode.window.showQuickPick([...ofTeam, interrupt], {
    placeHolder: vscode.l10n.t('The agent is working. When does it get the message?'),
    ignoreFocusOut: true,
  });
  return picked?.moment;
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

function askText(
  title: string,
  value = '',
  prompt = vscode.l10n.t('TACO types it into the terminal as soon as the input box is free. Press Enter to send.'),
): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title,
    value,
    prompt,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('The message is empty.') : messageProblem(text)),
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

/** Texts of the notifications for the user. No `vscode` here. */
import * as l10n from '@vscode/l10n';
import { firstLine } from '../../core/base/truncate';
import { bodyOf } from '../../core/messages/address';
import { changeSummary } from '../../core/plan/planDiff';
import { dialogKey } from '../../core/requests/alertQueue';
import type { InputRequest } from '../../core/requests/inputRequest';
import type { AgentView, MessageView } from '../../core/team/snapshot';
import type { ProjectState } from '../project/projectState';
import { agentsWithRequests, planWaits, requests } from '../project/projectState';
import { isShort, requestLine } from '../shared/inputRequestText';
import { agentTitle, nameOf, waitingForYou } from '../shared/labels';

/** Maximum length of a command that a notification shows whole, so that one click can allow it, characters. */
const NOTIFIED_CHARACTERS = 160;
const MESSAGE_CHARACTERS = 400;
/** Time limit for the request of a dialog, milliseconds. Without a request the notification leads to the terminal. */
export const REQUEST_COMES_MS = 3000;

/** A request, an agent at a dialog without a request, a change of the team, or a message of an agent. */
export type Notification = { readonly key: string; readonly agent: AgentView | null } & (
  | { readonly kind: 'need'; readonly agent: AgentView; readonly request: InputRequest }
  | { readonly kind: 'dialog'; readonly agent: AgentView }
  | { readonly kind: 'plan' }
  | { readonly kind: 'message'; readonly message: MessageView; /** Whose agent wrote it. */ readonly projectId: string }
);
export type NotificationAction =
  | 'allow'
  | 'deny'
  | 'more'
  | 'answer'
  | 'answer-which'
  | 'terminal'
  | 'review'
  | 'reply'
  | 'budget'
  | 'resume-team'
  | 'messages'
  | 'mute';

/** A notification: its sentence, and its buttons from left to right. */
export interface NotificationText {
  readonly text: string;
  readonly actions: readonly NotificationAction[];
}

/**
 * Returns everything that waits for the user now, in the order of display: events that stop an agent come before
 * messages.
 * @param since since when an agent at a dialog has no request
 */
export function notificationsOf(
  state: ProjectState,
  messages: readonly MessageView[],
  now: number,
  since: (agent: AgentView) => number = ({ changedAt }) => changedAt,
): readonly Notification[] {
  const { snapshot } = state;
  if (!snapshot) return [];
  const agentAt = (window: number): AgentView | null =>
    snapshot.agents.find((agent) => agent.window === window) ?? null;
  const requestNotifications = requests(state).map(({ request, agent }): Notification => ({
    kind: 'need',
    key: request.id,
    agent,
    request,
  }));
  const dialogs = withoutRequest(state)
    .filter((agent) => now - since(agent) >= REQUEST_COMES_MS)
    .map((agent): Notification => ({ kind: 'dialog', key: dialogKey(agent), agent }));
  // The first plan of a team needs no notification: the user who started it is led to it.
  const plans =
    planWaits(state) && snapshot.plan?.change
      ? [{ kind: 'plan', key: `plan-${snapshot.plan.at}`, agent: agentAt(0) } satisfies Notification]
      : [];
  const messageNotifications = messages.map((message): Notification => ({
    kind: 'message',
    key: message.id,
    agent: agentAt(senderWindow(message)),
    message,
    projectId: snapshot.projectId,
  }));
  return [...requestNotifications, ...dialogs, ...plans, ...messageNotifications];
}

/** Returns agents at a dialog that has no request, or none yet. */
export function withoutRequest(state: ProjectState): readonly AgentView[] {
  return agentsWithRequests(state).filter(
    (agent) => !state.snapshot?.needs.some((request) => request.window === agent.window),
  );
}

export function notificationText(call: Notification, { snapshot }: ProjectState): NotificationText {
  switch (call.kind) {
    case 'need':
      return {
        text: requestLine(call.request, call.agent, NOTIFIED_CHARACTERS + 10),
        actions: isShort(call.request, NOTIFIED_CHARACTERS) ? ['allow', 'deny', 'more'] : ['answer', 'mute'],
      };
    case 'dialog': {
      const { activity } = call.agent;
      const name = agentTitle(call.agent);
      return {
        text: activity === '' ? `${waitingForYou([name])}.` : `${waitingForYou([name])}: ${firstLine(activity, 200)}`,
        actions: ['terminal', 'mute'],
      };
    }
    case 'plan': {
      const change = snapshot?.plan?.change;
      const asks = l10n.t('Mother asks you to approve a change of the team');
      return { text: change ? `${asks}: ${changeSummary(change, l10n.t)}.` : `${asks}.`, actions: ['review'] };
    }
    case 'message': {
      const text = `${nameOf(call.message.sender, snapshot?.agents ?? [])}: ${firstLine(bodyOf(call.message.message), MESSAGE_CHARACTERS)}`;
      return { text, actions: call.agent ? ['reply', 'mute'] : [actionOn(call.message)] };
    }
  }
}

/** Returns one sentence for several notifications that have waited for the screen. */
export function combinedText(calls: readonly Notification[], { snapshot }: ProjectState): NotificationText {
  const needing = new Set(
    calls.flatMap((call) => (call.kind === 'need' || call.kind === 'dialog' ? [agentTitle(call.agent)] : [])),
  );
  const writing = calls.filter((call) => call.kind === 'message');
  const writers = new Set(writing.map((call) => nameOf(call.message.sender, snapshot?.agents ?? [])));
  const parts = [
    needing.size > 0 && waitingForYou([...needing]),
    calls.some(({ kind }) => kind === 'plan') && l10n.t('Mother asks you to approve a change of the team'),
    writing.length > 0 &&
      (writing.length === 1
        ? l10n.t('1 message for you from {0}', [...writers].join(', '))
        : l10n.t('{0} messages for you from {1}', writing.length, [...writers].join(', '))),
  ].filter((part) => part !== false);
  const actions: readonly (NotificationAction | false)[] = [
    needing.size > 0 && 'answer-which',
    calls.some(({ kind }) => kind === 'plan') && 'review',
    writing.length > 0 && 'messages',
  ];
  return { text: `${parts.join('. ')}.`, actions: actions.filter((action) => action !== false) };
}

/** Returns what helps the user with a message of TACO itself, which names the command. */
function actionOn({ message }: MessageView): NotificationAction {
  if (message.includes('taco budget')) return 'budget';
  return message.includes('taco resume') ? 'resume-team' : 'messages';
}

function senderWindow({ sender }: MessageView): number {
  return sender === 'MOTHER' ? 0 : Number(/^AGENT-(\d+)$/.exec(sender)?.[1] ?? -1);
}

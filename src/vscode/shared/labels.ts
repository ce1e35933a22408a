/** Labels for times, states and messages, the same in every view. No `vscode` here. */
import * as l10n from '@vscode/l10n';
import { withBackgroundWork } from '../../core/agents/activity';
import type { AgentState } from '../../core/agents/agentState';
import { MOTHER_WINDOW } from '../../core/base/limits';
import type { Translate, LazyLabel } from '../../core/base/localizedText';
import type { HoldReason, MessageState } from '../../core/messages/messageState';
import type { Priority } from '../../core/models';
import type { ServiceRecord } from '../../core/services/serviceRecord';
import type { SessionPhase } from '../../core/team/session';
import type { AgentView, MessageView } from '../../core/team/snapshot';

const agentStateWords: Readonly<Record<AgentState, LazyLabel>> = {
  starting: (say) => say('starting'),
  idle: (say) => say('idle'),
  busy: (say) => say('working'),
  'needs-input': (say) => say('needs you'),
  limited: (say) => say('at its limit'),
  done: (say) => say('done'),
  exited: (say) => say('exited'),
  failed: (say) => say('failed'),
};

export function agentStateWord(state: AgentState): string {
  return agentStateWords[state](l10n.t);
}

/** Returns the agent's state in words, with what goes on in its background: `idle, 2 in the background`. */
export function agentStateText(agent: Pick<AgentView, 'status' | 'background'>): string {
  return withBackgroundWork(agentStateWord(agent.status), agent, l10n.t);
}

/** Codicon and theme colour of each state; the label is always beside it, so colour is never the only cue. */
export const agentStateIcons: Readonly<Record<AgentState, { readonly icon: string; readonly color?: string }>> = {
  starting: { icon: 'loading~spin' },
  idle: { icon: 'circle-large-outline', color: 'charts.green' },
  busy: { icon: 'sync~spin', color: 'charts.blue' },
  'needs-input': { icon: 'bell-dot', color: 'list.warningForeground' },
  limited: { icon: 'debug-pause', color: 'list.warningForeground' },
  done: { icon: 'pass-filled', color: 'charts.green' },
  exited: { icon: 'circle-slash', color: 'disabledForeground' },
  failed: { icon: 'error', color: 'list.errorForeground' },
};

const messageStateWords: Readonly<Record<MessageState, LazyLabel>> = {
  queued: (say) => say('queued'),
  held: (say) => say('held'),
  typing: (say) => say('typing'),
  typed: (say) => say('typed'),
  entered: (say) => say('entered'),
  delivered: (say) => say('delivered'),
  received: (say) => say('received'),
  retrying: (say) => say('waiting to retry'),
  dead: (say) => say('failed'),
  uncertain: (say) => say('uncertain'),
  dropped: (say) => say('dropped'),
};

const holdReasonWords: Readonly<Record<HoldReason, LazyLabel>> = {
  starting: (say) => say('the agent is starting'),
  dialog: (say) => say('a dialog is open in its terminal'),
  draft: (say) => say('someone is typing in its terminal'),
  'copy-mode': (say) => say('someone is scrolling in its terminal'),
  'not-the-agent': (say) => say('another program runs in its terminal'),
  busy: (say) => say('the agent is working'),
  'no-composer': (say) => say('its screen shows no input box'),
  budget: (say) => say('the budget is used up'),
  'host-away': (say) => say('its host is disconnected'),
  limited: (say) => say('the limit of its account is reached'),
  'editor-mode': (say) => say('its input box takes keys as commands (vim): press i in its terminal'),
  'not-submitting': (say) => say('Enter does not submit in its terminal: see its key bindings'),
  exited: (say) => say('the agent has exited'),
  paused: (say) => say('the team is paused'),
  waiting: (say) => say('it waits for other agents to be done'),
};

const phaseWords: Readonly<Record<SessionPhase, LazyLabel>> = {
  starting: (say) => say('starting'),
  planning: (say) => say('planning'),
  review: (say) => say('review'),
  launching: (say) => say('launching'),
  running: (say) => say('running'),
  stopping: (say) => say('stopping'),
  lost: (say) => say('lost'),
  failed: (say) => say('failed'),
};

export function phaseWord(phase: SessionPhase): string {
  return phaseWords[phase](l10n.t);
}

const healthWords: Readonly<Record<ServiceRecord['health'], LazyLabel>> = {
  healthy: (say) => say('healthy'),
  degraded: (say) => say('degraded'),
  down: (say) => say('down'),
  unknown: (say) => say('unknown'),
};

export function healthWord(health: ServiceRecord['health']): string {
  return healthWords[health](l10n.t);
}

const priorityWords: Readonly<Record<Priority, LazyLabel>> = {
  low: (say) => say('low'),
  normal: (say) => say('normal'),
  high: (say) => say('high'),
};

export function priorityWord(priority: Priority): string {
  return priorityWords[priority](l10n.t);
}

export function messageStateWord(state: MessageState): string {
  return messageStateWords[state](l10n.t);
}

/**
 * Returns `a dialog is open in its terminal`; empty when there is no reason to show. An unknown reason is shown
 * unchanged.
 * @param say English for texts that no user reads in a view
 */
export function messageReason(
  { state, reason }: Pick<MessageView, 'state' | 'reason'>,
  say: Translate = l10n.t,
): string {
  const word =
    state === 'held' && Object.hasOwn(holdReasonWords, reason) ? holdReasonWords[reason as HoldReason] : undefined;
  return word ? word(say) : reason;
}

/** Returns `held: a dialog is open in its terminal`. */
export function messageStatus(message: Pick<MessageView, 'state' | 'reason'>, say: Translate = l10n.t): string {
  const [state, reason] = [messageStateWords[message.state](say), messageReason(message, say)];
  return reason === '' ? state : `${state}: ${reason}`;
}

/**
 * Returns the agent's own name for `AGENT-4` or `SESSION:4`; `you` for the user; the label itself when no agent has it.
 */
export function nameOf(
  labelOrTarget: string,
  agents: readonly Pick<AgentView, 'window' | 'name'>[],
  say: Translate = l10n.t,
): string {
  if (/^user$/i.test(labelOrTarget)) return say('you');
  if (labelOrTarget === 'MOTHER') return 'Mother';
  if (labelOrTarget === 'TACO') return 'TACO';
  const window = /(?::|^AGENT-)(\d+)$/.exec(labelOrTarget)?.[1];
  if (window === undefined) return labelOrTarget;
  if (window === '0') return 'Mother';
  return agents.find((agent) => agent.window === Number(window))?.name ?? `AGENT-${window}`;
}

/**
 * Makes single spaces breakable again, except those that would make a list: VS Code escapes every space of a text, so
 * that a hover breaks it inside words.
 */
export function breakable(escaped: string): string {
  return escaped.replace(/(?<!&nbsp;|^|\d\.)&nbsp;(?!&nbsp;)/gm, ' ');
}

const FROM_RIGHT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Isolates a text inside a line: otherwise right-to-left text would draw ages and separators on the wrong side. */
export function isolated(text: string): string {
  return FROM_RIGHT.test(text) ? `\u2068${text}\u2069` : text;
}

export function isMother(agent: Pick<AgentView, 'window'>): boolean {
  return agent.window === MOTHER_WINDOW;
}

export function agentTitle(agent: Pick<AgentView, 'window' | 'name'>): string {
  return isMother(agent) ? 'Mother' : agent.name;
}

/** `api needs you`, `api, web need you`. */
export function waitingForYou(names: readonly string[]): string {
  return names.length === 1 ? l10n.t('{0} needs you', names.join()) : l10n.t('{0} need you', names.join(', '));
}

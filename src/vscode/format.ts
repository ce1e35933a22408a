/** Words for times, states and messages, the same in every view. No `vscode` here. */
import { MOTHER_WINDOW } from '../core/limits';
import type { AgentState, HoldReason, MessageState } from '../core/models';
import type { AgentView, MessageView } from '../core/snapshot';

/** `5s`, `3m`, `2h 34m`, `4d`; milliseconds in. Negative (another clock) is `0s`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours}h` : `${hours}h ${minutes % 60}m`;
  return `${Math.floor(hours / 24)}d`;
}

export const agentStateWords: Readonly<Record<AgentState, string>> = {
  planned: 'planned',
  waiting: 'waiting for others',
  starting: 'starting',
  idle: 'idle',
  busy: 'working',
  'needs-input': 'needs you',
  done: 'done',
  exited: 'exited',
  failed: 'failed',
};

/** Codicon and theme colour of each state; the word is always shown beside it, so colour never stands alone. */
export const agentStateIcons: Readonly<Record<AgentState, { readonly icon: string; readonly color?: string }>> = {
  planned: { icon: 'circle-outline' },
  waiting: { icon: 'watch' },
  starting: { icon: 'loading~spin' },
  idle: { icon: 'circle-large-outline', color: 'charts.green' },
  busy: { icon: 'sync~spin', color: 'charts.blue' },
  'needs-input': { icon: 'bell-dot', color: 'list.warningForeground' },
  done: { icon: 'pass-filled', color: 'charts.green' },
  exited: { icon: 'circle-slash', color: 'disabledForeground' },
  failed: { icon: 'error', color: 'list.errorForeground' },
};

export const messageStateWords: Readonly<Record<MessageState, string>> = {
  queued: 'queued',
  held: 'held',
  typing: 'typing',
  typed: 'typed',
  entered: 'entered',
  delivered: 'delivered',
  received: 'received',
  retrying: 'will be tried again',
  dead: 'failed for good',
  uncertain: 'uncertain',
  dropped: 'dropped',
};

export const holdReasonWords: Readonly<Record<HoldReason, string>> = {
  starting: 'the agent is starting',
  dialog: 'a dialog is open in its terminal',
  draft: 'someone is typing in its terminal',
  'copy-mode': 'someone is scrolling in its terminal',
  'not-the-agent': 'another program runs in its terminal',
  busy: 'the agent is working',
  'no-composer': 'its screen shows no place to type',
  budget: 'the budget is used up',
  'host-away': 'its host is away',
  exited: 'the agent has exited',
  paused: 'Redis or tmux is away',
  waiting: 'it waits for other agents to be done',
};

/** `held: a dialog is open in its terminal`. An unknown reason is shown as it is. */
export function messageStatus(message: Pick<MessageView, 'state' | 'reason'>): string {
  const reason = message.state === 'held' ? ((holdReasonWords as Record<string, string>)[message.reason] ?? message.reason) : message.reason;
  return reason === '' ? messageStateWords[message.state] : `${messageStateWords[message.state]}: ${reason}`;
}

/** The agent's own name for `AGENT-4` or `SESSION:4`; `you` for the person; the label itself when nobody has it. */
export function nameOf(labelOrTarget: string, agents: readonly Pick<AgentView, 'window' | 'name'>[]): string {
  if (/^user$/i.test(labelOrTarget)) return 'you';
  if (labelOrTarget === 'MOTHER') return 'Mother';
  if (labelOrTarget === 'TACO') return 'TACO';
  const window = /(?::|^AGENT-)(\d+)$/.exec(labelOrTarget)?.[1];
  if (window === undefined) return labelOrTarget;
  if (window === '0') return 'Mother';
  return agents.find((agent) => agent.window === Number(window))?.name ?? `AGENT-${window}`;
}

/** The text without its `[FROM → TO]: `, which the views show as names. */
export function bodyOf(message: string): string {
  return message.replace(/^\[[A-Z0-9-]+ → [A-Z0-9-]+\]: /, '');
}

/** The first line that says something, at most `limit` characters. */
export function firstLine(text: string, limit = 80): string {
  const line = text.split('\n').map((part) => part.trim()).find(Boolean) ?? '';
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

export function isMother(agent: Pick<AgentView, 'window'>): boolean {
  return agent.window === MOTHER_WINDOW;
}

export function agentTitle(agent: Pick<AgentView, 'window' | 'name'>): string {
  return isMother(agent) ? 'Mother' : agent.name;
}

/** Rows of the tree of messages. No `vscode` here. */
import * as l10n from '@vscode/l10n';
import { duration, timeOfDay } from '../../core/base/duration';
import { firstLine } from '../../core/base/truncate';
import { bodyOf, windowOfTarget } from '../../core/messages/address';
import { canDrop, isStuck } from '../../core/messages/messageState';
import type { MessageView, Snapshot } from '../../core/team/snapshot';
import { isolated, messageReason, messageStateWord, messageStatus, nameOf, priorityWord } from '../shared/labels';
import type { TreeRow } from './treeRows';

const PENDING: readonly MessageView['state'][] = ['queued', 'retrying'];
const PROCESSING: readonly MessageView['state'][] = ['typing', 'typed', 'entered', 'delivered'];

/** Returns groups in order of importance; leaves out empty ones. */
export function messageRows(snapshot: Snapshot | null): readonly TreeRow[] {
  if (!snapshot?.session) return [];
  const { messages } = snapshot;
  return [
    group('stuck', l10n.t('Needs a decision'), 'warning', messages.filter(isStuck), snapshot, true),
    group(
      'held',
      l10n.t('Held'),
      'debug-pause',
      messages.filter((message) => message.state === 'held'),
      snapshot,
      true,
    ),
    group(
      'processing',
      l10n.t('Processing'),
      'sync',
      messages.filter((message) => PROCESSING.includes(message.state)),
      snapshot,
      true,
    ),
    group(
      'pending',
      l10n.t('Pending'),
      'inbox',
      messages.filter((message) => PENDING.includes(message.state)),
      snapshot,
      true,
    ),
    group(
      'recent',
      l10n.t('Recent'),
      'history',
      messages.filter((message) => message.state === 'received' || message.state === 'dropped'),
      snapshot,
      false,
    ),
  ].filter((row) => row.children.length > 0);
}

function group(
  id: string,
  label: string,
  icon: string,
  messages: readonly MessageView[],
  snapshot: Snapshot,
  expanded: boolean,
): TreeRow {
  return {
    id: `group:${id}`,
    label,
    description: `${messages.length}`,
    icon,
    color: id === 'stuck' ? 'list.warningForeground' : undefined,
    context: 'group',
    spoken:
      messages.length === 1 ? l10n.t('{0}, 1 message', label) : l10n.t('{0}, {1} messages', label, messages.length),
    tooltip: [],
    children: messages.map((message) => messageRow(message, snapshot)),
    expanded,
  };
}

function messageRow(message: MessageView, snapshot: Snapshot): TreeRow {
  const from = nameOf(message.sender, snapshot.agents);
  const to = nameOf(message.target, snapshot.agents);
  const status = messageStatus(message);
  const age = duration(snapshot.at - message.since, l10n.t);
  const body = firstLine(bodyOf(message.message), 80);
  const window = windowOfTarget(message.target);
  const plain = message.state === 'received' || message.state === 'queued';
  return {
    id: `message:${message.id}`,
    label: `${from} → ${to}`,
    // The group already shows "held".
    description: plain
      ? `${isolated(body)} · ${age}`
      : `${message.state === 'held' ? messageReason(message) || status : status} · ${age} · ${isolated(body)}`,
    icon: messageIcon(message),
    color: isStuck(message) ? 'list.warningForeground' : undefined,
    context: isStuck(message) ? 'message.stuck' : canDrop(message.state) ? 'message.waiting' : 'message',
    spoken: l10n.t('From {0} to {1}, {2}, {3}: {4}', from, to, status, age, body),
    tooltip: [
      [l10n.t('State'), l10n.t('{0}, for {1}', status, age)],
      [l10n.t('Attempts'), `${message.attempts}`],
      [l10n.t('Priority'), priorityWord(message.priority)],
      [l10n.t('Text'), bodyOf(message.message).slice(0, 1500)],
    ],
    children: message.history.map((step, index) => ({
      id: `message:${message.id}:${index}`,
      label: messageStateWord(step.state),
      description: `${timeOfDay(step.at)}${step.reason ? ` · ${messageReason(step)}` : ''}`,
      icon: 'circle-small',
      context: 'step',
      spoken: l10n.t('{0} at {1}', messageStatus(step), timeOfDay(step.at)),
      tooltip: [],
      children: [],
    })),
    subject: { messageId: message.id, ...(window === null ? {} : { window }) },
  };
}

function messageIcon({ state }: MessageView): string {
  switch (state) {
    case 'received':
      return 'check-all';
    case 'delivered':
      return 'check';
    case 'held':
      return 'debug-pause';
    case 'dead':
      return 'error';
    case 'uncertain':
      return 'question';
    case 'dropped':
      return 'trash';
    case 'retrying':
      return 'history';
    case 'queued':
      return 'mail';
    case 'typing':
    case 'typed':
    case 'entered':
      return 'edit';
  }
}

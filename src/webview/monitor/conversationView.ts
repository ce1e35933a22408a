import * as l10n from '@vscode/l10n';
import { timeOfDay } from '../../core/base/duration';
import type { MonitorMessage, MonitorMessageRow } from '../../core/webviews/monitorProtocol';
import { h, KeyedList, setText } from '../shared/dom';
import { actionsOf, followScroll, historyElement, stateOf, type MessagesWidget } from './messageElements';

/** Creates the view of a conversation of two parties in full text, oldest first; the first party is on the left. */
export function conversationView(send: (message: MonitorMessage) => void, left: () => string): MessagesWidget {
  const body = h('ol', { class: 'conversation' });
  const region = h(
    'div',
    { class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': l10n.t('Conversation, oldest first') },
    body,
  );
  const list = new KeyedList<MonitorMessageRow>(
    body,
    ({ id }) => id,
    (first) => {
      const [who, time, text] = [h('strong', {}), h('time', {}), h('p', { class: 'said', dir: 'auto' })];
      const [state, history, actions] = [stateOf(), historyElement(), actionsOf(first, send)];
      const element = h(
        'li',
        {},
        h('p', { class: 'by' }, who, ' ', time, ' ', state.element),
        text,
        h('details', {}, h('summary', {}, l10n.t('History')), history.element),
        actions.element,
      );
      return {
        element,
        update: (message) => {
          element.className = message.sender === left() ? 'left' : 'right';
          setText(who, `${message.from} → ${message.to}`);
          setText(time, timeOfDay(message.enqueuedAt));
          setText(text, message.text);
          for (const part of [state, history, actions]) part.update(message);
        },
      };
    },
  );
  return { element: region, show: (messages) => followScroll(region, () => list.show(messages)) };
}

import * as l10n from '@vscode/l10n';
import { firstLine } from '../../core/base/truncate';
import type { MonitorMessage, MonitorMessageRow } from '../../core/webviews/monitorProtocol';
import { h, KeyedList, setVisible, setText } from '../shared/dom';
import { ElapsedLabels } from './elapsedLabels';
import type { HostClock } from './hostClock';
import { actionsOf, historyElement, stateOf, type MessagesWidget } from './messageElements';

/** Rows that are drawn before the user asks for all. */
const SHOWN = 60;

export interface MessageList extends MessagesWidget {
  /** Expands a message and scrolls to it; false when it is not in the list. */
  reveal(id: string): boolean;
}

/** Creates the list of messages with their states; a row expands to its full text and history. */
export function messageList(send: (message: MonitorMessage) => void, time: HostClock): MessageList {
  const body = h('ol', { class: 'messages' });
  const ages = new ElapsedLabels(time);
  const list = new KeyedList<MonitorMessageRow>(
    body,
    (message) => message.id,
    (message) => row(message, send, ages),
  );
  let all: readonly MonitorMessageRow[] = [];
  let whole = false;
  const more = h('button', {
    class: 'more',
    onclick: () => {
      whole = true;
      draw();
    },
  });

  const draw = (): void => {
    list.show(whole ? all : all.slice(0, SHOWN));
    setVisible(more, !whole && all.length > SHOWN);
    setText(more, l10n.t('Show all {0}', all.length));
  };
  return {
    element: h('div', {}, body, more),
    show: (messages) => {
      all = messages;
      draw();
    },
    tick: () => ages.tick(),
    reveal: (id) => {
      if (!all.some((message) => message.id === id)) return false;
      whole ||= !all.slice(0, SHOWN).some((message) => message.id === id);
      draw();
      const details = body.querySelector<HTMLDetailsElement>(`details[data-message="${CSS.escape(id)}"]`);
      if (!details) return false;
      details.open = true;
      details.scrollIntoView({ block: 'center' });
      details.querySelector('summary')?.focus();
      return true;
    },
  };
}

function row(
  first: MonitorMessageRow,
  send: (message: MonitorMessage) => void,
  ages: ElapsedLabels,
): { element: HTMLElement; update: (message: MonitorMessageRow) => void } {
  const [way, age, line, text] = [
    h('span', { class: 'way' }),
    h('span', { class: 'age' }),
    h('span', { class: 'line', dir: 'auto' }),
    h('pre', { tabindex: 0, dir: 'auto', 'aria-label': l10n.t('Text') }),
  ];
  const [state, history, actions] = [stateOf(), historyElement(), actionsOf(first, send)];
  const details = h(
    'details',
    { 'data-message': first.id },
    h('summary', {}, way, state.element, age, line),
    text,
    history.element,
    h('p', { class: 'muted id' }, first.id),
  );
  let latest = first;
  // Collapsed content is drawn when it is opened; most never is.
  const drawFolded = (): void => {
    if (!details.open) return;
    setText(text, latest.text);
    history.update(latest);
  };
  details.addEventListener('toggle', drawFolded);
  return {
    element: h('li', {}, details, actions.element),
    update: (message) => {
      latest = message;
      setText(way, `${message.from} → ${message.to}`);
      way.title = `${message.from} → ${message.to}`; // long names are cut off
      state.update(message);
      ages.set(age, message.since);
      setText(line, firstLine(message.text));
      actions.update(message);
      drawFolded();
    },
  };
}

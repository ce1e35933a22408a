import * as l10n from '@vscode/l10n';
import { timeOfDay } from '../../core/base/duration';
import { firstLine } from '../../core/base/truncate';
import type { MonitorMessageRow } from '../../core/webviews/monitorProtocol';
import { h, KeyedList, setText } from '../shared/dom';
import { followScroll, type MessagesWidget } from './messageElements';
import { sequenceOf, type Party, type SequenceRow } from './viewState';

const SHOWN = 120;

/** Creates the sequence diagram: a column for each party, an arrow for each message. */
export function sequenceView(onOpen: (id: string) => void): MessagesWidget {
  const head = h('div', { class: 'lanes head', 'aria-hidden': true });
  const body = h('ol', { class: 'sequence' });
  const region = h(
    'div',
    {
      class: 'scroll tall lanes-region',
      tabindex: 0,
      role: 'region',
      'aria-label': l10n.t('Sequence of messages, oldest first'),
    },
    h('div', { class: 'sequence-row head' }, h('span', {}), head, h('span', {})),
    body,
  );
  const names = new KeyedList<Party>(
    head,
    ({ label }) => label,
    () => {
      const element = h('span', {});
      return {
        element,
        update: ({ name }) => {
          setText(element, name);
          element.title = name; // most are cut off
        },
      };
    },
  );
  const rows = new KeyedList<SequenceRow>(
    body,
    ({ message }) => message.id,
    (first) => sequenceRow(first, onOpen),
  );
  return {
    element: region,
    show: (messages: readonly MonitorMessageRow[]) => {
      const sequence = sequenceOf(messages, SHOWN);
      followScroll(region, () => {
        // Set by property, not by attribute: the webview's policy forbids inline styles.
        region.style.setProperty('--lanes', String(Math.max(1, sequence.parties.length)));
        region.classList.toggle('many', sequence.parties.length > 8);
        names.show(sequence.parties);
        rows.show(sequence.rows);
      });
    },
  };
}

function sequenceRow(
  { message: { id } }: SequenceRow,
  onOpen: (id: string) => void,
): { element: HTMLElement; update: (row: SequenceRow) => void } {
  const [time, arrow, way, text] = [
    h('time', {}),
    h('span', {}),
    h('span', { class: 'spoken' }),
    h('span', { class: 'line', dir: 'auto' }),
  ];
  const said = h('button', { class: 'plain', onclick: () => onOpen(id) }, way, text);
  return {
    element: h('li', { class: 'sequence-row' }, time, h('div', { class: 'lanes', 'aria-hidden': true }, arrow), said),
    update: ({ message, from, to }) => {
      setText(time, timeOfDay(message.enqueuedAt));
      setText(way, `${l10n.t('{0} to {1}, {2}:', message.from, message.to, message.status)} `);
      setText(text, firstLine(message.text));
      said.title = message.status;
      arrow.className = `arrow message-${message.state} ${from === to ? 'self' : from < to ? 'right' : 'left'}`;
      arrow.style.setProperty('--from', String(Math.min(from, to)));
      arrow.style.setProperty('--span', String(Math.max(from, to) - Math.min(from, to)));
    },
  };
}

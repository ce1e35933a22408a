import type { MonitorMessage, MonitorMessageRow, MonitorPost } from '../core/pageMessages';
import type { LiveTable } from './agentTable';
import { h, KeyedList, setShown, setText } from './dom';
import type { Host } from './host';
import type { HostClock } from './time';
import { clock, duration } from './time';

const GROUPS = { all: 'All', open: 'Not finished', stuck: 'Needs a decision', held: 'Held', received: 'Received' } as const;
type Group = keyof typeof GROUPS;

interface Filter {
  readonly text: string;
  readonly group: Group;
}

/** Every message with how far it got; a row opens to its whole text and its life. */
export function messageTable(host: Host<MonitorMessage, MonitorPost>, time: HostClock): LiveTable<MonitorMessageRow> {
  let filter = keptFilter(host.kept);
  let all: readonly MonitorMessageRow[] = [];
  const body = h('ol', { class: 'messages' });
  const ages = new Map<HTMLElement, number>();
  const empty = h('p', { class: 'empty' });
  const list = new KeyedList<MonitorMessageRow>(body, (message) => message.id, (message) => messageItem(message, host.send, ages));

  const search = h('input', { type: 'search', placeholder: 'Filter messages', 'aria-label': 'Filter messages' });
  const group = h('select', { 'aria-label': 'Which messages' }, ...Object.entries(GROUPS).map(([value, label]) => h('option', { value }, label)));
  search.value = filter.text;
  group.value = filter.group;
  const change = (): void => {
    filter = { text: search.value, group: group.value as Group };
    host.keep(filter);
    draw();
  };
  search.addEventListener('input', change);
  group.addEventListener('change', change);

  const draw = (): void => {
    const shown = all.filter((message) => passes(message, filter));
    list.show(shown);
    setText(empty, all.length === 0 ? 'No message was sent yet.' : 'No message matches the filter.');
    setShown(empty, shown.length === 0);
    tick();
  };
  const tick = (): void => {
    for (const [cell, since] of ages) {
      if (cell.isConnected) setText(cell, duration(time.now() - since));
      else ages.delete(cell);
    }
  };
  return {
    element: h('div', {}, h('div', { class: 'filter', role: 'search' }, search, group), body, empty),
    show: (messages) => {
      all = messages;
      draw();
    },
    tick,
  };
}

function passes(message: MonitorMessageRow, { text, group }: Filter): boolean {
  const inGroup =
    group === 'all' || (group === 'stuck' && message.stuck) || (group === 'held' && message.state === 'held') ||
    (group === 'received' && message.state === 'received') || (group === 'open' && message.state !== 'received' && message.state !== 'dropped');
  if (!inGroup) return false;
  const needle = text.trim().toLowerCase();
  return needle === '' || `${message.from} ${message.to} ${message.text} ${message.status}`.toLowerCase().includes(needle);
}

function messageItem(first: MonitorMessageRow, send: (message: MonitorMessage) => void, ages: Map<HTMLElement, number>): { element: HTMLElement; update: (message: MonitorMessageRow) => void } {
  const [way, status, age, line, text, life] = [h('span', { class: 'way' }), h('span', {}), h('span', { class: 'age' }), h('span', { class: 'line' }), h('pre', {}), h('ol', { class: 'life' })];
  const { id } = first;
  const actions = h('span', { class: 'buttons' },
    h('button', { onclick: () => send({ type: 'retry', id }) }, 'Retry'),
    h('button', { onclick: () => send({ type: 'drop', id }) }, 'Drop'));
  const details = h('details', {}, h('summary', {}, way, status, age, line), text, life);
  let drawnSteps = -1;
  return {
    element: h('li', {}, details, actions),
    update: (message) => {
      setText(way, `${message.from} → ${message.to}`);
      setText(status, message.status);
      status.className = `state message-${message.state}`;
      ages.set(age, message.since);
      setText(line, message.text.split('\n', 1)[0] ?? '');
      setText(text, message.text);
      setShown(actions, message.stuck);
      if (drawnSteps === message.history.length) return;
      drawnSteps = message.history.length;
      life.replaceChildren(...message.history.map((step) => h('li', {}, h('time', {}, clock(step.at)), ' ', step.status)));
    },
  };
}

function keptFilter(kept: unknown): Filter {
  const { text, group } = (typeof kept === 'object' && kept !== null ? kept : {}) as { text?: unknown; group?: unknown };
  return {
    text: typeof text === 'string' ? text : '',
    group: typeof group === 'string' && group in GROUPS ? (group as Group) : 'all',
  };
}

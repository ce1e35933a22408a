import * as l10n from '@vscode/l10n';
import type {
  ConversationPost,
  MonitorAgent,
  MonitorMessage,
  MonitorMessageRow,
} from '../../core/webviews/monitorProtocol';
import { h, setVisible, setText } from '../shared/dom';
import { conversationView } from './conversationView';
import type { HostClock } from './hostClock';
import { messageList } from './messageList';
import { sequenceView } from './sequenceView';
import {
  betweenOf,
  GROUPS,
  partiesOf,
  matchesFilter,
  VIEWS,
  type Group,
  type MonitorView,
  type Party,
  type ViewName,
} from './viewState';

export interface MessagePane {
  readonly element: HTMLElement;
  show(messages: readonly MonitorMessageRow[], agents: readonly MonitorAgent[]): void;
  showConversation(post: ConversationPost): void;
  reveal(wish: { readonly messageId: string | null; readonly between: readonly [string, string] | null }): void;
  tick(): void;
}

export interface PaneOptions {
  readonly send: (message: MonitorMessage) => void;
  readonly time: HostClock;
  readonly view: () => MonitorView;
  readonly change: (patch: Partial<MonitorView>) => void;
}

/** Shows messages as a list, a sequence or a conversation of two; the filters apply to all three. */
export function messagePane({ send, time, view, change }: PaneOptions): MessagePane {
  let all: readonly MonitorMessageRow[] = [];
  let conversation: readonly MonitorMessageRow[] = [];
  let asked = '';
  const list = messageList(send, time);
  const sequence = sequenceView((id) => openInList(id));
  const talk = conversationView(send, () => view().one);
  const views: Readonly<Record<ViewName, { readonly element: HTMLElement }>> = { list, sequence, conversation: talk };
  const empty = h('p', { class: 'empty' });

  const search = h('input', {
    type: 'search',
    placeholder: l10n.t('Filter messages'),
    'aria-label': l10n.t('Filter messages'),
    oninput: () => set({ text: search.value }),
  });
  const group = h(
    'select',
    { 'aria-label': l10n.t('Messages to show'), onchange: () => set({ group: group.value as Group }) },
    ...Object.entries(GROUPS).map(([value, label]) => h('option', { value }, label())),
  );
  const one = partySelect(l10n.t('Between'), (label) => set({ one: label }));
  const other = partySelect(l10n.t('and'), (label) => set({ other: label }));
  const exporting = h('button', { onclick: () => send({ type: 'export', between: betweenOf(view()) }) });
  const tabs = Object.entries(VIEWS).map(([name, label]) => {
    const radio = h('input', {
      type: 'radio',
      name: 'view',
      value: name,
      onchange: () => set({ view: name as ViewName }),
    });
    return { name, radio, element: h('label', { class: 'choice' }, radio, label()) };
  });

  function set(patch: Partial<MonitorView>): void {
    change(patch);
    draw();
  }

  function openInList(id: string): void {
    // A message hidden by a filter cannot be shown.
    if (!all.some((message) => message.id === id && matchesFilter(message, view())))
      change({ text: '', group: 'all', one: '', other: '' });
    set({ view: 'list' });
    list.reveal(id);
  }

  function draw(): void {
    const now = view();
    const between = betweenOf(now);
    ask();
    for (const { name, radio } of tabs) radio.checked = name === now.view;
    if (search.value !== now.text) search.value = now.text;
    group.value = now.group;
    one.choose(now.one);
    other.choose(now.other);
    setText(exporting, between ? l10n.t('Export This Conversation…') : l10n.t('Export…'));
    const known = now.view === 'conversation' ? (between ? conversation : []) : all;
    const shown = known.filter((message) => matchesFilter(message, now));
    for (const [name, { element }] of Object.entries(views))
      setVisible(element, name === now.view && (shown.length > 0 || name === 'list'));
    if (now.view === 'list') list.show(shown);
    else if (now.view === 'sequence') sequence.show(shown);
    else talk.show(shown);
    setText(
      empty,
      now.view === 'conversation' && !between
        ? l10n.t('Select two participants to read their messages.')
        : known.length === 0
          ? l10n.t('No messages have been sent yet.')
          : l10n.t('No message matches the filter.'),
    );
    setVisible(empty, shown.length === 0);
  }

  /** Requests the selected conversation from the extension. */
  function ask(): void {
    const between = view().view === 'conversation' ? betweenOf(view()) : null;
    const wish = JSON.stringify(between);
    if (wish === asked || (asked === '' && between === null)) return;
    asked = wish;
    conversation = [];
    send({ type: 'conversation', between });
  }

  const element = h(
    'div',
    {},
    h(
      'div',
      { class: 'filter' },
      h(
        'fieldset',
        { class: 'choices' },
        h('legend', { class: 'spoken' }, l10n.t('Show messages as')),
        ...tabs.map(({ element }) => element),
      ),
      exporting,
      h('div', { class: 'filter', role: 'search' }, search, group, one.element, other.element),
    ),
    list.element,
    sequence.element,
    talk.element,
    empty,
  );
  return {
    element,
    show: (messages, agents) => {
      all = messages;
      const parties = partiesOf(messages);
      const others = agents.map(({ window, name }) => ({ label: window === 0 ? 'MOTHER' : `AGENT-${window}`, name }));
      const everyone = new Map(
        [...others, { label: 'USER', name: l10n.t('you') }, ...parties].map((party) => [party.label, party]),
      );
      const sorted = [{ label: '', name: l10n.t('anyone') }, ...everyone.values()];
      one.offer(sorted);
      other.offer(sorted);
      draw();
    },
    showConversation: (post) => {
      if (JSON.stringify(post.between) !== asked) return; // answer to an earlier request
      conversation = post.messages;
      draw();
    },
    reveal: ({ messageId, between }) => {
      if (between) set({ one: between[0], other: between[1], text: '', group: 'all', view: 'conversation' });
      if (messageId) openInList(messageId);
      if (between) element.scrollIntoView({ block: 'start' });
    },
    tick: () => list.tick?.(),
  };
}

interface PartySelect {
  readonly element: HTMLElement;
  offer(parties: readonly Party[]): void;
  choose(label: string): void;
}

function partySelect(label: string, onChoose: (label: string) => void): PartySelect {
  const select = h('select', { onchange: () => onChoose(select.value) });
  let offered = '';
  let chosen = '';
  const choose = (wanted: string): void => {
    chosen = wanted;
    if (select.value === wanted) return;
    // Add an unknown value, stored in another session for example: an invisible filter would confuse the user.
    if (![...select.options].some(({ value }) => value === wanted))
      select.append(h('option', { value: wanted }, wanted));
    select.value = wanted;
  };
  return {
    element: h('label', { class: 'party' }, label, select),
    offer: (parties) => {
      const now = JSON.stringify(parties);
      if (now === offered) return;
      offered = now;
      select.replaceChildren(...parties.map((party) => h('option', { value: party.label }, party.name)));
      choose(chosen);
    },
    choose,
  };
}

/** The monitor: session, queue, agents, messages, activity, services. Only the changes of each post are drawn. */
import * as l10n from '@vscode/l10n';
import { duration, timeOfDay } from '../../core/base/duration';
import type {
  MonitorMessage,
  MonitorPatch,
  MonitorPost,
  MonitorPosts,
  MonitorSession,
  RevealPost,
} from '../../core/webviews/monitorProtocol';
import { h, KeyedList, setVisible, setText } from '../shared/dom';
import { connect } from '../shared/extensionChannel';
import { decimal } from '../shared/l10n';
import { agentTable } from './agentTable';
import { SnapshotAssembler } from './applyPatches';
import { charts as makeCurves } from './charts';
import { FrameScheduler } from './frameScheduler';
import { HostClock } from './hostClock';
import { messagePane } from './messagePane';
import { restoreView, type MonitorView } from './viewState';

const posts = new SnapshotAssembler(() => host.send({ type: 'ready' }));
const host = connect<MonitorMessage, MonitorPosts, MonitorPosts | MonitorPatch>((sent) => posts.take(sent));
const time = new HostClock();
let latest: MonitorPost | null = null;
let view = restoreView(host.state);
const change = (patch: Partial<MonitorView>): void => {
  view = { ...view, ...patch };
  host.keep(view);
};

const title = h('h1', {});
const goal = h('p', { class: 'goal' });
const started = h('span', {});
const facts = h('p', { class: 'facts' });
const notice = h('p', { class: 'notice', role: 'status' });
const steps = {
  'review-plan': () => l10n.t('Review plan'),
  resume: () => l10n.t('Resume Session'),
  answer: () => l10n.t('Answer…'),
} as const;
const next = h('button', {
  class: 'primary',
  onclick: () => latest?.session?.next && host.send({ type: latest.session.next }),
});
const broadcast = h('button', { onclick: () => host.send({ type: 'broadcast' }) }, l10n.t('Broadcast…'));

const cards = {
  pending: card(l10n.t('Pending')),
  processing: card(l10n.t('Processing')),
  completed: card(l10n.t('Completed')),
  failed: card(l10n.t('Failed')),
};

function card(label: string): {
  readonly element: HTMLElement;
  readonly value: HTMLElement;
  readonly note: HTMLElement;
} {
  const value = h('dd', {});
  const note = h('dd', { class: 'note' });
  return { element: h('div', { class: 'card' }, h('dt', {}, label), value, note), value, note };
}

const frames = new FrameScheduler(
  (run) => void requestAnimationFrame(run),
  () => performance.now(),
);
const agents = agentTable(host.send, time, frames);
const messages = messagePane({ send: host.send, time, view: () => view, change });
const curves = makeCurves(host.send, view.minutes, (minutes) => change({ minutes }), frames);

const activityList = h('ol', { class: 'log' });
const activity = new KeyedList<MonitorPost['activity'][number] & { readonly key: string }>(
  activityList,
  (line) => line.key,
  (line) => ({ element: h('li', {}, h('time', {}, timeOfDay(line.at)), ' ', line.text), update: () => undefined }),
);
const noActivity = h('p', { class: 'empty' }, l10n.t('Nothing has happened yet.'));

const serviceList = h('ul', { class: 'services' });
const services = new KeyedList<MonitorPost['services'][number]>(
  serviceList,
  (service) => service.name,
  (service) => {
    const address = h('span', {});
    const open = h('button', { class: 'link', onclick: () => host.send({ type: 'open-service', name: service.name }) });
    const health = h('span', {});
    const owner = h('span', { class: 'muted' });
    return {
      element: h('li', {}, h('strong', {}, service.name), ' ', address, open, ' ', health, ' ', owner),
      update: ({ address: text, web, health: state, healthWord, owner: by }) => {
        setText(address, web ? '' : text);
        setText(open, web ? text : '');
        setVisible(open, web);
        setText(health, healthWord);
        health.className = `health ${state}`;
        setText(owner, by && l10n.t('of {0}', by));
      },
    };
  },
);
const noServices = h('p', { class: 'empty' }, l10n.t('No agent has registered a service.'));

const live = h(
  'div',
  { class: 'monitor' },
  h('header', {}, h('div', {}, title, goal, facts), h('div', { class: 'actions' }, next, broadcast)),
  h(
    'section',
    { 'aria-label': l10n.t('Command queue') },
    h('dl', { class: 'cards' }, ...Object.values(cards).map(({ element }) => element)),
  ),
  section('over-time', l10n.t('Over time'), curves.range, curves.element),
  section('agents', l10n.t('Agents'), agents.element),
  section('messages', l10n.t('Messages'), messages.element),
  h(
    'div',
    { class: 'columns' },
    section('recent-activity', l10n.t('Recent activity'), activityList, noActivity),
    section('services', l10n.t('Services'), serviceList, noServices),
  ),
);
const idle = h(
  'div',
  { class: 'idle' },
  h('h1', {}, l10n.t('No team is running here')),
  h(
    'p',
    {},
    l10n.t(
      'State a goal: Mother, the planner agent, makes a plan, you approve it, and each agent starts in its own terminal.',
    ),
  ),
  h('button', { class: 'primary', onclick: () => host.send({ type: 'start' }) }, l10n.t('Start…')),
);
setVisible(live, false);
setVisible(idle, false);
document.getElementById('root')?.append(notice, live, idle);

function section(name: string, title: string, ...content: readonly HTMLElement[]): HTMLElement {
  const id = `h-${name}`;
  return h('section', { 'aria-labelledby': id }, h('h2', { id }, title), ...content);
}

function take(post: MonitorPosts): void {
  switch (post.type) {
    case 'monitor':
      return show(post);
    case 'conversation':
      return messages.showConversation(post);
    case 'reveal':
      return reveal(post);
    case 'history':
      agents.showTimelines(post.timelines);
      return curves.show(post);
  }
}

/**
 * Shows what a command selected, once there is a state to show it in. The extension sends the request again to a
 * recreated webview; `revealedAt` skips it.
 */
function reveal(wish: RevealPost): void {
  if (wish.at <= view.revealedAt || latest === null) return;
  change({ revealedAt: wish.at });
  messages.reveal(wish);
}

function show(post: MonitorPost): void {
  const before = latest;
  latest = post;
  time.set(post.now);
  const { session } = post;
  setVisible(live, session !== null);
  setVisible(idle, session === null);
  setText(notice, noticeOf(post));
  setVisible(notice, notice.textContent !== '');
  if (!session) return;
  if (session !== before?.session) showSession(session);
  if (post.agents !== before?.agents) agents.show(post.agents);
  if (post.messages !== before?.messages || post.agents !== before.agents) messages.show(post.messages, post.agents);
  if (post.activity !== before?.activity) activity.show(keyed(post.activity));
  setVisible(noActivity, post.activity.length === 0);
  services.show(post.services);
  setVisible(noServices, post.services.length === 0);
}

function showSession(session: MonitorSession): void {
  setText(title, session.name);
  setText(goal, session.goal);
  facts.replaceChildren(
    h('span', { class: `phase ${session.phase}` }, session.phaseWord),
    ' · ',
    started,
    ` · ${l10n.t('{0} active, {1} failed', session.active, session.failed)}`,
    ` · ${session.leader ? l10n.t('led by {0}', session.leader) : l10n.t('no leader')}`,
    session.cost ? ` · ${session.cost}` : '',
    session.detail ? ` · ${session.detail}` : '',
  );
  setText(next, session.next ? steps[session.next]() : '');
  setVisible(next, session.next !== null);
  const { queue } = session;
  setText(cards.pending.value, decimal(queue.pending));
  setText(cards.processing.value, decimal(queue.processing));
  setText(cards.processing.note, queue.held ? l10n.t('{0} held', decimal(queue.held)) : '');
  setText(cards.completed.value, decimal(queue.completed));
  setText(cards.failed.value, decimal(queue.failed));
  cards.failed.element.classList.toggle('bad', queue.failed > 0);
  sayStart(session);
}

function sayStart({ startedAt }: MonitorSession): void {
  setText(started, l10n.t('started {0} ago', duration(time.now() - startedAt, l10n.t)));
}

/** Gives two equal lines of one millisecond different keys. */
function keyed(lines: MonitorPost['activity']): (MonitorPost['activity'][number] & { readonly key: string })[] {
  const seen = new Map<string, number>();
  return [...lines]
    .reverse()
    .map((line) => {
      const base = `${line.at} ${line.text}`;
      const nth = seen.get(base) ?? 0;
      seen.set(base, nth + 1);
      return { ...line, key: `${base} ${nth}` };
    })
    .reverse();
}

function noticeOf({ connected, session, agents: list }: MonitorPost): string {
  if (session && !connected) return l10n.t('Redis does not answer. This is the last known state.');
  if (session?.next === 'resume') return l10n.t('The tmux session has ended: resume it, or stop it');
  const asking = list.filter((agent) => agent.state === 'needs-input').map((agent) => agent.name);
  if (session?.next === 'review-plan') return l10n.t('Mother’s plan waits for your approval.');
  return asking.length === 0
    ? ''
    : asking.length === 1
      ? l10n.t('{0} needs you.', asking.join())
      : l10n.t('{0} need you.', asking.join(', '));
}

/** Advances elapsed times between posts. */
function tick(): void {
  if (latest?.session) sayStart(latest.session);
  agents.tick();
  messages.tick();
}

setInterval(tick, 1000);
host.onPost(take);
host.send({ type: 'ready' });

/** The monitor: what needs the user, agents, charts, messages, activity, services. Only the changes of each post are drawn. */
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
import { requestCards } from './requestCards';
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

const title = h('h1', { class: 'goal', dir: 'auto' });
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

const counters = h('p', { class: 'counters', role: 'group', 'aria-label': l10n.t('Command queue') });
const details = h('details', { class: 'technical' }, h('summary', {}, l10n.t('Technical details')));
const session = h('p', { class: 'facts' });
details.append(session);

const frames = new FrameScheduler(
  (run) => void requestAnimationFrame(run),
  () => performance.now(),
);
const folds = {
  isOpen: (name: string): boolean => view.folds[`agent ${name}`] ?? false,
  set: (name: string, open: boolean): void => change({ folds: { ...view.folds, [`agent ${name}`]: open } }),
};
const requests = requestCards(host.send, time);
const agents = agentTable(host.send, time, frames, folds);
const grid = h(
  'button',
  { onclick: () => host.send({ type: 'terminal-grid' }) },
  l10n.t('Open All Terminals in a Grid'),
);
const messages = messagePane({ send: host.send, time, view: () => view, change });
const curves = makeCurves(host.send, view.minutes, (minutes) => change({ minutes }), frames);

const activityList = h('ol', { class: 'log', tabindex: 0, 'aria-label': l10n.t('Recent activity') });
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

const asking = section('requests', l10n.t('Needs you'), requests.element);
const messageSection = foldable('messages', l10n.t('Messages'), true, messages.element);
const live = h(
  'div',
  { class: 'monitor' },
  h('header', {}, h('div', {}, title, facts, counters, details), h('div', { class: 'actions' }, next, broadcast, grid)),
  asking,
  section('agents', l10n.t('Agents'), agents.element),
  foldable('over-time', l10n.t('Over time'), false, curves.range, curves.element),
  messageSection,
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

/** A section that stays folded as the user left it. */
function foldable(name: string, title: string, open: boolean, ...content: readonly HTMLElement[]): HTMLElement {
  const id = `h-${name}`;
  const element = h(
    'details',
    {
      open: view.folds[name] ?? open,
      ontoggle: () =>
        element.open !== (view.folds[name] ?? open) && change({ folds: { ...view.folds, [name]: element.open } }),
    },
    h('summary', {}, h('h2', { id }, title)),
    ...content,
  );
  return h('section', { 'aria-labelledby': id }, element);
}

function take(post: MonitorPosts): void {
  switch (post.type) {
    case 'monitor':
      return show(post);
    case 'conversation':
      return messages.showConversation(post);
    case 'reveal':
      return reveal(post);
    case 'previews':
      return agents.showTerminals(post.terminals);
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
  messageSection.querySelector('details')?.setAttribute('open', '');
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
  if (post.requests !== before?.requests) requests.show(post.requests);
  setVisible(asking, post.requests.length > 0);
  if (post.agents !== before?.agents) agents.show(post.agents);
  if (post.messages !== before?.messages || post.agents !== before.agents) messages.show(post.messages, post.agents);
  if (post.activity !== before?.activity) activity.show(keyed(post.activity));
  setVisible(noActivity, post.activity.length === 0);
  services.show(post.services);
  setVisible(noServices, post.services.length === 0);
}

function showSession(now: MonitorSession): void {
  setText(title, now.goal || now.name);
  facts.replaceChildren(
    h('span', { class: `phase ${now.phase}` }, now.phaseWord),
    ' · ',
    started,
    ` · ${l10n.t('{0} active, {1} failed', now.active, now.failed)}`,
    now.cost ? ` · ${now.cost}` : '',
    now.detail ? ` · ${now.detail}` : '',
  );
  setText(session, `${now.name} · ${now.leader ? l10n.t('led by {0}', now.leader) : l10n.t('no leader')}`);
  setText(next, now.next ? steps[now.next]() : '');
  setVisible(next, now.next !== null);
  const { queue } = now;
  const held = queue.held ? ` (${l10n.t('{0} held', decimal(queue.held))})` : '';
  counters.replaceChildren(
    counter(l10n.t('Pending'), decimal(queue.pending)),
    counter(l10n.t('Processing'), `${decimal(queue.processing)}${held}`),
    counter(l10n.t('Completed'), decimal(queue.completed)),
    counter(l10n.t('Failed'), decimal(queue.failed), queue.failed > 0),
  );
  sayStart(now);
}

function counter(label: string, value: string, bad = false): HTMLElement {
  return h('span', { class: bad ? 'bad' : '' }, `${label} `, h('strong', {}, value));
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
  requests.tick();
  messages.tick();
}

setInterval(tick, 1000);
host.onPost(take);
host.send({ type: 'ready' });

/** The monitor page: session, queue, agents, messages, activity, services. Of each post only what is new is drawn. */
import type { MonitorMessage, MonitorPatch, MonitorPost, MonitorPosts, MonitorSession, RevealPost } from '../core/pageMessages';
import { agentTable } from './agentTable';
import { curves as makeCurves } from './curves';
import { h, KeyedList, setShown, setText } from './dom';
import { Frames } from './frames';
import { connect } from './host';
import { messagePane } from './messagePane';
import { keptView, type MonitorView } from './monitorView';
import { clock, duration, HostClock } from './time';
import { WholePosts } from './wholePosts';

const posts = new WholePosts(() => host.send({ type: 'ready' }));
const host = connect<MonitorMessage, MonitorPosts, MonitorPosts | MonitorPatch>((sent) => posts.take(sent));
const time = new HostClock();
let latest: MonitorPost | null = null;
let view = keptView(host.kept);
const change = (patch: Partial<MonitorView>): void => {
  view = { ...view, ...patch };
  host.keep(view);
};

const title = h('h1', {});
const goal = h('p', { class: 'goal' });
const started = h('span', {});
const facts = h('p', { class: 'facts' });
const notice = h('p', { class: 'notice', role: 'status' });
const review = h('button', { class: 'primary', onclick: () => host.send({ type: 'review-plan' }) }, 'Review plan');
const broadcast = h('button', { onclick: () => host.send({ type: 'broadcast' }) }, 'Broadcast…');

const cards = {
  pending: card('Pending'),
  processing: card('Processing'),
  completed: card('Completed'),
  failed: card('Failed'),
};

function card(label: string): { readonly element: HTMLElement; readonly value: HTMLElement; readonly note: HTMLElement } {
  const value = h('dd', {});
  const note = h('dd', { class: 'note' });
  return { element: h('div', { class: 'card' }, h('dt', {}, label), value, note), value, note };
}

const frames = new Frames((run) => void requestAnimationFrame(run), () => performance.now());
const agents = agentTable(host.send, time, frames);
const messages = messagePane({ send: host.send, time, view: () => view, change });
const curves = makeCurves(host.send, view.minutes, (minutes) => change({ minutes }), frames);

const activityList = h('ol', { class: 'log' });
const activity = new KeyedList<MonitorPost['activity'][number] & { readonly key: string }>(
  activityList,
  (line) => line.key,
  (line) => ({ element: h('li', {}, h('time', {}, clock(line.at)), ' ', line.text), update: () => undefined }),
);
const noActivity = h('p', { class: 'empty' }, 'Nothing has happened yet.');

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
      update: ({ address: text, web, health: state, owner: by }) => {
        setText(address, web ? '' : text);
        setText(open, web ? text : '');
        setShown(open, web);
        setText(health, state);
        health.className = `health ${state}`;
        setText(owner, by && `of ${by}`);
      },
    };
  },
);
const noServices = h('p', { class: 'empty' }, 'No agent has registered a service.');

const live = h(
  'div',
  { class: 'monitor' },
  h('header', {}, h('div', {}, title, goal, facts), h('div', { class: 'actions' }, review, broadcast)),
  h('section', { 'aria-label': 'Command queue' }, h('dl', { class: 'cards' }, ...Object.values(cards).map(({ element }) => element))),
  section('Over time', curves.range, curves.element),
  section('Agents', agents.element),
  section('Messages', messages.element),
  h('div', { class: 'columns' }, section('Recent activity', activityList, noActivity), section('Services', serviceList, noServices)),
);
const idle = h(
  'div',
  { class: 'idle' },
  h('h1', {}, 'No team is at work here'),
  h('p', {}, 'Say what you want done: Mother makes a plan, you approve it, and each agent starts in a terminal of its own.'),
  h('button', { class: 'primary', onclick: () => host.send({ type: 'start' }) }, 'Start…'),
);
setShown(live, false);
setShown(idle, false);
document.getElementById('root')?.append(notice, live, idle);

function section(name: string, ...content: readonly HTMLElement[]): HTMLElement {
  const id = `h-${name.toLowerCase().replace(/\W/g, '-')}`;
  return h('section', { 'aria-labelledby': id }, h('h2', { id }, name), ...content);
}

function take(post: MonitorPosts): void {
  switch (post.type) {
    case 'monitor': return show(post);
    case 'conversation': return messages.showConversation(post);
    case 'reveal': return reveal(post);
    case 'history':
      agents.showTimelines(post.timelines);
      return curves.show(post);
  }
}

/** Waits until there is something to find it in; a wish that was fulfilled comes again with a page that comes back. */
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
  setShown(live, session !== null);
  setShown(idle, session === null);
  setText(notice, noticeOf(post));
  setShown(notice, notice.textContent !== '');
  if (!session) return;
  if (session !== before?.session) showSession(session);
  if (post.agents !== before?.agents) agents.show(post.agents);
  if (post.messages !== before?.messages || post.agents !== before.agents) messages.show(post.messages, post.agents);
  if (post.activity !== before?.activity) activity.show(keyed(post.activity));
  setShown(noActivity, post.activity.length === 0);
  services.show(post.services);
  setShown(noServices, post.services.length === 0);
}

function showSession(session: MonitorSession): void {
  setText(title, session.name);
  setText(goal, session.goal);
  facts.replaceChildren(
    h('span', { class: `phase ${session.phase}` }, session.phase), ' · started ', started, ` ago · ${session.active} active, ${session.failed} failed`,
    session.leader ? ` · led by ${session.leader}` : ' · nobody leads now',
    session.cost ? ` · ${session.cost}` : '',
    session.detail ? ` · ${session.detail}` : '',
  );
  setShown(review, session.planWaits);
  const { queue } = session;
  setText(cards.pending.value, count(queue.pending));
  setText(cards.processing.value, count(queue.processing));
  setText(cards.processing.note, queue.held ? `${count(queue.held)} held` : '');
  setText(cards.completed.value, count(queue.completed));
  setText(cards.failed.value, count(queue.failed));
  cards.failed.element.classList.toggle('bad', queue.failed > 0);
  setText(started, duration(time.now() - session.startedAt));
}

/** Two equal lines in one millisecond are still two lines. */
function keyed(lines: MonitorPost['activity']): (MonitorPost['activity'][number] & { readonly key: string })[] {
  const seen = new Map<string, number>();
  return [...lines].reverse().map((line) => {
    const base = `${line.at} ${line.text}`;
    const nth = seen.get(base) ?? 0;
    seen.set(base, nth + 1);
    return { ...line, key: `${base} ${nth}` };
  }).reverse();
}

function noticeOf({ connected, session, agents: list }: MonitorPost): string {
  if (session && !connected) return 'Redis does not answer. This is what was last seen.';
  const asking = list.filter((agent) => agent.state === 'needs-input').map((agent) => agent.name);
  if (session?.planWaits) return 'Mother’s plan waits for your approval.';
  return asking.length ? `${asking.join(', ')} ${asking.length === 1 ? 'needs' : 'need'} you.` : '';
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Ages go on between posts. */
function tick(): void {
  if (latest?.session) setText(started, duration(time.now() - latest.session.startedAt));
  agents.tick();
  messages.tick();
}

setInterval(tick, 1000);
host.onPost(take);
host.send({ type: 'ready' });

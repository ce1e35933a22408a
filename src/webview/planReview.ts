/** The plan review page: what approval will launch, as graph and table, its problems, and the decision. */
import type { AgentSpec, Plan } from '../core/models';
import type { PlanMessage, PlanPost } from '../core/pageMessages';
import { h, setShown, setText } from './dom';
import { connect } from './host';
import { planChange } from './planChange';
import { planGraph } from './planGraph';

const host = connect<PlanMessage, PlanPost>();
let latest: PlanPost | null = null;
let drawn = '';

const heading = h('h1', {}, 'Plan');
const goal = h('p', { class: 'goal' });
const status = h('p', { class: 'notice', role: 'status' });
const content = h('div', {});
const approve = h('button', { class: 'primary', onclick: () => answer('approve') }, 'Approve and launch');
const proposal = h('button', { class: 'primary', onclick: () => answer('use-proposal') }, 'Use the renumbered plan');
const edit = h('button', { onclick: () => host.send({ type: 'edit' }) }, 'Edit as JSON');
const cancel = h('button', { onclick: () => host.send({ type: 'cancel' }) }, 'Cancel');
const note = h('textarea', { rows: 3, id: 'note', placeholder: 'What Mother should change', maxlength: 8000 });
const sendBack = h('button', { onclick: () => reject() }, 'Send back to Mother');
const decide = h(
  'div', { class: 'decide' },
  h('div', { class: 'actions' }, approve, proposal, edit, cancel),
  h('div', { class: 'reject' }, h('label', { for: 'note' }, 'Note to Mother'), note, sendBack),
);
document.getElementById('root')?.append(h('div', { class: 'plan' }, h('header', {}, h('div', {}, heading, goal)), status, decide, content));
note.addEventListener('input', () => void (sendBack.disabled = note.value.trim() === '' || !mayDecide()));

function mayDecide(): boolean {
  return latest?.connected === true && latest.phase === 'review';
}

function answer(type: 'approve' | 'use-proposal'): void {
  if (latest?.review) host.send({ type, at: latest.review.at });
}

function reject(): void {
  if (!latest?.review || note.value.trim() === '') return;
  host.send({ type: 'reject', at: latest.review.at, note: note.value.trim() });
  note.value = '';
  sendBack.disabled = true;
}

function show(post: PlanPost): void {
  latest = post;
  setText(goal, post.goal);
  const { review } = post;
  const plan = review?.plan ?? review?.proposal ?? null;
  setText(status, statusOf(post));
  setShown(status, status.textContent !== '');
  status.classList.toggle('calm', review?.status === 'approved');
  setShown(decide, post.phase === 'review' || (review !== null && review.problems.length > 0));
  setShown(approve, review?.status === 'proposed');
  setShown(proposal, review?.plan === null && review.proposal !== null);
  setText(approve, plan ? `Approve and launch ${plan.agents.length} ${plan.agents.length === 1 ? 'agent' : 'agents'}` : 'Approve');
  if (post.change) setText(approve, post.change.label);
  setText(cancel, post.change ? 'Keep the team as it is' : 'Cancel');
  approve.disabled = !mayDecide() || (review?.problems.length ?? 0) > 0;
  proposal.disabled = !post.connected;
  sendBack.disabled = note.value.trim() === '' || !mayDecide();

  const state = JSON.stringify([review, post.defaultProfile]);
  if (state === drawn) return; // a redraw would take the person's place in the table
  drawn = state;
  const marked = new Set(review?.problems.flatMap((problem) => problem.agents) ?? []);
  content.replaceChildren(
    ...(review && review.problems.length > 0 ? [problemList(review.problems)] : []),
    ...(post.change ? [planChange(post.change.lines)] : []),
    ...(plan ? [summary(plan, post.defaultProfile), graph(plan, marked), table(plan, marked, post.defaultProfile, review?.problems ?? [])] : []),
  );
}

function statusOf({ review, phase, connected }: PlanPost): string {
  if (!connected) return 'Redis does not answer. This is what was last seen.';
  if (!review) return 'No plan waits for review.';
  const repaired = review.repaired ? ' Its JSON was slightly broken and has been repaired.' : '';
  switch (review.status) {
    case 'invalid': return review.problems.length === 0 ? `Mother writes the plan, attempt ${review.attempt} of 3.` : phase === 'review' ? `The plan has ${review.problems.length} ${review.problems.length === 1 ? 'problem' : 'problems'}. Send it back with a note, or edit it.${repaired}` : `Attempt ${review.attempt}: the plan has ${review.problems.length} ${review.problems.length === 1 ? 'problem' : 'problems'}; Mother has been told.${repaired}`;
    case 'proposed': return phase === 'review' ? `${review.change ? 'The team runs on as it is until you approve.' : 'Nothing is launched until you approve.'}${repaired}` : '';
    case 'approved': return 'Approved.';
    case 'rejected': return 'Sent back to Mother. The next plan appears here.';
  }
}

function problemList(problems: NonNullable<PlanPost['review']>['problems']): HTMLElement {
  return h('section', { 'aria-labelledby': 'h-problems' }, h('h2', { id: 'h-problems' }, 'Problems'), h('ul', { class: 'problems' }, ...problems.map((problem) => h('li', {}, problem.message))));
}

/** What approval will do, in one sentence. */
function summary(plan: Plan, defaultProfile: string): HTMLElement {
  const modes = tally(plan.agents.map((agent) => agent.permission_mode ?? 'default'));
  const profiles = tally(plan.agents.map((agent) => agent.profile ?? defaultProfile));
  const free = plan.agents.filter((agent) => agent.permission_mode === 'bypassPermissions').map((agent) => agent.name);
  return h('div', {},
    h('p', {}, `Launches ${plan.agents.length} ${plan.agents.length === 1 ? 'agent' : 'agents'} (${profiles}); permission modes: ${modes}.`),
    free.length > 0 && h('p', { class: 'notice' }, `${free.join(', ')} would run every command without asking.`));
}

function tally(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => `${count} × ${value}`).join(', ');
}

function graph(plan: Plan, marked: ReadonlySet<string>): HTMLElement {
  return h('section', { 'aria-labelledby': 'h-graph' }, h('h2', { id: 'h-graph' }, 'Order'),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Graph of the plan' }, planGraph(plan, marked)),
    h('p', { class: 'legend' }, h('span', { class: 'key depends' }), 'launched after', h('span', { class: 'key waits' }), 'waits for its work', h('span', { class: 'key notifies' }), 'tells'));
}

const COLUMNS = ['Window', 'Name', 'Role', 'Task', 'Launched after', 'Waits for', 'Tells', 'CLI', 'Model', 'Permissions'];

function table(plan: Plan, marked: ReadonlySet<string>, defaultProfile: string, problems: readonly { readonly message: string; readonly agents: readonly string[] }[]): HTMLElement {
  return h('section', { 'aria-labelledby': 'h-agents' }, h('h2', { id: 'h-agents' }, 'Agents'),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Agents of the plan' },
      h('table', {}, h('thead', {}, h('tr', {}, ...COLUMNS.map((name) => h('th', { scope: 'col' }, name)))),
        h('tbody', {}, ...plan.agents.map((agent) => row(agent, marked.has(agent.name), defaultProfile, problems.filter((problem) => problem.agents.includes(agent.name))))))));
}

function row(agent: AgentSpec, bad: boolean, defaultProfile: string, problems: readonly { readonly message: string }[]): HTMLElement {
  const names = (list: readonly string[]): string => list.join(', ') || '–';
  return h('tr', { class: bad ? 'bad' : '' },
    h('td', { class: 'num' }, String(agent.window)),
    h('th', { scope: 'row' }, agent.name, ...problems.map((problem) => h('p', { class: 'problem' }, problem.message))),
    h('td', { class: 'text' }, agent.role),
    h('td', { class: 'text' }, agent.task && agent.task.length > 160 ? h('details', {}, h('summary', {}, `${agent.task.slice(0, 157)}…`), h('pre', {}, agent.task)) : (agent.task ?? '(its role)')),
    h('td', {}, names(agent.depends_on)),
    h('td', {}, names(agent.wait_for)),
    h('td', {}, names(agent.notifies)),
    h('td', {}, agent.profile ?? defaultProfile),
    h('td', {}, agent.model ?? 'default'),
    h('td', {}, `${agent.permission_mode ?? 'default'}${agent.worktree ? ', own worktree' : ''}`));
}

host.onPost(show);
host.send({ type: 'ready' });

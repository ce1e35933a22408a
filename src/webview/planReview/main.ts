/**
 * The plan review: the team to launch as a graph and an editable table, its problems with quick fixes, and the
 * decision.
 */
import * as l10n from '@vscode/l10n';
import { MAX_TASK_LENGTH } from '../../core/base/limits';
import type { DraftEdit } from '../../core/plan/planDraft';
import type { PlanMessage, PlanPost, PlanPostDraft } from '../../core/webviews/planReviewProtocol';
import { h, setVisible, setText } from '../shared/dom';
import { connect } from '../shared/extensionChannel';
import type { AgentFormContext } from './agentForm';
import { flushFields } from './formField';
import { planGraph } from './planGraph';
import { PlanTable, problemItem } from './planTable';
import { launchSummary, statusOf } from './planText';

const host = connect<PlanMessage, PlanPost>((post) => post);
let latest: PlanPost | null = null;
let seq = 0;
/** Set while the user approved this plan and the last edit was not yet acknowledged. */
let approveAfter: { readonly seq: number; readonly at: number | undefined } | null = null;
let graphed = '';
let listed = '';

const button = (words: string, onclick: () => void, primary = false): HTMLButtonElement =>
  h('button', { class: primary && 'primary', onclick }, words);
const goal = h('p', { class: 'goal' });
const detail = h('p', { class: 'muted' });
const status = h('p', { class: 'notice', role: 'status' });
const incomingText = h('p', {});
const incoming = h(
  'div',
  { class: 'notice', role: 'alert' },
  incomingText,
  h(
    'div',
    { class: 'actions' },
    button(l10n.t('Compare'), () => host.send({ type: 'compare' })),
    button(l10n.t('Keep mine'), () => host.send({ type: 'choose', plan: 'mine' })),
    button(l10n.t('Use the other plan'), () => host.send({ type: 'choose', plan: 'theirs' })),
  ),
);
const refused = h('p', { class: 'notice', role: 'alert' });
const unread = h('ul', { class: 'problems' });
const launch = h('div', { class: 'launch' });
const approve = button(l10n.t('Approve'), () => decide(), true);
const undo = button(l10n.t('Undo'), () => host.send({ type: 'undo' }));
const discard = button(l10n.t('Discard My Edits'), () => host.send({ type: 'discard' }));
const compare = button(l10n.t('Show my edits'), () => host.send({ type: 'compare' }));
const json = button(l10n.t('Edit as JSON'), () => host.send({ type: 'open-json' }));
const cancel = button(l10n.t('Cancel'), () => host.send({ type: 'cancel' }));
const note = h('textarea', {
  rows: 3,
  id: 'note',
  placeholder: l10n.t('Note to Mother: what to change'),
  maxlength: MAX_TASK_LENGTH,
});
const withEdits = h('input', { type: 'checkbox', checked: true });
const withEditsLabel = h('label', {}, withEdits, l10n.t('Mother starts from my edits'));
const sendBack = button(l10n.t('Send back to Mother'), () => reject());
const decision = h(
  'div',
  { class: 'decide' },
  h('div', {}, launch, h('div', { class: 'actions' }, approve, json, undo, compare, discard, cancel)),
  h('div', { class: 'reject' }, h('label', { for: 'note' }, l10n.t('Note to Mother')), note, withEditsLabel, sendBack),
);
const general = h(
  'section',
  { 'aria-labelledby': 'h-problems' },
  h('h2', { id: 'h-problems' }, l10n.t('Problems')),
  h('ul', { class: 'problems' }),
);
const picture = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': l10n.t('Graph of the plan') });
const graph = h(
  'section',
  { 'aria-labelledby': 'h-graph' },
  h('h2', { id: 'h-graph' }, l10n.t('Order')),
  picture,
  h(
    'p',
    { class: 'legend' },
    h('span', {}, h('span', { class: 'key depends' }), l10n.t('launched after')),
    h('span', {}, h('span', { class: 'key waits' }), l10n.t('waits for its work')),
    h('span', {}, h('span', { class: 'key notifies' }), l10n.t('notifies')),
  ),
);

const actions = {
  send(edit: DraftEdit): number {
    seq += 1;
    host.send({ type: 'edit', seq, edit });
    return seq;
  },
  repair(problem: number, repair: number): void {
    if (latest?.draft) host.send({ type: 'repair', revision: latest.draft.revision, problem, repair });
  },
};
const table = new PlanTable(actions);

document
  .getElementById('root')
  ?.append(
    h(
      'div',
      { class: 'plan' },
      h('header', {}, h('div', {}, h('h1', {}, l10n.t('Plan')), goal, detail)),
      status,
      h('div', { class: 'alerts' }, incoming, refused),
      unread,
      decision,
      general,
      graph,
      table.element,
    ),
  );
note.addEventListener('input', () => latest && showDecision(latest));

function decide(): void {
  flushFields();
  if (latest?.draft && latest.ack >= seq) sendApproval(latest.draft.revision);
  else approveAfter = { seq, at: latest?.review?.at };
}

/** A second click before the answer does not send a second approval. */
function sendApproval(revision: number): void {
  host.send({ type: 'approve', revision });
  approve.disabled = true;
}

function reject(): void {
  flushFields();
  if (!latest?.review || note.value.trim() === '') return;
  host.send({ type: 'reject', at: latest.review.at, note: note.value.trim(), withEdits: withEdits.checked });
  note.value = '';
  sendBack.disabled = true;
}

function contextOf(post: PlanPost): AgentFormContext {
  return {
    names: post.draft?.agents?.map(({ name }) => name) ?? [],
    profiles: post.profiles,
    defaultProfile: post.defaultProfile,
    ack: post.ack,
    editable: post.review?.status !== 'approved',
  };
}

function show(post: PlanPost): void {
  if (latest === null) seq = post.ack; // the webview was discarded and created again
  latest = post;
  setText(goal, post.goal);
  setText(detail, post.phase === 'review' && !/^The plan waits/.test(post.detail) ? post.detail : '');
  setText(status, statusOf(post));
  setVisible(status, status.textContent !== '');
  status.classList.toggle('calm', post.review?.status === 'approved');
  const draft = post.draft;
  setVisible(incoming, draft?.incoming != null);
  setText(
    incomingText,
    draft?.incoming === 'approved'
      ? l10n.t('The plan was approved elsewhere, without your edits.')
      : l10n.t(
          'Mother printed another plan while you were editing this one. Your edits are kept: choose which plan to continue with.',
        ),
  );
  setVisible(refused, post.refused !== null);
  setText(
    refused,
    post.refused
      ? l10n.t(
          'The plan has changed, so this edit of {0} was not applied: “{1}”',
          post.refused.field,
          post.refused.value,
        )
      : '',
  );
  setVisible(unread, post.unread.length > 0 && draft?.edited !== true);
  unread.replaceChildren(...post.unread.map((message) => h('li', {}, message)));
  showDecision(post);
  showProblems(draft);
  const agents = draft?.agents ?? [];
  setVisible(graph, agents.length > 0);
  setVisible(table.element, draft !== null && draft.agents !== null);
  const marked = new Set(draft?.problems.flatMap(({ at }) => [...at]) ?? []);
  const state = JSON.stringify([agents, [...marked]]);
  if (state !== graphed) {
    graphed = state;
    picture.replaceChildren(
      ...(agents.length > 0
        ? [planGraph(agents, marked, (index) => latest && table.open(index, 'name', contextOf(latest)))]
        : []),
    );
  }
  if (draft?.agents) table.show(draft.agents, draft.problems, contextOf(post));
  if (approveAfter !== null && post.ack >= approveAfter.seq) {
    const isSamePlan = approveAfter.at === post.review?.at;
    approveAfter = null;
    if (isSamePlan && draft && !approve.disabled && post.refused === null) sendApproval(draft.revision);
  }
}

function showDecision(post: PlanPost): void {
  const { draft, review } = post;
  const mayDecide = post.connected && post.phase === 'review' && review?.status !== 'approved';
  setVisible(decision, draft !== null && review !== null && review.status !== 'approved');
  launch.replaceChildren(...(post.change ? [planChange(post.change.lines)] : launchSummary(post)));
  const count = draft?.agents?.length ?? 0;
  setText(cancel, post.change ? l10n.t('Keep the Team Unchanged') : l10n.t('Cancel'));
  setText(
    approve,
    post.change?.label ??
      (count === 1 ? l10n.t('Approve and launch 1 agent') : l10n.t('Approve and launch {0} agents', count)),
  );
  approve.disabled = !mayDecide || draft?.launch == null || draft.incoming !== null;
  setVisible(undo, draft?.canUndo === true);
  setVisible(discard, draft?.edited === true);
  setVisible(compare, draft?.edited === true);
  setVisible(withEditsLabel, draft?.edited === true);
  sendBack.disabled = note.value.trim() === '' || !mayDecide;
}

/** Shows the problems that belong to no agent; the table shows the others. */
function showProblems(draft: PlanPostDraft | null): void {
  const problems = (draft?.problems ?? [])
    .map((problem, index) => ({ ...problem, index }))
    .filter(({ at }) => at.length === 0);
  const state = JSON.stringify(problems);
  if (state === listed) return;
  listed = state;
  setVisible(general, problems.length > 0);
  general.querySelector('ul')?.replaceChildren(...problems.map((problem) => problemItem(problem, true, actions, null)));
}

setVisible(general, false);
host.onPost(show);
host.send({ type: 'ready' });

/** Lists the changes that the approval makes in the running team, one line per agent. */
function planChange(lines: readonly string[]): HTMLElement {
  return h(
    'section',
    { 'aria-labelledby': 'h-change' },
    h('h2', { id: 'h-change' }, l10n.t('What changes')),
    h('ul', { class: 'change' }, ...lines.map((line) => h('li', {}, line))),
  );
}

import assert from 'node:assert/strict';
import { launchFacts } from '../../../../src/core/plan/launchSummary';
import { changeLabel, changeLines, diffPlan } from '../../../../src/core/plan/planDiff';
import { draftOf } from '../../../../src/core/plan/planDraft';
import type { ConversationPost, HistoryPost, MonitorPost } from '../../../../src/core/webviews/monitorProtocol';
import type { PlanPost } from '../../../../src/core/webviews/planReviewProtocol';
import { monitorPost } from '../../../../src/vscode/webviews/monitorModel';
import { samplePlan, sampleSnapshot } from '../../../support/vscode/fakeTeam';
import { inPseudo, pseudoBundle, untranslated } from '../../../support/vscode/pseudoLocale';
import { openPage, saidIn, scriptOf } from '../../../support/vscode/webviewPage';

const scripts = new Map<string, string>();

/** Returns all texts of a webview that begins with these posts, created like in VS Code. */
function saidBy(
  page: 'monitor' | 'planReview',
  posts: readonly object[],
  bundle?: Record<string, string>,
): readonly string[] {
  return saidIn(
    openPage({ language: 'de', script: scripts.get(page) ?? '', first: { at: Date.now(), posts, bundle } }).root,
  );
}

function monitorPosts(): readonly (MonitorPost | HistoryPost | ConversationPost)[] {
  const monitor = monitorPost(
    { snapshot: sampleSnapshot(), connected: false, missing: 'none', ready: true, error: null },
    1,
  );
  const series = { at: [0, 60_000], received: [1200, 2], p50: [1, null], p95: [2, null], depth: [1, 2] };
  return [
    monitor,
    {
      type: 'history',
      now: 1,
      stepMs: 60_000,
      series,
      timelines: monitor.agents.map(({ window }) => ({ window, letters: 'idsbxnf' })),
    },
  ];
}

function planPost(more: Partial<PlanPost> = {}): PlanPost {
  const { agents, plan } = draftOf(
    { agents: samplePlan.plan?.agents.map((agent) => ({ ...agent, host: 'far', worktree: true })) },
    { hosts: ['far'] },
  );
  const facts = plan && launchFacts(plan, 'claude', () => undefined);
  return {
    type: 'plan',
    review: { status: 'proposed', at: 1, attempt: 1, repaired: true },
    goal: 'a goal',
    phase: 'review',
    detail: '',
    connected: true,
    draft: {
      revision: 1,
      agents,
      problems: [],
      launch: facts && { ...facts, unattended: ['database'], memoryMb: 4000 },
      edited: true,
      canUndo: true,
      incoming: 'proposed',
    },
    unread: [],
    profiles: [{ name: 'claude', title: 'Claude Code' }],
    defaultProfile: 'claude',
    freeMb: 2000,
    ack: 0,
    refused: { field: 'role', value: 'x' },
    ...more,
  };
}

const NAMES = [
  'Mother',
  'Redis',
  'TACO',
  'JSON',
  'you',
  'GB MB',
  'default acceptEdits plan auto dontAsk bypassPermissions',
  'Claude Code CLI',
  'depends_on wait_for notifies',
  'opus',
  'goal',
  'claude',
  'cmd',
  'window',
];

describe('a webview in another language', () => {
  inPseudo();

  before(async () => {
    for (const page of ['monitor', 'planReview'] as const) scripts.set(page, await scriptOf(page));
  });

  it('translates the monitor: headings, columns, buttons, choices, empty places and ages', () => {
    const said = saidBy('monitor', monitorPosts(), pseudoBundle());
    assert.deepEqual(untranslated(said, [sampleSnapshot(), NAMES]), []);
    for (const text of [
      '⟦Recent activity⟧',
      '⟦Filter messages⟧',
      '⟦Last 3 hours⟧',
      '⟦Conversation⟧',
      '⟦Needs a decision⟧',
      '⟦No team is running here⟧',
      '⟦Redis does not answer. This is the last known state.⟧',
    ])
      assert.ok(said.includes(text), text);
    assert.ok(
      said.some((text) => text.includes('⟦needs you⟧ 14 %')),
      'the time lines',
    );
  });

  it('translates the plan review: effects of approval, the table, the notices', () => {
    for (const post of [
      planPost(),
      planPost({ draft: null, review: null }),
      planPost({
        draft: {
          ...planPost().draft!,
          incoming: 'approved',
          problems: [{ message: 'x', at: [], field: '', repairs: [] }],
        },
      }),
    ]) {
      assert.deepEqual(untranslated(saidBy('planReview', [post], pseudoBundle()), [samplePlan, planPost(), NAMES]), []);
    }
    const said = saidBy('planReview', [planPost()], pseudoBundle());
    for (const text of [
      '⟦Approve and launch 4 agents⟧',
      '⟦Approval will launch⟧',
      '⟦Role and task⟧',
      '⟦own worktree⟧',
      '⟦Edit database⟧',
      '⟦on the host far⟧',
    ])
      assert.ok(said.includes(text), text);
  });

  it('shows the changes that were prepared for a running team', () => {
    const change = diffPlan([], samplePlan.plan!);
    const said = saidBy(
      'planReview',
      [planPost({ change: { lines: changeLines(change), label: changeLabel(change) } })],
      pseudoBundle(),
    );
    assert.ok(said.includes('⟦What changes⟧') && said.includes('Approve change (4 added)'));
  });

  it('formats numbers in its language, and shows English without a translation', () => {
    assert.ok(saidBy('monitor', monitorPosts(), pseudoBundle()).includes('1.247'));
    const english = saidBy('monitor', monitorPosts());
    assert.ok(english.includes('1,247') && english.includes('Recent activity'));
  });
});

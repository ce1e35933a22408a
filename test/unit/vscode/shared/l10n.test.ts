import assert from 'node:assert/strict';
import * as l10n from '@vscode/l10n';
import { type AgentState, agentStateSchema } from '../../../../src/core/agents/agentState';
import { sumUsage } from '../../../../src/core/agents/usage';
import { english, render } from '../../../../src/core/base/localizedText';
import { errors } from '../../../../src/core/errors/errors';
import { TacoError } from '../../../../src/core/errors/tacoError';
import { HOLD_REASONS, MESSAGE_STATES } from '../../../../src/core/messages/messageState';
import { changeLines, diffPlan } from '../../../../src/core/plan/planDiff';
import { draftOf } from '../../../../src/core/plan/planDraft';
import { problemInWords } from '../../../../src/core/plan/planProblems';
import { problemSchema } from '../../../../src/core/plan/planReview';
import type { InputRequest } from '../../../../src/core/requests/inputRequest';
import { serviceHealthSchema } from '../../../../src/core/services/serviceRecord';
import { sessionPhaseSchema } from '../../../../src/core/team/session';
import type { Snapshot } from '../../../../src/core/team/snapshot';
import { fileDescription, fileSpoken, rootDescription, rootLabel } from '../../../../src/vscode/editor/changeRows';
import { toolResult } from '../../../../src/vscode/integrations/toolResults';
import { notificationText, combinedText, type Notification } from '../../../../src/vscode/notifications/notifications';
import { readPlanText } from '../../../../src/vscode/plan/planText';
import type { ProjectState } from '../../../../src/vscode/project/projectState';
import { requestLine, requestSentence } from '../../../../src/vscode/shared/inputRequestText';
import { pullRequestWord } from '../../../../src/vscode/shared/pullRequestLabel';
import { statusText } from '../../../../src/vscode/statusBar/statusText';
import { messageRows } from '../../../../src/vscode/trees/messageRows';
import { agentRows, serviceRows, type TreeRow } from '../../../../src/vscode/trees/treeRows';
import { exportMessages } from '../../../../src/vscode/webviews/messageExport';
import { monitorPost } from '../../../../src/vscode/webviews/monitorModel';
import { agent, message, samplePlan, sampleSnapshot } from '../../../support/vscode/fakeTeam';
import { inPseudo, untranslated } from '../../../support/vscode/pseudoLocale';

const request = (kind: InputRequest['kind'], tool = 'Bash', input = '{"command":"ls -l"}'): InputRequest => ({
  id: `need_${kind}`,
  window: 4,
  kind,
  tool,
  input,
  cut: false,
  choices: [],
  at: 1,
});
const requests = [
  request('permission'),
  request('question', 'AskUserQuestion', '{}'),
  request('plan', 'ExitPlanMode', '{"plan":"x"}'),
  request('dialog', '', 'Trust it?'),
];
const usage = { ...sumUsage([]), input: 1000, cost: 1, guessed: true };

/** A team in all states at once. */
const snapshot = (more: Partial<Snapshot> = {}): Snapshot =>
  sampleSnapshot({
    needs: requests,
    usage,
    agents: [
      ...agentStateSchema.options.map((state: AgentState, at) =>
        agent(at + 2, `a${at}`, state, { host: at % 2 ? 'far' : '', waiting: at, usage }),
      ),
      agent(0, 'mother', 'idle'),
    ],
    messages: [
      ...MESSAGE_STATES.map((state, at) => message(`m${at}`, 'USER', 3, 'hello', state)),
      ...HOLD_REASONS.map((reason, at) => message(`h${at}`, 'AGENT-2', 3, 'hello', 'held', reason)),
    ],
    services: serviceHealthSchema.options.map((health, at) => ({
      name: `s${at}`,
      port: 80,
      url: '',
      health,
      owner: at ? 'AGENT-2' : '',
      check: 'tcp',
      checkedAt: at,
    })),
    hosts: [{ name: 'far', machine: 'm', awaySince: 1 } as NonNullable<Snapshot['hosts']>[number]],
    plan: { ...samplePlan, status: 'proposed' },
    ...more,
  });
const stateOf = (of: Snapshot, connected = false): ProjectState => ({
  snapshot: of,
  connected,
  missing: 'none',
  error: null,
  ready: true,
});
/** The user's own texts, and names: the same in every language. */
const NAMES = [
  'hello',
  'Mother',
  'TACO',
  'far',
  'claude',
  'tmux',
  'Bash',
  'ls',
  'Trust it',
  'AGENT',
  'bell dot',
  'inbox sync check error debug disconnect',
  'mother of the team',
  'work',
  'Edit',
  'src',
  'Design the schema',
];

const textsOf = (row: TreeRow): readonly string[] => [
  row.label,
  row.description,
  row.spoken,
  ...row.tooltip.flat(),
  ...row.children.flatMap(textsOf),
];

describe('In another language', () => {
  inPseudo();

  it('the trees show everything in it: every state, reason, group, fact and age', () => {
    const rows = [...agentRows(snapshot(), () => true), ...messageRows(snapshot()), ...serviceRows(snapshot())];
    assert.deepEqual(untranslated(rows.flatMap(textsOf), NAMES), []);
    const spoken = rows.flatMap(textsOf).join('\n');
    for (const text of [
      '⟦needs you⟧ ⟦3m⟧',
      '⟦3 waiting⟧',
      '⟦on far (disconnected)⟧',
      '⟦muted⟧',
      '⟦held⟧: ⟦its host is disconnected⟧',
      '⟦failed⟧',
      '⟦Needs a decision⟧',
      '⟦degraded⟧',
      '⟦port 80⟧',
    ])
      assert.ok(spoken.includes(text), text);
  });

  it('the status bar shows it in every phase, and for each thing that waits for the user', () => {
    for (const phase of sessionPhaseSchema.options) {
      const status = statusText(stateOf(snapshot({ session: { ...sampleSnapshot().session!, phase } })));
      assert.deepEqual(untranslated([status?.text ?? '', status?.spoken ?? '', ...(status?.lines ?? [])], NAMES), []);
    }
    assert.ok(statusText(stateOf(snapshot()))?.lines.includes('⟦2 messages need a decision⟧'));
  });

  it("agents' requests and notifications are in it", () => {
    const who = agent(4, 'web', 'needs-input');
    const calls: readonly Notification[] = [
      ...requests.map((each): Notification => ({ kind: 'need', key: each.id, agent: who, request: each })),
      { kind: 'dialog', key: 'd', agent: who },
      { kind: 'plan', key: 'p', agent: null },
      {
        kind: 'message',
        projectId: 'abc',
        key: 'm',
        agent: who,
        message: message('x', 'AGENT-4', 0, 'hello', 'received'),
      },
    ];
    const change = diffPlan([], samplePlan.plan!);
    const state = stateOf(snapshot({ plan: { ...samplePlan, change } }));
    const texts = [
      ...requests.map((each) => requestLine(each, who, 80)),
      ...requests.map((each) => requestSentence(each, who)),
      ...calls.map((call) => notificationText(call, state).text),
      combinedText(calls, state).text,
    ];
    assert.deepEqual(untranslated(texts, [...NAMES, 'web', 'a2']), []);
    assert.ok(texts.includes('⟦web wants to use Bash⟧: ls -l'));
  });

  it('changes of files are in it', () => {
    const file = { path: 'src/a.ts', file: '/work/src/a.ts', basePath: 'src/b.ts', added: 1, removed: 2 } as const;
    const roots = [
      { agents: [agent(2, 'web', 'idle')], own: false, changes: { files: [] } },
      { agents: [agent(2, 'web', 'idle'), agent(3, 'api', 'idle')], own: false, changes: { files: [file] } },
    ] as unknown as Parameters<typeof rootDescription>[0][];
    const kinds = (['added', 'changed', 'deleted', 'renamed'] as const).flatMap((kind) => [
      fileDescription({ ...file, kind }),
      fileSpoken({ ...file, kind }),
    ]);
    assert.deepEqual(
      untranslated(
        [...roots.map((root) => rootDescription(root)), ...roots.map(rootLabel), ...kinds],
        [...NAMES, 'web', 'api', 'ts'],
      ),
      [],
    );
  });

  it('pull requests are in it', () => {
    const request = {
      number: 7,
      url: 'https://x',
      title: 't',
      branch: 'b',
      owner: 'o',
      commit: 'c',
      comments: 0,
      remarks: [],
    };
    const open = { ...request, state: 'open', review: 'none', checks: [] } as const;
    const verdicts = (['passed', 'failed', 'pending', 'unknown'] as const).map((verdict) => ({
      ...open,
      checks: [{ name: 'x', verdict }],
    }));
    const states = (['draft', 'closed', 'merged'] as const).map((state) => ({ ...open, state }));
    const reviews = (['approved', 'changes-requested'] as const).map((review) => ({ ...open, review }));
    const remarks = [1, 2].map((comments) => ({ ...open, comments }));
    const all = [open, ...verdicts, ...states, ...reviews, ...remarks];
    assert.deepEqual(untranslated(all.map(pullRequestWord), NAMES), []);
  });

  it('the monitor gets its texts in it', () => {
    const post = monitorPost(stateOf(snapshot()), 1);
    assert.equal(post.session?.phaseWord, '⟦running⟧');
    assert.deepEqual(
      post.services.map(({ healthWord }) => healthWord),
      serviceHealthSchema.options.map((health) => `⟦${health}⟧`),
    );
    assert.equal(post.messages[0]?.from, '⟦you⟧');
    assert.match(post.session?.cost ?? '', /^≈ ⟦⟦max \$1\.00⟧, 1\.0k in, 0 out⟧$/);
  });

  it('an error shows in it what failed and what can be done, and is itself English', () => {
    const error = errors.tmuxTooOld('2.6', '3.0');
    assert.deepEqual(error.localized(l10n.t), {
      message: '⟦tmux 2.6 is too old; TACO needs 3.0 or newer.⟧',
      hint: `⟦${error.hint}⟧`,
    });
    assert.equal(error.message, 'tmux 2.6 is too old; TACO needs 3.0 or newer.');
    assert.deepEqual(new TacoError('usage', 'as {0} wrote it', '').localized(l10n.t), {
      message: 'as {0} wrote it',
      hint: '',
    });
    assert.doesNotMatch(JSON.stringify(error), /[⟦⟧]/);
  });

  it("a plan's problems and quick fixes are in it, on the page and in the document; Mother, Redis and --json get English", () => {
    const broken = {
      agents: [
        { window: 0, name: 'a b', role: '', depends_on: ['none'] },
        { window: 3, name: 'api', role: 3, depends_on: ['webb', 'b'], wait_for: ['web'] },
        { window: 3, name: 'web', role: 'x', depends_on: ['api'] },
        7,
      ],
    };
    const problems = [...draftOf(broken).problems, ...draftOf([]).problems, ...readPlanText('{', 5).problems];
    assert.ok(problems.length > 8);
    const words = problems.flatMap((problem) => [
      problemInWords(problem, l10n.t),
      ...problem.repairs.map(({ title }) => render(title, l10n.t)),
    ]);
    assert.deepEqual(untranslated(words, broken), []);
    assert.ok(
      words.includes(
        '⟦api: "depends_on" names ⟦"webb" and "b"⟧, which are not agents of this plan. ⟦Available: a b, api, web.⟧⟧',
      ),
      words.join('\n'),
    );
    for (const problem of problems) {
      assert.equal(problemInWords(problem, english), problem.message);
      assert.doesNotMatch(JSON.stringify(problem), /[⟦⟧]|"text":.*"message"/);
    }
    const [first] = problems;
    assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(first)) as object).sort(), [
      'agents',
      'at',
      'code',
      'field',
      'message',
      'repairs',
    ]);
    assert.equal(problemInWords(problemSchema.parse(first), l10n.t), first?.message, 'one that comes from Redis');
  });

  it('files, models and agents still get English', () => {
    const english = [
      exportMessages(snapshot().messages, snapshot(), 'all', 'markdown'),
      exportMessages(snapshot().messages, snapshot(), 'all', 'json'),
      JSON.stringify(toolResult('taco_messages', snapshot(), {})),
      ...changeLines(diffPlan([], samplePlan.plan!)),
    ];
    for (const text of english) assert.doesNotMatch(text, /[⟦⟧]/);
  });
});

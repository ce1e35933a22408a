import assert from 'node:assert/strict';
import { newStep, type MergeJournal } from '../../../../src/core/proof/mergeJournal';
import type { Evidence } from '../../../../src/core/proof/proof';
import type { AgentView } from '../../../../src/core/team/snapshot';
import type { Worktree } from '../../../../src/environment/git/worktreeList';
import type { EditorParts } from '../../../../src/vscode/editor/commands';
import type * as Work from '../../../../src/vscode/work/workCommands';
import { windowProject, type WindowProject } from '../../../support/vscode/fakeProject';
import { agent, sampleSnapshot } from '../../../support/vscode/fakeTeam';
import { FakeVscode } from '../../../support/vscode/fakeVscode';
import { waitUntil } from '../../../support/waitUntil';

const HERE = { state: 'here', version: '', where: '', error: null } as const;
const LIMIT_MS = 30_000;
const RUN: Evidence = {
  at: 7,
  commit: 'a'.repeat(40),
  command: ['npm', 'test'],
  exitCode: 0,
  durationMs: 1200,
  verdict: 'proven',
  reason: '',
  log: '/log',
  uncommitted: [],
};
const TREE: Worktree = { name: 's/api', path: '/trees/s/api', branch: 'taco/s/api', keeps: '', ahead: 0 };

describe('A command on finished work', () => {
  const vscode = new FakeVscode();
  let back: () => void;
  let workHandlers: typeof Work.workHandlers;
  let window: WindowProject;
  let journal: MergeJournal | null;
  let runs: readonly Evidence[];
  let trees: readonly Worktree[];
  let removed: (readonly [string, boolean])[];
  let shown: (readonly [string, number])[];

  before(async () => {
    back = vscode.install();
    ({ workHandlers } = await import('../../../../src/vscode/work/workCommands'));
  });
  after(() => back());
  afterEach(() => {
    window.dispose();
    vscode.answers = false;
  });

  async function open(...agents: AgentView[]): Promise<ReturnType<typeof Work.workHandlers>> {
    [journal, runs, trees, removed, shown] = [null, [], [], [], []];
    for (const list of [vscode.said, vscode.asked, vscode.ran, vscode.lists]) list.length = 0;
    window = await windowProject(
      vscode,
      () => import('../../../../src/vscode/project/projectHost'),
      async () => [{ name: 'tmux', check: HERE }],
      sampleSnapshot({ agents: [agent(0, 'mother', 'idle'), ...agents] }),
    );
    await window.host.require().team();
    const records = {
      evidence: { of: async () => runs, runs: async () => runs.map(({ at }) => at), logOf: () => '/log' },
      worktrees: {
        list: async () => trees,
        remove: async ({ name }: Worktree, force: boolean) => {
          removed.push([name, force]);
          return { savedAs: force ? 'refs/taco/saved/x' : '', branchKept: '' };
        },
      },
      journal: async (ticket: string) => (journal?.ticket === ticket ? journal : null),
      checkOf: ({ name }: AgentView) => (name === 'free' ? null : ['npm', 'test']),
    };
    const deps = {
      ...window.deps,
      loadBackend: async () => ({ workRecords: () => records }),
      checks: { show: (_records: unknown, name: string, after: number) => shown.push([name, after]) },
    };
    return workHandlers(deps as unknown as Work.WorkDeps, {} as EditorParts);
  }
  const requests = () => window.teams.flatMap((team) => team.requests);
  const row = (at: number) => ({ subject: { window: at } });

  it('runs a check and shows its output, but not of an agent without one', async () => {
    const handlers = await open(agent(2, 'api', 'idle'), agent(3, 'free', 'idle'));
    runs = [RUN];
    await handlers['taco.runCheck'](row(2));
    assert.deepEqual([requests(), shown], [[{ kind: 'run-check', window: 2 }], [['api', 7]]]);
    await assert.rejects(async () => handlers['taco.runCheck'](row(3)), /free has no check/);
    assert.equal(requests().length, 1);
  });

  it('cancels only a check that runs', async () => {
    const handlers = await open(agent(2, 'api', 'idle', { proof: 'checking' }), agent(3, 'web', 'idle'));
    await handlers['taco.cancelCheck'](row(2));
    assert.deepEqual(requests(), [{ kind: 'cancel-check', window: 2 }]);
    await assert.rejects(async () => handlers['taco.cancelCheck'](row(3)), { code: 'usage' });
  });

  it('accepts work only after a question', async () => {
    const handlers = await open(agent(2, 'api', 'idle', { proof: 'red' }));
    await handlers['taco.acceptWork'](row(2));
    assert.deepEqual(requests(), []);
    vscode.answers = true;
    await handlers['taco.acceptWork'](row(2));
    assert.deepEqual(requests(), [{ kind: 'accept-work', window: 2 }]);
  });

  it('shows the runs of a check, and live output while one runs', async () => {
    const handlers = await open(
      agent(2, 'api', 'idle', { proof: 'proven' }),
      agent(3, 'web', 'idle', { proof: 'checking' }),
    );
    await handlers['taco.showEvidence'](row(2));
    assert.match(vscode.said.join(), /No check of .*api.* has run/);
    runs = [RUN];
    await handlers['taco.showEvidence'](row(2));
    const [entry] = vscode.lists[0] as readonly { readonly label: string; readonly detail: string }[];
    assert.match(`${entry?.label} ${entry?.detail}`, /passed npm test/);
    await handlers['taco.showEvidence'](row(3));
    assert.deepEqual(shown, [['web', 7]]);
  });

  it('merges proven work at one click, follows the run, and says how it ended', async () => {
    const handlers = await open(agent(2, 'api', 'idle', { proof: 'proven', done: true }));
    const end = handlers['taco.mergeWork'](row(2)) as Promise<void>;
    const [request] = await waitUntil(() => (requests().length > 0 ? requests() : null), LIMIT_MS, 'the request');
    assert.ok(request?.kind === 'merge');
    assert.deepEqual([request.agents, vscode.asked], [['api'], []]);
    const step = newStep({ agent: 'api', window: 2, branch: 'b', path: '/p' });
    const rest = { id: '1', ticket: request.ticket, at: 1, target: 'main', method: 'merge' as const, problem: '' };
    journal = { ...rest, endedAt: null, check: ['true'], steps: [{ ...step, state: 'checking' }] };
    await waitUntil(() => vscode.said.includes('api'), LIMIT_MS, 'the progress');
    journal = { ...rest, endedAt: 2, check: ['true'], steps: [{ ...step, state: 'merged' }] };
    await end;
    assert.equal(vscode.said.at(-1), 'api: merged into main.');
  });

  it('asks before it merges work that nothing proves, and refuses work that is not done', async () => {
    const handlers = await open(
      agent(2, 'api', 'idle', { proof: 'reported', done: true }),
      agent(3, 'web', 'idle', { proof: 'stale' }),
    );
    await handlers['taco.mergeWork'](row(2));
    assert.match(vscode.asked.join(), /Nothing proves the work of .*api/);
    await assert.rejects(async () => handlers['taco.mergeWork'](row(3)), /changed after its proof/);
    assert.deepEqual(requests(), []);
  });

  it('stops the agent before it removes its worktree, and saves what no branch has', async () => {
    const api = agent(2, 'api', 'idle', { workspace: TREE.path });
    const handlers = await open(api);
    trees = [{ ...TREE, keeps: 'has uncommitted changes' }];
    await handlers['taco.removeWorktree'](row(2));
    assert.deepEqual([requests(), removed], [[], []]);
    vscode.answers = true;
    const end = handlers['taco.removeWorktree'](row(2)) as Promise<void>;
    await waitUntil(() => requests().length > 0, LIMIT_MS, 'the request');
    assert.deepEqual([requests(), removed], [[{ kind: 'stop-agent', window: 2 }], []]);
    window.show(sampleSnapshot({ agents: [{ ...api, status: 'exited' }] }));
    await end;
    assert.deepEqual(removed, [['s/api', true]]);
    assert.match(vscode.said.at(-1) ?? '', /kept as refs\/taco\/saved\/x/);
  });
});

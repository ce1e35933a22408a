import assert from 'node:assert/strict';
import { errors } from '../../../../src/core/errors/errors';
import type { AgentView } from '../../../../src/core/team/snapshot';
import type { AgentPullRequest, PreparedPullRequest } from '../../../../src/team/work/pullRequests';
import type { EditorParts } from '../../../../src/vscode/editor/commands';
import type * as States from '../../../../src/vscode/editor/pullRequestStates';
import type * as Work from '../../../../src/vscode/work/workCommands';
import { silentLogger } from '../../../support/loggers';
import { windowProject, type WindowProject } from '../../../support/vscode/fakeProject';
import { agent, sampleSnapshot } from '../../../support/vscode/fakeTeam';
import { FakeVscode } from '../../../support/vscode/fakeVscode';
import { waitUntil } from '../../../support/waitUntil';

const HERE = { state: 'here', version: '', where: '', error: null } as const;
const LIMIT_MS = 60_000;

/** The pull requests are a mock: what git and `gh` do is tested with the real git and a stand-in for `gh`. */
describe('The command Open Pull Request', () => {
  const vscode = new FakeVscode();
  let back: () => void;
  let workHandlers: typeof Work.workHandlers;
  let PullRequestStates: typeof States.PullRequestStates;
  let window: WindowProject;
  let states: States.PullRequestStates;
  let opened: (readonly [string, boolean])[];
  let asked: (readonly string[])[];
  let known: readonly AgentPullRequest[];
  let loggedIn: boolean;

  before(async () => {
    back = vscode.install();
    ({ workHandlers } = await import('../../../../src/vscode/work/workCommands'));
    ({ PullRequestStates } = await import('../../../../src/vscode/editor/pullRequestStates'));
  });
  after(() => back());
  afterEach(() => {
    states.dispose();
    window.dispose();
    vscode.answers = false;
  });

  const prepared = (name: string): PreparedPullRequest => ({
    agent: name,
    folder: '/w',
    branch: `taco/s/${name}`,
    base: 'main',
    commit: 'a'.repeat(40),
    commits: [{ hash: 'b'.repeat(40), subject: 'Tidy', closesIssue: true }],
    target: { remote: 'origin', urls: ['https://github.com/o/r'], owner: 'o' },
    title: 'Add the login',
    body: '## Task',
  });
  const row = (at: number) => ({ subject: { window: at } });

  async function open(...agents: AgentView[]): Promise<ReturnType<typeof Work.workHandlers>> {
    [opened, asked, known, loggedIn] = [[], [], [], true];
    for (const list of [vscode.said, vscode.asked, vscode.lists]) list.length = 0;
    window = await windowProject(
      vscode,
      () => import('../../../../src/vscode/project/projectHost'),
      async () => [{ name: 'tmux', check: HERE }],
      sampleSnapshot({ agents: [agent(0, 'mother', 'idle'), ...agents] }),
    );
    await window.host.require().team();
    const pullRequests = {
      prepare: async ({ name }: AgentView) => {
        if (name === 'dirty') throw errors.pullRequestRefused('Work of dirty is not committed: x.', 'Ask the agent.');
        return prepared(name);
      },
      open: async ({ agent: name }: PreparedPullRequest, draft: boolean) => {
        if (!loggedIn) throw errors.ghNotLoggedIn();
        opened.push([name, draft]);
        return { agent: name, branch: 'b', commit: 'c', url: `https://github.com/o/r/pull/${name}`, isNew: true };
      },
      status: async (all: readonly AgentView[]) => {
        asked.push(all.map(({ name }) => name));
        return known;
      },
    };
    const loadBackend = (async () => ({
      workRecords: () => ({ pullRequests }),
    })) as unknown as Work.WorkDeps['loadBackend'];
    states = new PullRequestStates(window.host, loadBackend, silentLogger);
    const deps = { ...window.deps, loadBackend } as unknown as Work.WorkDeps;
    return workHandlers(deps, { pullRequests: states } as unknown as EditorParts);
  }

  it('pushes and sends nothing until the user agrees', async () => {
    const handlers = await open(agent(2, 'api', 'idle', { proof: 'proven' }));
    await handlers['taco.openPullRequest'](row(2));
    assert.match(vscode.asked.join(), /Push the work of api and open a pull request\?/);
    assert.deepEqual([opened, asked], [[], []]);
  });

  it('opens it at one click, says where, and asks GitHub for its state', async () => {
    const handlers = await open(agent(2, 'api', 'idle', { proof: 'proven' }));
    vscode.answers = true;
    await handlers['taco.openPullRequest'](row(2));
    assert.deepEqual([opened, asked], [[['api', false]], [['api']]]);
    assert.equal(vscode.said.at(-1), 'api: the pull request is open: https://github.com/o/r/pull/api');
  });

  it('refuses work that is not committed before it asks', async () => {
    const handlers = await open(agent(2, 'dirty', 'idle'));
    await assert.rejects(async () => handlers['taco.openPullRequest'](row(2)), /not committed/);
    assert.deepEqual([vscode.asked, opened], [[], []]);
  });

  it('reports a missing login as an error', async () => {
    const handlers = await open(agent(2, 'api', 'idle'));
    [vscode.answers, loggedIn] = [true, false];
    await assert.rejects(async () => handlers['taco.openPullRequest'](row(2)), { code: 'gh-not-logged-in' });
  });

  it('offers no agent on another host', async () => {
    const handlers = await open(agent(2, 'far', 'idle', { host: 'build' }));
    await assert.rejects(async () => handlers['taco.openPullRequest'](row(2)), { code: 'usage' });
  });

  it('shows the state of pull requests only after the user asked, and forgets it with the session', async () => {
    const api = agent(2, 'api', 'idle');
    const handlers = await open(api);
    assert.deepEqual([asked, states.of(api)], [[], undefined]);
    const pullRequest = {
      number: 7,
      url: 'https://github.com/o/r/pull/7',
      title: 't',
      state: 'open',
      branch: 'taco/s/api',
      owner: 'o',
      commit: 'c',
      review: 'none',
      checks: [],
      comments: 0,
      remarks: [],
    } as const;
    known = [{ agent: 'api', branch: 'taco/s/api', pullRequest }];
    let changes = 0;
    states.onChange(() => (changes += 1));
    await Promise.all([
      handlers['taco.refreshPullRequests'](undefined),
      handlers['taco.refreshPullRequests'](undefined),
    ]);
    assert.deepEqual([asked, states.of(api)?.number, changes], [[['api']], 7, 1]);
    const { session } = sampleSnapshot({});
    window.show(sampleSnapshot({ agents: [api], session: { ...session!, started_at: '2027-01-01T00:00:00.000Z' } }));
    await waitUntil(() => states.of(api) === undefined, LIMIT_MS, 'the new session');
    assert.equal(changes, 2);
  });

  it('asks GitHub for a visible view only where the user lets TACO watch, and once within a minute', async () => {
    await open(agent(2, 'api', 'idle'));
    states.retain().dispose();
    assert.deepEqual(asked, []);
    vscode.settings.set('taco.pullRequests', 'watch');
    try {
      states.retain().dispose();
      await waitUntil(() => asked.length > 0, LIMIT_MS, 'the request');
      states.retain().dispose();
      assert.equal(asked.length, 1);
    } finally {
      vscode.settings.delete('taco.pullRequests');
    }
  });
});

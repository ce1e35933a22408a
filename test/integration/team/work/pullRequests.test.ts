import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { agentRecordSchema, type AgentRecord } from '../../../../src/core/agents/agentRecord';
import type { Evidence } from '../../../../src/core/proof/proof';
import { EvidenceStore } from '../../../../src/environment/checks/evidenceStore';
import { PullRequests } from '../../../../src/team/work/pullRequests';
import { GitProject, refused } from '../../../support/gitProject';
import { StandInGh } from '../../../support/standInGh';

describe('the pull request of an agent', function () {
  this.timeout(60_000);
  let project: GitProject;
  let gh: StandInGh;
  let remote: string;
  let folder: string;

  beforeEach(async () => {
    project = new GitProject();
    gh = new StandInGh(project.dir);
    remote = bare('octo');
    project.git(project.project, 'remote', 'add', 'origin', remote);
    folder = await project.withWork('api');
  });
  afterEach(() => project.close());

  /** Makes an empty repository of this owner, in place of one on GitHub. */
  function bare(owner: string): string {
    const path = join(project.dir, owner, 'app.git');
    mkdirSync(path, { recursive: true });
    project.git(path, 'init', '-q', '--bare', '-b', 'main');
    return path;
  }
  const evidence = (): EvidenceStore => new EvidenceStore(join(project.dir, 'evidence'));
  const requests = (env: Readonly<Record<string, string>> = {}): PullRequests =>
    new PullRequests(project.project, project.worktrees, evidence(), {
      ...project.env,
      PATH: `${gh.bin}${delimiter}${project.env['PATH'] ?? ''}`,
      ...env,
    });
  const record = (rest: Partial<AgentRecord> = {}): AgentRecord =>
    agentRecordSchema.parse({
      window: 2,
      name: 'api',
      role: 'the server',
      status: 'idle',
      workspace: folder,
      profile: 'scripted',
      spec: JSON.stringify({ window: 2, name: 'api', role: 'the server', task: 'Add the login.' }),
      ...rest,
    });
  const pushed = (path = remote): string =>
    project.git(path, 'for-each-ref', '--format=%(refname) %(objectname)').replace(/^refs\//gm, '');
  const head = (): string => project.git(folder, 'rev-parse', 'HEAD');
  const run = (rest: Partial<Evidence> = {}): Evidence => ({
    at: 1,
    commit: head(),
    command: ['npm', 'test'],
    exitCode: 0,
    durationMs: 1000,
    verdict: 'proven',
    reason: '',
    log: '',
    uncommitted: [],
    ...rest,
  });

  it('sends nothing while it is prepared', async () => {
    const prepared = await requests().prepare(record());
    assert.equal(prepared.branch, 'taco/team/api');
    assert.equal(prepared.base, 'main');
    assert.equal(prepared.commit, head());
    assert.deepEqual(prepared.target.urls, [remote]);
    assert.equal(prepared.title, 'b.txt');
    assert.deepEqual(gh.calls, []);
    assert.equal(pushed(), '');
  });

  it('has the pushed branch, the task and the evidence', async () => {
    await evidence().keep('api', run());
    const own = requests({ GH_REPO: 'other/repo' });
    const opened = await own.open(await own.prepare(record()), true);
    assert.deepEqual(opened, {
      agent: 'api',
      branch: 'taco/team/api',
      commit: head(),
      url: 'https://github.com/octo/app/pull/1',
      isNew: true,
    });
    assert.equal(pushed(), `heads/taco/team/api ${head()}`);
    const [pull] = gh.state.pulls;
    assert.equal(pull?.baseRefName, 'main');
    assert.equal(pull.isDraft, true);
    assert.match(pull.body, /Add the login\./);
    assert.match(pull.body, new RegExp(`passed on ${head().slice(0, 10)}`));
    assert.deepEqual(
      gh.calls.filter(({ attended }) => attended),
      [],
    );
  });

  it('gets only the new commits when it is open already', async () => {
    const own = requests();
    const first = await own.open(await own.prepare(record()), false);
    project.commit(folder, 'c.txt', 'more');
    const second = await own.open(await own.prepare(record()), false);
    assert.equal(second.url, first.url);
    assert.equal(second.isNew, false);
    assert.equal(pushed(), `heads/taco/team/api ${head()}`);
    assert.equal(gh.state.pulls.length, 1);
  });

  it('is not taken for that of a stranger with a branch of the same name', async () => {
    const own = requests();
    await own.open(await own.prepare(record()), false);
    const [pull] = gh.state.pulls;
    gh.set({ pulls: [{ ...pull!, headRepositoryOwner: { id: 'U_2', login: 'stranger' } }] });
    assert.equal((await own.open(await own.prepare(record()), false)).isNew, true);
  });

  it('names the owner of a fork', async () => {
    project.git(project.project, 'remote', 'add', 'fork', bare('me'));
    project.git(project.project, 'config', 'remote.pushDefault', 'fork');
    const own = requests();
    await own.open(await own.prepare(record()), false);
    assert.ok(gh.calls.some(({ args }) => args.includes('--head=me:taco/team/api')));
    assert.equal(pushed(), '');
    assert.equal(pushed(join(project.dir, 'me', 'app.git')), `heads/taco/team/api ${head()}`);
  });

  it('pushes neither tags nor other branches, whatever the settings of git are', async () => {
    project.git(folder, 'tag', '-a', '-m', 'v1', 'v1');
    project.git(project.project, 'config', 'push.followTags', 'true');
    project.git(project.project, 'config', 'push.default', 'matching');
    const own = requests();
    await own.open(await own.prepare(record()), false);
    assert.equal(pushed(), `heads/taco/team/api ${head()}`);
  });

  it('never overwrites a branch that has other commits', async () => {
    const own = requests();
    await own.open(await own.prepare(record()), false);
    const before = pushed();
    project.git(folder, 'commit', '-q', '--amend', '-m', 'rewritten');
    project.git(project.project, 'config', 'remote.origin.push', '+refs/heads/*:refs/heads/*');
    await assert.rejects(
      own.prepare(record()).then((prepared) => own.open(prepared, false)),
      refused('pull-request-refused', /Cannot push taco\/team\/api: .*rejected/s),
    );
    assert.equal(pushed(), before);
  });

  it('is refused while work is not committed', async () => {
    project.write(folder, 'new.txt', 'x');
    await assert.rejects(requests().prepare(record()), refused('pull-request-refused', /not committed: new\.txt/));
    await evidence().keep('api', run({ uncommitted: ['new.txt'] }));
    assert.equal((await requests().prepare(record())).commit, head());
    project.write(folder, 'b.txt', 'changed');
    await assert.rejects(requests().prepare(record()), refused('pull-request-refused', /not committed: b\.txt/));
  });

  it('is refused for a branch that TACO did not make', async () => {
    project.git(folder, 'switch', '-q', '-c', 'production');
    await assert.rejects(requests().prepare(record()), refused('pull-request-refused', /the branch production/));
    project.git(folder, 'switch', '-q', '--detach');
    await assert.rejects(requests().prepare(record()), refused('pull-request-refused', /on no branch/));
  });

  it('is refused for the target itself', async () => {
    gh.set({ defaultBranch: 'taco/team/api' });
    const own = requests();
    await assert.rejects(
      own.prepare(record()).then((prepared) => own.open(prepared, false)),
      refused('pull-request-refused', /the target itself/),
    );
    assert.equal(pushed(), '');
  });

  it('is refused without new commits, a worktree, a remote or a target', async () => {
    const { folder: empty } = await project.worktrees.add('team', 'idle');
    const check = (agent: AgentRecord, words: RegExp): Promise<void> =>
      assert.rejects(requests().prepare(agent), refused('pull-request-refused', words));
    await check(record({ name: 'idle', workspace: empty }), /no commit that main lacks/);
    await check(record({ workspace: project.project }), /has no worktree/);
    await check(record({ host: 'build' }), /works on the host build/);
    project.git(project.project, 'remote', 'rename', 'origin', 'one');
    project.git(project.project, 'remote', 'add', 'two', remote);
    await check(record(), /remotes are one, two/);
    project.git(project.project, 'remote', 'remove', 'one');
    project.git(project.project, 'remote', 'remove', 'two');
    await check(record(), /no remote/);
    project.git(project.project, 'switch', '-q', '--detach');
    await check(record(), /on no branch/);
  });

  it('pushes nothing where gh is missing, not logged in or knows no repository', async () => {
    const own = requests();
    const prepared = await own.prepare(record());
    gh.set({ loggedIn: false });
    await assert.rejects(own.open(prepared, false), refused('gh-not-logged-in', /gh auth login/));
    gh.set({ loggedIn: true, repository: null });
    await assert.rejects(own.open(prepared, false), refused('pull-request-refused', /known GitHub host/));
    const empty = join(project.dir, 'empty');
    mkdirSync(empty);
    await assert.rejects(requests({ PATH: empty }).open(prepared, false), refused('gh-missing', /not installed/));
    assert.equal(pushed(), '');
  });

  it('names a commit whose message closes an issue', async () => {
    project.git(folder, 'commit', '-q', '--allow-empty', '-m', 'Tidy\n\nFixes #12');
    const { commits } = await requests().prepare(record());
    assert.deepEqual(
      commits.map(({ subject, closesIssue }) => [subject, closesIssue]),
      [
        ['Tidy', true],
        ['b.txt', false],
      ],
    );
  });

  it('is shown with its state by one request for all agents', async () => {
    const own = requests();
    await own.open(await own.prepare(record()), false);
    const other = record({ window: 3, name: 'web', workspace: (await project.worktrees.add('team', 'web')).folder });
    const before = gh.calls.length;
    const found = await own.status([record(), other, record({ window: 4, workspace: project.project })]);
    assert.equal(gh.calls.length, before + 1);
    assert.deepEqual(
      found.map(({ agent, branch, pullRequest }) => [agent, branch, pullRequest?.state]),
      [
        ['api', 'taco/team/api', 'open'],
        ['web', 'taco/team/web', undefined],
      ],
    );
  });

  it('costs no request while no agent has a branch', async () => {
    assert.deepEqual(await requests().status([record({ workspace: project.project })]), []);
    assert.deepEqual(gh.calls, []);
  });
});

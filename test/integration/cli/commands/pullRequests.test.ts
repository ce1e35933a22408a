import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Worktrees } from '../../../../src/environment/git/worktrees';
import { StandInGh } from '../../../support/standInGh';
import { CliProject, taco, type Ran } from '../../../support/tacoCommand';

interface OpenJson {
  readonly opened: readonly { readonly agent: string; readonly url: string; readonly warnings: readonly string[] }[];
  readonly refused: readonly { readonly agent: string; readonly message: string }[];
}

describe('taco pr', function () {
  this.timeout(300_000);
  let project: CliProject;
  let gh: StandInGh;
  let remote: string;
  let env: Record<string, string>;

  before(async () => {
    project = await CliProject.start();
    const { home } = project.server.paths;
    gh = new StandInGh(home);
    env = {
      PATH: `${gh.bin}${delimiter}${process.env['PATH'] ?? ''}`,
      HOME: home,
      TACO_HOME: home,
      GIT_AUTHOR_NAME: 'T',
      GIT_AUTHOR_EMAIL: 't@localhost',
      GIT_COMMITTER_NAME: 'T',
      GIT_COMMITTER_EMAIL: 't@localhost',
    };
    remote = join(home, 'octo', 'app.git');
    mkdirSync(remote, { recursive: true });
    git(remote, 'init', '-q', '--bare', '-b', 'main');
    git(project.dir, 'init', '-q', '-b', 'main');
    git(project.dir, 'commit', '-q', '--allow-empty', '-m', 'begin');
    git(project.dir, 'remote', 'add', 'origin', remote);
    const worktrees = new Worktrees(project.dir, project.server.paths.worktreesDir(project.keys.projectId), env);
    for (const [window, name, proof] of [
      [2, 'backend', 'proven'],
      [3, 'frontend', 'proven'],
    ] as const) {
      const { folder } = await worktrees.add('team', name);
      writeFileSync(join(folder, `${name}.txt`), name);
      git(folder, 'add', '--all');
      git(folder, 'commit', '-q', '-m', `Add ${name}`);
      if (name === 'frontend') writeFileSync(join(folder, 'left.txt'), 'not committed');
      await project.store.setAgent(window, { workspace: folder, proof });
    }
  });
  after(() => project.close());

  function git(cwd: string, ...args: readonly string[]): string {
    return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  }
  const pr = (...args: readonly string[]): Promise<Ran> => taco(['pr', ...args], { cwd: project.dir, env });
  const branches = (): string => git(remote, 'for-each-ref', '--format=%(refname:lstrip=2)');

  it('shows what would be pushed and sent, and does neither', async () => {
    const { code, stdout } = await pr('open', 'backend', '--dry-run');
    assert.equal(code, 0);
    assert.match(stdout, /backend: would push [0-9a-f]{10} as taco\/team\/backend to origin/);
    assert.match(stdout, /Add backend\n\n## Task/);
    assert.equal(branches(), '');
    assert.deepEqual(gh.calls, []);
  });

  it('refuses both an agent and --all, and neither', async () => {
    assert.equal((await pr('open')).code, 2);
    assert.equal((await pr('open', 'backend', '--all')).code, 2);
    assert.match((await pr('open', 'mother')).stderr, /No agent named "mother"/);
  });

  it('refuses work that is not committed', async () => {
    const { code, stderr } = await pr('open', 'frontend');
    assert.equal(code, 1);
    assert.match(stderr, /Work of frontend is not committed: left\.txt/);
    assert.equal(branches(), '');
  });

  it('says once how to log in', async () => {
    gh.set({ loggedIn: false });
    const { code, stderr } = await pr('open', '--all');
    gh.set({ loggedIn: true });
    assert.equal(code, 1);
    assert.match(stderr, /not logged in\.[^]*gh auth login/);
    assert.equal(branches(), '');
  });

  it('opens one for each proven agent, and names those that are refused', async () => {
    const ran = await pr('open', '--all', '--draft', '--json');
    assert.equal(ran.code, 1);
    const { opened, refused } = ran.json<OpenJson>();
    assert.deepEqual(
      opened.map(({ agent, url }) => [agent, url]),
      [['backend', 'https://github.com/octo/app/pull/1']],
    );
    assert.deepEqual(
      refused.map(({ agent }) => agent),
      ['frontend'],
    );
    assert.equal(branches(), 'taco/team/backend');
    assert.equal(gh.state.pulls[0]?.isDraft, true);
  });

  it('shows state, checks, review and comments', async () => {
    const [pull] = gh.state.pulls;
    gh.set({
      pulls: [
        {
          ...pull!,
          isDraft: false,
          reviewDecision: 'CHANGES_REQUESTED',
          comments: [{ id: 'IC_1', author: { login: 'octocat' }, body: 'Why?' }],
          statusCheckRollup: [
            { __typename: 'CheckRun', name: 'lint', status: 'COMPLETED', conclusion: 'SUCCESS' },
            { __typename: 'CheckRun', name: 'build', status: 'COMPLETED', conclusion: 'FAILURE' },
          ],
        },
      ],
    });
    const { stdout, code } = await pr('status');
    assert.equal(code, 0);
    assert.match(
      stdout,
      /backend +taco\/team\/backend +open +failed: build +changes-requested +1 +https:\/\/github\.com\/octo\/app\/pull\/1/,
    );
    assert.match(stdout, /frontend +taco\/team\/frontend +none/);
    const { pullRequests } = (await pr('status', '--json')).json<{ pullRequests: { pullRequest: unknown }[] }>();
    assert.equal(pullRequests.length, 2);
    assert.equal(pullRequests[1]?.pullRequest, null);
  });
});

import assert from 'node:assert/strict';
import { parsePullRequests } from '../../../../src/core/proof/parsePullRequests';
import { pullRequestOf, verdictOf, type PullRequest } from '../../../../src/core/proof/pullRequest';

/** One entry in the form that `gh pr list --json` documents. */
const entry = (rest: Record<string, unknown> = {}): Record<string, unknown> => ({
  number: 7,
  url: 'https://github.com/o/r/pull/7',
  title: 'Add the login',
  state: 'OPEN',
  isDraft: false,
  headRepositoryOwner: { id: 'U_1', login: 'o' },
  headRefName: 'taco/s/api',
  headRefOid: 'a'.repeat(40),
  reviewDecision: 'REVIEW_REQUIRED',
  statusCheckRollup: [
    {
      __typename: 'CheckRun',
      name: 'build',
      workflowName: 'CI',
      status: 'COMPLETED',
      conclusion: 'SUCCESS',
      startedAt: '2026-01-01T00:00:00Z',
      completedAt: '2026-01-01T00:01:00Z',
      detailsUrl: 'https://github.com/o/r/actions/1',
    },
    { __typename: 'StatusContext', context: 'deploy', state: 'PENDING', targetUrl: '' },
  ],
  comments: [
    {
      id: 'IC_1',
      author: { login: 'octocat' },
      authorAssociation: 'MEMBER',
      body: 'Why?',
      createdAt: '2026-01-01T00:00:00Z',
    },
  ],
  reviews: [
    {
      id: 'PRR_1',
      author: { login: 'octocat' },
      authorAssociation: 'NONE',
      body: '',
      state: 'COMMENTED',
      submittedAt: null,
    },
  ],
  ...rest,
});
const parse = (...entries: unknown[]): readonly PullRequest[] => parsePullRequests(JSON.stringify(entries)) ?? [];

describe('the pull requests that gh prints', () => {
  it('are read with their checks, reviews and comments', () => {
    const [one] = parse(entry());
    assert.deepEqual(one, {
      number: 7,
      url: 'https://github.com/o/r/pull/7',
      title: 'Add the login',
      state: 'open',
      branch: 'taco/s/api',
      owner: 'o',
      commit: 'a'.repeat(40),
      review: 'none',
      checks: [
        { name: 'build', verdict: 'passed' },
        { name: 'deploy', verdict: 'pending' },
      ],
      comments: 2,
      remarks: [
        { id: 'IC_1', author: 'octocat', text: 'Why?', isTrusted: true },
        { id: 'PRR_1', author: 'octocat', text: '', isTrusted: false },
      ],
    });
  });

  it('have one verdict: failed before pending before unknown before passed', () => {
    const run = (conclusion: string, status = 'COMPLETED') => ({
      __typename: 'CheckRun',
      name: 'x',
      status,
      conclusion,
    });
    const verdict = (...statusCheckRollup: unknown[]) => verdictOf(parse(entry({ statusCheckRollup }))[0]!);
    assert.equal(verdict(), null);
    assert.equal(verdict(run('SUCCESS'), run('SKIPPED'), run('NEUTRAL')), 'passed');
    assert.equal(verdict(run('SUCCESS'), run('', 'IN_PROGRESS')), 'pending');
    assert.equal(verdict(run('', 'QUEUED'), run('FAILURE')), 'failed');
    assert.equal(verdict(run('SUCCESS'), run('SOMETHING_NEW')), 'unknown');
    assert.equal(verdict(run('SUCCESS'), 'damaged'), 'unknown');
    assert.equal(verdict({ __typename: 'StatusContext', context: 'x', state: 'ERROR' }), 'failed');
  });

  it('are left out one by one where they are damaged', () => {
    assert.equal(parsePullRequests('gh: error'), null);
    assert.equal(parsePullRequests('{}'), null);
    assert.equal(parse(null, 5, entry({ url: 'javascript:alert(1)' }), entry({ number: 0 }), entry()).length, 1);
  });

  it('have one safe line as title', () => {
    assert.equal(parse(entry({ title: 'a\u001b[31m\nb' }))[0]?.title, 'a ⏎ b');
  });

  it('belong to a branch: the open one, else the newest', () => {
    const all = parse(
      entry({ number: 9, state: 'CLOSED' }),
      entry({ number: 5, state: 'OPEN', isDraft: true }),
      entry({ number: 8, headRefName: 'other', state: 'MERGED' }),
      entry({ number: 6, headRefName: 'other', state: 'CLOSED' }),
    );
    assert.equal(pullRequestOf(all, 'taco/s/api')?.number, 5);
    assert.equal(pullRequestOf(all, 'taco/s/api')?.state, 'draft');
    assert.equal(pullRequestOf(all, 'other')?.state, 'merged');
    assert.equal(pullRequestOf(all, 'none'), undefined);
  });
});

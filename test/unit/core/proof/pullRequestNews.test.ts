import assert from 'node:assert/strict';
import type { CheckVerdict, PullRequestRemark } from '../../../../src/core/proof/pullRequest';
import { newsOf } from '../../../../src/core/proof/pullRequestNews';
import { pullRequest as request } from '../../../support/pullRequestBuilder';

const checks = (...verdicts: CheckVerdict[]) => verdicts.map((verdict, at) => ({ name: `c${at}`, verdict }));
const remark = (rest: Partial<PullRequestRemark> = {}): PullRequestRemark => ({
  id: 'IC_1',
  author: 'octocat',
  text: 'Use a constant.',
  isTrusted: true,
  ...rest,
});

describe('the news of a pull request', () => {
  it('are its failed checks, once for each commit and only when none runs any more', () => {
    assert.deepEqual(newsOf(request({ checks: checks('passed', 'passed') })), []);
    assert.deepEqual(newsOf(request({ checks: checks('failed', 'pending') })), []);
    const [one, more] = newsOf(request({ checks: checks('failed', 'passed', 'failed') }));
    assert.match(one?.text ?? '', /pull\/7 failed on aaaaaaaaaa: c0, c2\./);
    assert.equal(more, undefined);
    const [again] = newsOf(request({ checks: checks('failed', 'failed') }));
    assert.equal(again?.id, one?.id);
    const [next] = newsOf(request({ checks: checks('failed'), commit: 'b'.repeat(40) }));
    assert.notEqual(next?.id, one?.id);
  });

  it('are the words of users who may write to the repository, and of nobody else', () => {
    const remarks = [remark(), remark({ id: 'IC_2', isTrusted: false }), remark({ id: 'PRR_1', text: '' })];
    assert.deepEqual(
      newsOf(request({ remarks })).map(({ id, text }) => [id, text.split('\n').at(-1)]),
      [
        ['remark:IC_1', 'Use a constant.'],
        ['remark:PRR_1', '(no text; the lines are on that page)'],
      ],
    );
  });

  it('are none once it is closed or merged', () => {
    for (const state of ['closed', 'merged'] as const)
      assert.deepEqual(newsOf(request({ state, checks: checks('failed'), remarks: [remark()] })), []);
  });
});

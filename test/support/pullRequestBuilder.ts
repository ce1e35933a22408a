import type { PullRequest } from '../../src/core/proof/pullRequest';

/** Returns an open pull request of the agent `api` without checks, reviews and comments. */
export function pullRequest(rest: Partial<PullRequest> = {}): PullRequest {
  return {
    number: 7,
    url: 'https://github.com/o/r/pull/7',
    title: 'Add the login',
    state: 'open',
    branch: 'taco/s/api',
    owner: 'o',
    commit: 'a'.repeat(40),
    review: 'none',
    checks: [],
    comments: 0,
    remarks: [],
    ...rest,
  };
}

/** Messages to the author of a pull request: failed checks, and the words of reviewers. Pure. */
import { verdictOf, type PullRequest } from './pullRequest';

export interface PullRequestNews {
  /** The same for the same event at every check. */
  readonly id: string;
  readonly text: string;
}

/**
 * Returns the news of an open pull request; none of one that is over. Failed checks are one piece of news for each
 * commit, once no check runs any more. Only the words of users who may write to the repository count: a stranger's
 * comment must not instruct an agent.
 */
export function newsOf(request: PullRequest): readonly PullRequestNews[] {
  const { state, url, commit, checks, remarks } = request;
  if (state !== 'open' && state !== 'draft') return [];
  const failed = checks.filter(({ verdict }) => verdict === 'failed').map(({ name }) => name);
  const isOver = verdictOf(request) === 'failed' && !checks.some(({ verdict }) => verdict === 'pending');
  return [
    ...(isOver
      ? [
          {
            id: `red:${url}:${commit}`,
            text: `These checks of your pull request ${url} failed on ${commit.slice(0, 10)}: ${failed.join(', ')}. See why with \`gh pr checks ${request.number}\`, fix it, commit, and run taco done again. The user pushes it.`,
          },
        ]
      : []),
    ...remarks
      .filter(({ isTrusted }) => isTrusted)
      .map(({ id, author, text }) => ({
        id: `remark:${id}`,
        text: `${author} commented on your pull request ${url}:\n${text || '(no text; the lines are on that page)'}`,
      })),
  ];
}

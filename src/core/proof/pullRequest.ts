/** Pull requests of agents. No zod here: VS Code's views use it. */

export type CheckVerdict = 'passed' | 'failed' | 'pending' | 'unknown';

export interface PullRequestCheck {
  readonly name: string;
  readonly verdict: CheckVerdict;
}

export interface PullRequest {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly state: 'open' | 'draft' | 'closed' | 'merged';
  /** Without `refs/heads/`. */
  readonly branch: string;
  /** The owner of the repository with the branch; empty when that was deleted. */
  readonly owner: string;
  /** The commit that GitHub has, full hash. */
  readonly commit: string;
  readonly review: 'approved' | 'changes-requested' | 'none';
  readonly checks: readonly PullRequestCheck[];
  /** Comments, and reviews that were sent. */
  readonly comments: number;
  readonly remarks: readonly PullRequestRemark[];
}

/** A comment, or a review that asks for something. */
export interface PullRequestRemark {
  readonly id: string;
  /** Login at GitHub. */
  readonly author: string;
  /** Empty for a review with comments on lines only. */
  readonly text: string;
  /** True: its author may write to the repository. */
  readonly isTrusted: boolean;
}

/** Returns the pull request of a branch: the open one, else the newest; undefined without one. */
export function pullRequestOf(all: readonly PullRequest[], branch: string): PullRequest | undefined {
  const own = all.filter((each) => each.branch === branch).sort((a, b) => b.number - a.number);
  return own.find(({ state }) => state === 'open' || state === 'draft') ?? own[0];
}

/** Returns the checks in one word: a failed one counts before a pending one; null without checks. */
export function verdictOf({ checks }: Pick<PullRequest, 'checks'>): CheckVerdict | null {
  const order: readonly CheckVerdict[] = ['failed', 'pending', 'unknown', 'passed'];
  return order.find((verdict) => checks.some((check) => check.verdict === verdict)) ?? null;
}

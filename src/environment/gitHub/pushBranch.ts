/** The only push of TACO: one commit of an agent's own branch, never forced. */
import { redactText } from '../../core/base/redact';
import { errors } from '../../core/errors/errors';
import type { Git } from '../git/git';
import { readProblem } from '../git/gitProblem';

/** Branches that `WorktreeMaker` makes. An agent may switch to another one; TACO does not push that. */
const OWN_BRANCH = /^taco(?:-agents(?:-\d+)?)?\/[^/]+\/[^/]+$/;

/** Limit of a push with its hooks, milliseconds. */
const PUSH_MS = 600_000;

export interface PushTarget {
  /** Name of the remote. */
  readonly remote: string;
  /** Its addresses for a push, without passwords. */
  readonly urls: readonly string[];
  /** Owner of the repository there; empty when the address shows none. */
  readonly owner: string;
}

/** Throws TacoError pull-request-refused for a branch that is not an agent's own. */
export function assertOwnBranch(agent: string, branch: string): void {
  if (OWN_BRANCH.test(branch)) return;
  throw errors.pullRequestRefused(
    branch === ''
      ? `The worktree of ${agent} is on no branch.`
      : `${agent} is on the branch ${branch}, which TACO did not make.`,
    'Only the branch that TACO made is pushed: let the agent switch back, or push yourself.',
  );
}

/** Finds the remote as git would: `remote.pushDefault`, else `origin`, else the only one. Throws TacoError pull-request-refused. */
export async function pushTarget(git: Git, folder: string): Promise<PushTarget> {
  const remotes = (await git.run(folder, ['remote'])).out.split('\n').filter(Boolean);
  const chosen = (await git.run(folder, ['config', '--get', 'remote.pushDefault'])).out;
  const remote = chosen || (remotes.includes('origin') ? 'origin' : remotes.length === 1 ? remotes[0] : undefined);
  if (remotes.length === 0)
    throw errors.pullRequestRefused(
      'The repository has no remote, so nothing can be pushed.',
      'Add one: git remote add origin URL',
    );
  if (remote === undefined || !remotes.includes(remote))
    throw errors.pullRequestRefused(
      `It is not clear where to push: the remotes are ${remotes.join(', ')}.`,
      'Choose one: git config remote.pushDefault NAME',
    );
  const urls = (await git.run(folder, ['remote', 'get-url', '--push', '--all', '--', remote])).out
    .split('\n')
    .filter(Boolean);
  return { remote, urls: urls.map(redactText), owner: ownerIn(urls[0] ?? '') };
}

/**
 * Pushes one commit as the branch. A branch there that has other commits refuses it, and stays as it is. Throws
 * TacoError pull-request-refused.
 */
export async function pushBranch(
  git: Git,
  folder: string,
  { remote }: PushTarget,
  branch: string,
  commit: string,
): Promise<void> {
  // The user's settings could send tags or submodules as well.
  const only = ['--no-follow-tags', '--recurse-submodules=check'];
  const answer = await git.run(folder, ['push', ...only, '--', remote, `${commit}:refs/heads/${branch}`], {
    signal: AbortSignal.timeout(PUSH_MS),
  });
  if (answer.ok) return;
  const { why, cure } = readProblem(redactText(answer.problem), `Try it yourself: git push ${remote} ${branch}`);
  throw errors.pullRequestRefused(`Cannot push ${branch}: ${why}`, cure);
}

/** Reads the owner from `https://HOST/OWNER/NAME`, `git@HOST:OWNER/NAME.git` or `ssh://…`. */
function ownerIn(url: string): string {
  return /[/:]([\w.-]+)\/[\w.-]+?\/?$/.exec(url.replace(/\.git\/?$/, ''))?.[1] ?? '';
}

import { isInUse } from '../../core/agents/agentPath';
import type { AgentRecord } from '../../core/agents/agentRecord';
import { errors } from '../../core/errors/errors';
import { specOf } from '../../core/plan/agentSpecs';
import type { Evidence } from '../../core/proof/proof';
import { pullRequestOf, type PullRequest } from '../../core/proof/pullRequest';
import { closesIssue, pullRequestText, type PullRequestText, type WorkCommit } from '../../core/proof/pullRequestText';
import type { EvidenceStore } from '../../environment/checks/evidenceStore';
import { Git } from '../../environment/git/git';
import { isUnchanged, readWorkState } from '../../environment/git/workState';
import type { Worktree } from '../../environment/git/worktreeList';
import type { Worktrees } from '../../environment/git/worktrees';
import { GitHub } from '../../environment/gitHub/gitHub';
import { assertOwnBranch, pushBranch, pushTarget, type PushTarget } from '../../environment/gitHub/pushBranch';

const MAX_COMMITS = 200;
const SHOWN_FILES = 5;

/** The commits and the text that will be pushed and sent. Nothing has left the machine. */
export interface PreparedPullRequest extends PullRequestText {
  readonly agent: string;
  /** The agent's worktree. */
  readonly folder: string;
  /** Without `refs/heads/`. */
  readonly branch: string;
  /** The branch that the project is on. */
  readonly base: string;
  readonly commit: string;
  readonly commits: readonly WorkCommit[];
  readonly target: PushTarget;
}

export interface OpenedPullRequest {
  readonly agent: string;
  readonly branch: string;
  readonly commit: string;
  readonly url: string;
  /** False: it was open already, and has the commit now. */
  readonly isNew: boolean;
}

/** An agent's branch, and its pull request; null without one. */
export interface AgentPullRequest {
  readonly agent: string;
  readonly branch: string;
  readonly pullRequest: PullRequest | null;
}

/** Pull requests for the work of agents. Only `open` pushes and sends; only `open` and `status` use the network. */
export class PullRequests {
  private readonly git: Git;
  private readonly gitHub: GitHub;

  /** @param projectDir real path */
  constructor(
    private readonly projectDir: string,
    private readonly worktrees: Worktrees,
    private readonly evidence: EvidenceStore,
    env: Readonly<Record<string, string | undefined>>,
  ) {
    this.git = new Git(env);
    this.gitHub = new GitHub(env);
  }

  /** Reads the work of an agent. Throws TacoError pull-request-refused when it cannot be pushed as it is. */
  async prepare(agent: AgentRecord): Promise<PreparedPullRequest> {
    const { name } = agent;
    const worktree = await this.worktreeOf(agent);
    const { branch, path: folder } = worktree;
    assertOwnBranch(name, branch);
    const base = (await this.git.run(this.projectDir, ['symbolic-ref', '--short', '--quiet', 'HEAD'])).out;
    if (base === '')
      throw errors.pullRequestRefused(
        'The project is on no branch, so the pull request has no target.',
        'Switch the project to the branch that the work is for.',
      );
    const [evidence = null] = await this.evidence.of(name);
    const commit = await this.committed(name, folder, evidence);
    const commits = await this.commits(folder, `refs/heads/${base}`, commit);
    if (commits.length === 0)
      throw errors.pullRequestRefused(
        `The work of ${name} has no commit that ${base} lacks.`,
        'There is nothing to open.',
      );
    const target = await pushTarget(this.git, folder);
    const work = { agent: name, role: agent.role, task: specOf(agent)?.task ?? '', commit, commits, evidence };
    return { agent: name, folder, branch, base, commit, commits, target, ...pullRequestText(work) };
  }

  /**
   * Pushes the commit and opens the pull request; of one that is open already, only the commit is pushed. Throws
   * TacoError gh-missing, gh-not-logged-in, pull-request-refused; until `gh` has answered nothing is pushed.
   */
  async open(
    { agent, folder, branch, base, commit, target, title, body }: PreparedPullRequest,
    draft: boolean,
  ): Promise<OpenedPullRequest> {
    const repository = await this.gitHub.repository(folder);
    if (branch === base || branch === repository.defaultBranch)
      throw errors.pullRequestRefused(`${branch} is the target itself.`, 'TACO pushes to no branch that others use.');
    const owner = target.owner || repository.owner;
    const isOwn = (request: PullRequest): boolean => request.owner.toLowerCase() === owner.toLowerCase();
    const [open] = (await this.gitHub.openFor(folder, branch)).filter(isOwn);
    await pushBranch(this.git, folder, target, branch, commit);
    if (open) return { agent, branch, commit, url: open.url, isNew: false };
    const isFork = owner.toLowerCase() !== repository.owner.toLowerCase();
    const head = isFork ? `${owner}:${branch}` : branch;
    const url = await this.gitHub.open(folder, { title, body, head, base, draft });
    return { agent, branch, commit, url, isNew: true };
  }

  /** Returns the pull requests of these agents, with one request to GitHub. */
  async status(agents: readonly AgentRecord[]): Promise<readonly AgentPullRequest[]> {
    const trees = await this.worktrees.list();
    const own = agents.flatMap((agent) => {
      const branch = trees.find((tree) => isOf(tree, agent))?.branch ?? '';
      return branch === '' ? [] : [{ agent: agent.name, branch }];
    });
    if (own.length === 0) return [];
    const all = await this.gitHub.own(this.projectDir);
    return own.map(({ agent, branch }) => ({ agent, branch, pullRequest: pullRequestOf(all, branch) ?? null }));
  }

  private async worktreeOf(agent: AgentRecord): Promise<Worktree> {
    const { name, host = '' } = agent;
    if (host !== '')
      throw errors.pullRequestRefused(`${name} works on the host ${host}.`, 'Push its branch from that machine.');
    const worktree = (await this.worktrees.list()).find((tree) => isOf(tree, agent));
    if (worktree) return worktree;
    throw errors.pullRequestRefused(
      `${name} has no worktree, so its work is on no branch of its own.`,
      'Give the agent a worktree in the plan ("worktree": true).',
    );
  }

  /** Returns the commit of a worktree without other work. Files that the check left count as no work. */
  private async committed(name: string, folder: string, evidence: Evidence | null): Promise<string> {
    const state = await readWorkState(this.git, folder);
    if (state === null || state.commit === '')
      throw errors.pullRequestRefused(`Git cannot read the worktree of ${name}.`, `See \`git status\` in ${folder}.`);
    const files = [...state.changed, ...state.untracked];
    const isProven =
      evidence?.verdict === 'proven' &&
      isUnchanged({ commit: evidence.commit, untracked: evidence.uncommitted }, state);
    if (files.length === 0 || isProven) return state.commit;
    const more = files.length - SHOWN_FILES;
    throw errors.pullRequestRefused(
      `Work of ${name} is not committed: ${files.slice(0, SHOWN_FILES).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
      `Ask the agent to commit it: taco send ${name} "Commit your work."`,
    );
  }

  private async commits(folder: string, base: string, commit: string): Promise<readonly WorkCommit[]> {
    const range = [`--max-count=${MAX_COMMITS}`, '--format=%H%n%B', '-z', commit, `^${base}`, '--'];
    const log = await this.git.run(folder, ['log', ...range]);
    return log.raw.split('\0').flatMap((entry) => {
      const [, hash, message] = /^([0-9a-f]+)\n([^]*)$/.exec(entry) ?? [];
      if (hash === undefined || message === undefined) return [];
      const [subject = ''] = message.split('\n');
      return [{ hash, subject, closesIssue: closesIssue(message) }];
    });
  }
}

function isOf({ path }: Worktree, { workspace }: Pick<AgentRecord, 'workspace'>): boolean {
  return isInUse(path, [{ workspace, status: '' }]);
}

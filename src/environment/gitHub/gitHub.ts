import { existsSync } from 'node:fs';
import * as z from 'zod';
import { redactText } from '../../core/base/redact';
import { shortened } from '../../core/base/truncate';
import { errors } from '../../core/errors/errors';
import { parsePullRequests, PULL_REQUEST_FIELDS } from '../../core/proof/parsePullRequests';
import type { PullRequest } from '../../core/proof/pullRequest';
import type { PullRequestText } from '../../core/proof/pullRequestText';
import { withoutGitVariables } from '../git/git';
import { OutputTail, plainText } from '../git/outputTail';
import { runProcessGroup } from '../git/processGroup';

/** `gh` has no time limit of its own, milliseconds. */
const TIMEOUT_MS = 60_000;
const MAX_STDOUT_BYTES = 16 * 1024 * 1024;
const MAX_LISTED = 50;
const MAX_REASON = 1000;
/** Exit code of every command of `gh` that needs a login (`gh help exit-codes`). */
const NOT_LOGGED_IN = 4;
/** Variables that would choose another repository, or change the form of the output. */
const FOREIGN = new Set(['GH_REPO', 'GH_FORCE_TTY', 'GH_DEBUG', 'DEBUG', 'CLICOLOR_FORCE', 'GH_PAGER', 'PAGER']);
const UNATTENDED: Readonly<Record<string, string>> = {
  GH_PROMPT_DISABLED: '1',
  GH_NO_UPDATE_NOTIFIER: '1',
  GH_SPINNER_DISABLED: '1',
  NO_COLOR: '1',
  GIT_TERMINAL_PROMPT: '0',
};

const repositorySchema = z.object({
  nameWithOwner: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  defaultBranchRef: z.object({ name: z.string() }).nullish(),
});

/** The repository that gets the pull requests of a folder. */
export interface GitHubRepository {
  readonly owner: string;
  readonly nameWithOwner: string;
  /** Empty in an empty repository. */
  readonly defaultBranch: string;
}

export interface NewPullRequest extends PullRequestText {
  /** `BRANCH`, or `OWNER:BRANCH` of a fork. */
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
}

/**
 * Runs the GitHub CLI with an argument array, in a folder of the repository, and never with a question. The login is
 * the user's: TACO reads no token. Each method throws TacoError gh-missing, gh-not-logged-in, pull-request-refused.
 */
export class GitHub {
  private readonly env: Readonly<Record<string, string | undefined>>;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    const own = Object.entries(withoutGitVariables(env)).filter(([name]) => !FOREIGN.has(name));
    this.env = { ...Object.fromEntries(own), ...UNATTENDED };
  }

  /** Returns the repository in which `gh` works for this folder. */
  async repository(folder: string): Promise<GitHubRepository> {
    const out = await this.run(folder, ['repo', 'view', '--json', 'nameWithOwner,defaultBranchRef']);
    const { data } = repositorySchema.safeParse(safeJson(out));
    if (!data) throw unreadable('repo view');
    const [owner = ''] = data.nameWithOwner.split('/');
    return { owner, nameWithOwner: data.nameWithOwner, defaultBranch: data.defaultBranchRef?.name ?? '' };
  }

  /** Returns the newest pull requests that the user opened, in any state, with one request. */
  own(folder: string): Promise<readonly PullRequest[]> {
    return this.list(folder, ['--author=@me', '--state=all']);
  }

  /** Returns the open pull requests of branches with this name, those of forks included. */
  openFor(folder: string, branch: string): Promise<readonly PullRequest[]> {
    return this.list(folder, [`--head=${branch}`, '--state=open']);
  }

  /** Opens a pull request for a branch that is pushed, and returns its address. Pushes nothing. */
  async open(folder: string, { title, body, head, base, draft }: NewPullRequest): Promise<string> {
    // `--head` keeps gh from pushing or forking, `=` a text that begins with `-` from being read as an option.
    const args = [`--head=${head}`, `--base=${base}`, `--title=${title}`, `--body=${body}`];
    const out = await this.run(folder, ['pr', 'create', ...args, ...(draft ? ['--draft'] : [])]);
    const url = /^https:\/\/\S+\/pull\/\d+$/m.exec(out)?.[0];
    if (url === undefined) throw unreadable('pr create');
    return url;
  }

  private async list(folder: string, filter: readonly string[]): Promise<readonly PullRequest[]> {
    const fields = PULL_REQUEST_FIELDS.join(',');
    const out = await this.run(folder, ['pr', 'list', ...filter, `--limit=${MAX_LISTED}`, `--json=${fields}`]);
    const all = parsePullRequests(out);
    if (all === null) throw unreadable('pr list');
    return all;
  }

  private async run(folder: string, args: readonly string[]): Promise<string> {
    const chunks: Buffer[] = [];
    const stderr = new OutputTail();
    const tooLong = new AbortController();
    let bytes = 0;
    const { how, exitCode, error } = await runProcessGroup('gh', args, {
      cwd: folder,
      env: this.env,
      timeoutMs: TIMEOUT_MS,
      signal: tooLong.signal,
      onStderr: (chunk) => stderr.add(chunk),
      onStdout: (chunk) => {
        bytes += chunk.length;
        if (bytes > MAX_STDOUT_BYTES) tooLong.abort();
        else chunks.push(chunk);
      },
    });
    const command = args.slice(0, 2).join(' ');
    if (how === 'not-started' && error?.code === 'ENOENT' && existsSync(folder)) throw errors.ghMissing();
    if (how === 'exited' && exitCode === NOT_LOGGED_IN) throw errors.ghNotLoggedIn();
    if (how === 'exited' && exitCode === 0) return plainText(Buffer.concat(chunks).toString('utf8'));
    const why =
      how === 'timed-out'
        ? `it did not answer within ${TIMEOUT_MS / 1000} s`
        : how === 'cancelled'
          ? 'it printed too much'
          : shortened(redactText(stderr.text.trim()), MAX_REASON) || error?.message || `exit code ${String(exitCode)}`;
    throw errors.pullRequestRefused(`\`gh ${command}\` failed: ${why}`, 'See `gh auth status` and `git remote -v`.');
  }
}

function unreadable(command: string): Error {
  return errors.pullRequestRefused(
    `\`gh ${command}\` printed something that TACO cannot read.`,
    'Update the GitHub CLI, then try again.',
  );
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

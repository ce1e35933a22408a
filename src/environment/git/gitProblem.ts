/** The user's options after a failure of git. Pure. */

export interface GitProblem {
  /** Reason, as a clause that follows "Cannot …: ". */
  readonly why: string;
  /** Advice for the user. */
  readonly cure: string;
}

interface KnownProblem {
  readonly pattern: RegExp;
  readonly read: (match: RegExpExecArray, problem: string) => Partial<GitProblem>;
}

/** Failures for which git gives no advice, or too many lines. The first match counts. */
const KNOWN: readonly KnownProblem[] = [
  {
    pattern: /No space left on device|Disk quota exceeded/,
    read: () => ({ cure: 'Free some disk space, then try again.' }),
  },
  {
    pattern: /git is not installed/,
    read: () => ({ cure: 'Install git (`sudo apt-get install git` or `brew install git`).' }),
  },
  {
    pattern: /detected dubious ownership in repository at '(.*)'/,
    read: ([sentence], problem) => ({
      why: sentence,
      cure: `The folder belongs to another user. If you trust it, run: ${/git config --global --add safe\.directory .*/.exec(problem)?.[0] ?? 'git config --global --add safe.directory FOLDER'}`,
    }),
  },
  {
    pattern: /git-lfs\b.*(?:not found|No such file)|'git-lfs' is not a git command|filter '?lfs'? failed/,
    read: () => ({
      why: 'the filter lfs needs the program git-lfs, which is not installed or failed',
      cure: 'Install Git LFS (`sudo apt-get install git-lfs` or `brew install git-lfs`), then run `git lfs install`.',
    }),
  },
  {
    pattern: /(?:smudge|clean) filter '?([^' ]+)'? failed/,
    read: ([sentence, filter]) => ({
      why: `the filter ${filter ?? ''} that .gitattributes asks for failed: ${sentence}`,
      cure: `Install the program that \`git config --get-regexp filter.${filter ?? ''}\` names.`,
    }),
  },
  {
    pattern: /Unable to create '(.*\.lock)': File exists/,
    read: ([, lock]) => ({
      why: `another git command holds ${lock ?? 'a lock'}`,
      cure: 'Wait until it has ended. If none runs, a git command was killed: remove that file.',
    }),
  },
  {
    pattern: /gpg failed to sign|failed to sign|Load key .*|signing failed|error: .*user\.signingkey/i,
    read: () => ({
      cure: 'Make the signing key usable (`git config --show-origin --get-regexp "gpg|sign"` shows what is set), or turn signing off: git config commit.gpgsign false',
    }),
  },
  {
    pattern: /does not have a (?:good )?GPG signature|has an untrusted GPG signature/i,
    read: () => ({
      cure: 'The setting merge.verifySignatures asks for signed commits; let the agent sign, or unset it.',
    }),
  },
  {
    pattern: /Please tell me who you are|empty ident name|unable to auto-detect email/,
    read: () => ({
      why: 'git does not know who you are',
      cure: 'Run: git config --global user.name "NAME" and git config --global user.email "ADDRESS"',
    }),
  },
  {
    pattern: /local changes to the following files would be overwritten|Cannot merge.*index|not uptodate/,
    read: () => ({ cure: 'Commit or stash those changes, then try again.' }),
  },
  {
    pattern: /untracked working tree files would be overwritten/,
    read: () => ({ cure: 'Move those files away or commit them, then try again.' }),
  },
  {
    pattern: /unknown repository extension|Expected git repo version/,
    read: () => ({ cure: 'The repository was made by a newer git: update git on this machine.' }),
  },
  {
    pattern: /Permission denied|Read-only file system|insufficient permission/,
    read: () => ({ cure: 'Give your user write access to the repository, its `.git` folder included.' }),
  },
  {
    pattern: /cannot remove a locked working tree/,
    read: () => ({ cure: 'Unlock it with `git worktree unlock`, then try again.' }),
  },
];

/** Returns true when git found no repository, and false when it refused one. */
export function isOutsideRepository(problem: string): boolean {
  return /not a git repository/.test(problem);
}

/**
 * Parses a failure of git into its sentence without the prefix, and advice.
 * @param problem as in `GitAnswer.problem`
 * @param otherwise the advice for an unknown failure
 */
export function readProblem(problem: string, otherwise: string): GitProblem {
  const plain = problem.replace(/^(?:fatal|error): /gm, '');
  for (const { pattern, read } of KNOWN) {
    const match = pattern.exec(plain);
    if (match) return { why: plain, cure: otherwise, ...read(match, plain) };
  }
  return { why: plain, cure: otherwise };
}

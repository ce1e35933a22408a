import { existsSync } from 'node:fs';
import { OutputTail, plainText } from './outputTail';
import { runProcessGroup, type ProcessEnd } from './processGroup';

/**
 * Variables that belong to another git command. A hook that runs TACO sets them. TACO's git commands would then use
 * another repository, index or configuration than the folder's own. The list is `git rev-parse --local-env-vars` plus
 * variables that change the form of git's output. GIT_CONFIG_COUNT is left out: users set it for their whole session.
 */
const FOREIGN = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_CONFIG_PARAMETERS',
  'GIT_DIFF_OPTS',
  'GIT_DIR',
  'GIT_EXTERNAL_DIFF',
  'GIT_GLOB_PATHSPECS',
  'GIT_GRAFT_FILE',
  'GIT_ICASE_PATHSPECS',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_LITERAL_PATHSPECS',
  'GIT_NAMESPACE',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_QUARANTINE_PATH',
  'GIT_REFLOG_ACTION',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
]);

/**
 * Forces English output and prevents every prompt: no editor, no pager, no question of git, ssh or a helper program.
 */
const UNATTENDED: Readonly<Record<string, string>> = {
  LC_ALL: 'C.UTF-8',
  LANGUAGE: 'en',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '',
  SSH_ASKPASS_REQUIRE: 'never',
  GCM_INTERACTIVE: 'never',
  GIT_EDITOR: 'true',
  GIT_SEQUENCE_EDITOR: 'true',
  GIT_MERGE_AUTOEDIT: 'no',
  GIT_PAGER: 'cat',
};

/** Overrides user settings that would change the form of parsed output. */
const PLAIN_ANSWERS = ['-c', 'core.quotePath=false', '-c', 'color.ui=false'];

/** Maximum standard output that is parsed, bytes. */
const MAX_STDOUT_BYTES = 64 * 1024 * 1024;

export interface GitAnswer {
  readonly ok: boolean;
  /** 128 for git's fatal errors, 129 for an unsupported option; null when it did not exit by itself. */
  readonly exitCode: number | null;
  /** True when the caller's signal ended it. */
  readonly cancelled: boolean;
  /** Standard output without its last line end. */
  readonly out: string;
  /** Standard output unchanged. */
  readonly raw: string;
  /** Git's description of a failure, as plain text without hints. */
  readonly problem: string;
}

export interface GitOptions {
  /** Additional variables for this command. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the command together with its hooks and filters. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Returns the environment without the variables of another git command, for git and for every program in a worktree.
 */
export function withoutGitVariables(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !FOREIGN.has(name)));
}

/** Runs git in a folder with an argument array, in English and without prompts. A failure is returned, not thrown. */
export class Git {
  private readonly env: Readonly<Record<string, string | undefined>>;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    const own = Object.entries(withoutGitVariables(env)).filter(([name]) => !name.startsWith('GIT_TRACE'));
    this.env = { ...Object.fromEntries(own), ...UNATTENDED };
  }

  async run(cwd: string, args: readonly string[], { env = {}, signal }: GitOptions = {}): Promise<GitAnswer> {
    const chunks: Buffer[] = [];
    const stderr = new OutputTail();
    const tooLong = new AbortController();
    let bytes = 0;
    const end = await runProcessGroup('git', [...PLAIN_ANSWERS, ...args], {
      cwd,
      env: { ...this.env, ...env },
      signal: signal ? AbortSignal.any([signal, tooLong.signal]) : tooLong.signal,
      onStderr: (chunk) => stderr.add(chunk),
      onStdout: (chunk) => {
        bytes += chunk.length;
        if (bytes > MAX_STDOUT_BYTES) tooLong.abort();
        else chunks.push(chunk);
      },
    });
    const raw = Buffer.concat(chunks).toString('utf8');
    const ok = end.how === 'exited' && end.exitCode === 0;
    return {
      ok,
      exitCode: end.exitCode,
      cancelled: end.how === 'cancelled' && signal?.aborted === true,
      out: raw.replace(/\n$/, ''),
      raw,
      problem: ok
        ? ''
        : tooLong.signal.aborted
          ? `git ${args[0] ?? ''} printed more than ${MAX_STDOUT_BYTES} bytes`
          : notRun(end, cwd) || sentencesOf(stderr.text) || sentencesOf(raw.slice(-2000)) || endOf(end, args),
    };
  }
}

/** Returns the reason why git could not run at all; empty when it ran. */
function notRun({ how, error }: ProcessEnd, cwd: string): string {
  if (how === 'cancelled') return 'cancelled';
  if (how !== 'not-started') return '';
  if (!existsSync(cwd)) return `the folder ${cwd} does not exist`;
  return error?.code === 'ENOENT' ? 'git is not installed' : `git cannot be run: ${error?.message ?? ''}`;
}

function endOf({ exitCode }: ProcessEnd, args: readonly string[]): string {
  return exitCode === null
    ? `git ${args[0] ?? ''} was ended by a signal`
    : `git ${args[0] ?? ''} ended with exit code ${exitCode}`;
}

/** Returns a program's description of its failure; git's hints only when there is nothing else. */
function sentencesOf(text: string): string {
  const lines = plainText(text)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  const withoutHints = lines.filter((line) => !line.startsWith('hint:'));
  return (withoutHints.length > 0 ? withoutHints : lines).join('\n').slice(-2000);
}

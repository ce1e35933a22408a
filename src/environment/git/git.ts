import { existsSync } from 'node:fs';
import { OutputTail, plainText } from './outputTail';
import { runProcessGroup, type ProcessEnd } from './processGroup';

/**
 * Variables that belong to another git command: a hook that runs TACO sets them, and they would point our commands at another repository,
 * index or configuration than the folder's own. The list is `git rev-parse --local-env-vars` without GIT_CONFIG_COUNT, which users set for
 * their whole session, plus what changes the form of git's answers.
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

/** English, and never a question: no editor, no pager, no prompt of git, of ssh or of a helper program. */
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

/** Settings of the user that would change the form of the answers that are parsed here. */
const PLAIN_ANSWERS = ['-c', 'core.quotePath=false', '-c', 'color.ui=false'];

/** Standard output that is parsed, bytes. */
const MAX_STDOUT_BYTES = 64 * 1024 * 1024;

export interface GitAnswer {
  readonly ok: boolean;
  /** 128 for git's own fatal errors, 129 for an option that this git does not know; null when it did not end by itself. */
  readonly exitCode: number | null;
  /** The caller's signal ended it. */
  readonly cancelled: boolean;
  /** Standard output, its last line end cut off. */
  readonly out: string;
  /** Standard output as it came. */
  readonly raw: string;
  /** What git says of a failure, as plain text without its hints. */
  readonly problem: string;
}

export interface GitOptions {
  /** Variables of this one command. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the command, with the hooks and filters that it runs. */
  readonly signal?: AbortSignal | undefined;
}

/** The environment without the variables of another git command, for git and for whatever runs in a worktree. */
export function withoutGitVariables(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !FOREIGN.has(name)));
}

/** Runs git in a folder, by an argument array, in English and never asking. A failure is an answer, not an exception. */
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

/** Why git could not be run at all; empty when it was. */
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

/** What a program says of its failure; git's hints only when there is nothing else. */
function sentencesOf(text: string): string {
  const lines = plainText(text)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  const said = lines.filter((line) => !line.startsWith('hint:'));
  return (said.length > 0 ? said : lines).join('\n').slice(-2000);
}

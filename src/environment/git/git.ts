import { execFile } from 'node:child_process';

/** Where these point, another repository than the folder's own would be meant; a hook that runs us sets them. */
const FOREIGN = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_COMMON_DIR', 'GIT_PREFIX'];
const LONGEST_OUTPUT = 64 * 1024 * 1024;

export interface GitAnswer {
  readonly ok: boolean;
  /** Standard output, its last line end cut off. */
  readonly out: string;
  /** Standard output as it came. */
  readonly raw: string;
  /** What git says of a failure. */
  readonly problem: string;
}

/** git in a folder, by an argument array, in English and never asking for anything. A failure is an answer, not an exception. */
export class Git {
  private readonly env: NodeJS.ProcessEnv;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    const own = Object.entries(env).filter(([name]) => !FOREIGN.includes(name));
    this.env = { ...Object.fromEntries(own), LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' };
  }

  run(cwd: string, args: readonly string[], extra: Readonly<Record<string, string>> = {}): Promise<GitAnswer> {
    return new Promise((resolve) => {
      execFile(
        'git',
        ['-c', 'core.quotePath=false', ...args],
        { cwd, env: { ...this.env, ...extra }, encoding: 'utf8', maxBuffer: LONGEST_OUTPUT },
        (error, stdout, stderr) => {
          const out = stdout.replace(/\n$/, '');
          resolve({
            ok: error === null,
            out,
            raw: stdout,
            problem: error === null ? '' : stderr.trim() || out.trim() || error.message,
          });
        },
      );
    });
  }
}

import { errors } from '../../core/errors/errors';
import { withoutGitVariables } from './git';
import { LastLine, OutputTail } from './outputTail';
import { runProcessGroup } from './processGroup';

/** Maximum run time of a set-up, milliseconds; a longer one counts as endless. */
const SETUP_MS = 30 * 60_000;
/** Characters of the output that an error shows. */
const SHOWN_OUTPUT = 500;

export interface SetupOptions {
  readonly agent: string;
  /** The folder in which the agent will work. */
  readonly folder: string;
  /** A command and its arguments; no shell parses them. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  /** Called often with the latest line of output. */
  readonly onLine: (line: string) => void;
}

/**
 * Runs the set-up of a worktree to its end. Its output may have any size. Throws TacoError cancelled when the signal
 * ended it with every process that it started; worktree-refused with the end of its output.
 */
export async function runSetup({ agent, folder, command, env, signal, onLine }: SetupOptions): Promise<void> {
  const [program = '', ...args] = command;
  const tail = new OutputTail();
  const lines = new LastLine(onLine);
  const onOutput = (chunk: Buffer): void => {
    tail.add(chunk);
    lines.add(chunk);
  };
  const { how, exitCode, error } = await runProcessGroup(program, args, {
    cwd: folder,
    env: withoutGitVariables(env),
    signal,
    timeoutMs: SETUP_MS,
    onStdout: onOutput,
    onStderr: onOutput,
  });
  if (how === 'exited' && exitCode === 0) return;
  if (how === 'cancelled') throw errors.cancelled(`The set-up of ${agent}'s worktree`);
  const end = tail.text.trim().slice(-SHOWN_OUTPUT);
  const why =
    how === 'not-started'
      ? `${program} cannot be run (${error?.code === 'ENOENT' ? 'it was not found' : (error?.message ?? '')})`
      : how === 'timed-out'
        ? `it ran for more than ${SETUP_MS / 60_000} minutes`
        : exitCode === null
          ? 'it was ended by a signal'
          : `it ended with exit code ${exitCode}`;
  throw errors.worktreeRefused(
    `The set-up of ${agent}'s worktree failed: ${why}${end === '' ? '' : `: ${end}`}`,
    `Correct the command (${command.join(' ')}) or what it needs, then try again: the worktree ${folder} stays and is used again.`,
  );
}

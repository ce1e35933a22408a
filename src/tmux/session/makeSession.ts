/** Creates a tmux session that has TACO's identity from its first moment, on a server that may belong to anybody. */
import { access, constants, mkdir, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { errorMessage, isTacoError } from '../../core/errors/tacoError';
import { SESSION_IDENTITY, serverMark } from '../client/identity';
import { filePattern, formatText } from '../client/quote';
import { runTmux } from '../client/runTmux';
import { NEW_COLUMNS, NEW_ROWS } from '../pane/paneDriver';
import { hookNames, sessionOptions } from './ownOptions';
import { makeSocketFolder, socketPath } from './socketPath';
import { tmuxConfig } from './tmuxConfig';
import type { TmuxServerOptions } from './tmuxSession';
import { SOURCE_DEPTH, takeConfig, userConfigFiles } from './userConfig';

export interface NewSession {
  readonly name: string;
  readonly cwd: string;
  readonly windowName: string;
  readonly identity: string;
}

/** tmux's output for a new session. */
export interface MadeSession {
  /** Session id, `$3`. */
  readonly id: string;
  /** Pane of the first window, `%5`. */
  readonly pane: string;
  /** Index of that window. */
  readonly window: number;
}

const CREATE_TRIES = 20;
const CREATE_PAUSE = 100;
/** A program that never reads its input: nothing can be typed into the first window before its agent starts. */
const WAITING = ['env', 'tail', '-f', '/dev/null'];

/** Creates the session. Throws TacoError tmux-failed, also when the name is taken. */
export async function makeSession(options: TmuxServerOptions, made: NewSession): Promise<MadeSession> {
  const socket = socketPath(options.socket, options.env);
  await makeSocketFolder(socket);
  await mkdir(dirname(options.configFile), { recursive: true, mode: 0o700 });
  await writeFile(options.configFile, tmuxConfig(), { mode: 0o600 });
  const run = (args: readonly string[], cwd?: string): Promise<string> =>
    runTmux(options.tmuxCommand, ['-u', '-S', socket, ...args], options.env, cwd);
  const tmux: Tmux = (...args) => run(args);
  const tmuxIn: Tmux = (cwd = '/', ...args) => run(args, cwd);
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(options, made, tmux, tmuxIn);
    } catch (error) {
      // An old server that is just ending still accepts the connection; a moment later a new one can start.
      if (tries >= CREATE_TRIES || !/server exited|lost server/.test(errorMessage(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, CREATE_PAUSE));
    }
  }
}

type Tmux = (...args: readonly string[]) => Promise<string>;

async function attempt(options: TmuxServerOptions, made: NewSession, tmux: Tmux, tmuxIn: Tmux): Promise<MadeSession> {
  const { name, cwd, windowName, identity } = made;
  // A server that TACO did not start may have hooks, which would act on the session before TACO can check it.
  const hooks = await tmux('show-hooks', '-g').catch((error: unknown) => {
    if (isTacoError(error, 'tmux-failed')) return null;
    throw error;
  });
  const target = `=${name}:`;
  const own = [
    ['set-option', '-t', target, SESSION_IDENTITY, identity],
    ...sessionOptions(target, hookNames((hooks ?? '').split('\n'))),
    ...(await shellOption(target, options.env['SHELL'])),
    ['set-option', '-s', '-F', '-t', target, serverMark(identity), '#{session_id}'],
  ];
  // The tmux process runs in the folder. `-c` is a format, so tmux would run `#(…)` in a folder name.
  const printed = await tmuxIn(
    cwd,
    ...['-f', options.configFile, 'new-session', '-d', '-P', '-F', '#{session_id} #{pane_id} #{window_index}'],
    ...['-s', name, '-n', formatText(windowName), '-x', String(NEW_COLUMNS), '-y', String(NEW_ROWS), ...WAITING],
    ...own.flatMap((each) => [';', ...each]),
  );
  const [id = '', pane = '', window = ''] = printed.trim().split('\n')[0]?.split(' ') ?? [];
  if (hooks === null) await applyUserConfig(options, tmux);
  return { id, pane, window: Number(window) };
}

/**
 * Configures a server that TACO has just started. The user's settings apply after TACO's defaults and before the
 * options that TACO relies on.
 */
async function applyUserConfig(options: TmuxServerOptions, tmux: Tmux): Promise<void> {
  await tmux('set-option', '-g', 'mouse', 'on');
  const commands: string[] = [];
  let files = userConfigFiles(options.env);
  for (let depth = 0; depth < SOURCE_DEPTH && files.length > 0; depth++) {
    const taken = await Promise.all(
      // tmux itself does not load a file with an error either.
      files.map(async (file) => takeConfig(await tmux('source-file', '-nv', filePattern(file)).catch(() => ''))),
    );
    commands.push(...taken.flatMap((each) => each.commands));
    files = taken.flatMap((each) => each.sources);
  }
  if (commands.length === 0) return;
  const file = `${options.configFile}.user`;
  await writeFile(file, `${commands.join('\n')}\n`, { mode: 0o600 });
  await tmux('source-file', '-q', filePattern(file)).catch(() => '');
  await tmux('source-file', filePattern(options.configFile));
}

/** Sets SHELL for programs in the session to the user's own shell, not that of the process that started the server. */
async function shellOption(target: string, shell: string | undefined): Promise<readonly (readonly string[])[]> {
  if (shell === undefined || !isAbsolute(shell)) return [];
  const runs = await access(shell, constants.X_OK).then(
    () => true,
    () => false,
  );
  return runs ? [['set-option', '-q', '-t', target, 'default-shell', shell]] : [];
}

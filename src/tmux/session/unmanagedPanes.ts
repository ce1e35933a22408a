import { PANE_OWNER } from '../client/identity';
import { runTmux } from '../client/runTmux';
import { socketPath } from './socketPath';

/** An unmanaged pane: it is on TACO's server but belongs to no agent. */
export interface UnmanagedPane {
  readonly pane: string;
  readonly session: string;
  readonly window: number;
  /** Name of the foreground process. */
  readonly command: string;
  readonly path: string;
}

export interface UnmanagedPanesOptions {
  readonly tmuxCommand: string;
  readonly socket: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const FORMAT = `#{?${PANE_OWNER},1,0}|#{pane_id}|#{pane_dead}|#{window_index}|#{session_name}|#{pane_current_command}|#{pane_current_path}`;
const SHELLS = /^-?(?:ba|z|fi|da|k|c|tc)?sh$/;

/**
 * Returns panes of the server that no TACO session owns and that run a program other than a shell, except `known` ones.
 * Returns an empty list if no server runs.
 */
export async function listUnmanagedPanes(
  { tmuxCommand, socket, env }: UnmanagedPanesOptions,
  known: ReadonlySet<string>,
): Promise<readonly UnmanagedPane[]> {
  const output = await runTmux(
    tmuxCommand,
    ['-S', socketPath(socket, env), 'list-panes', '-a', '-F', FORMAT],
    env,
  ).catch(() => '');
  // tmux lists a window once for each session that shows it.
  const found = new Map<string, UnmanagedPane>();
  for (const line of output.split('\n')) {
    const [owned, pane, dead, window, session, command, ...path] = line.split('|');
    if (
      owned !== '0' ||
      !pane?.startsWith('%') ||
      dead !== '0' ||
      known.has(pane) ||
      found.has(pane) ||
      SHELLS.test(command ?? '')
    )
      continue;
    found.set(pane, {
      pane,
      session: session ?? '',
      window: Number(window),
      command: command ?? '',
      path: path.join('|'),
    });
  }
  return [...found.values()];
}

import { runTmux } from '../client/runTmux';
import { PANE_OWNER } from './identity';
import { socketPath } from './socketPath';

/** A pane on our server that is no agent's. */
export interface UnmanagedPane {
  readonly pane: string;
  readonly session: string;
  readonly window: number;
  /** Foreground process. */
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

/** Panes of the server that no TACO session owns and in which a program runs that is no shell, but for `known` ones; an empty list where no server runs. */
export async function listUnmanagedPanes(
  { tmuxCommand, socket, env }: UnmanagedPanesOptions,
  known: ReadonlySet<string>,
): Promise<readonly UnmanagedPane[]> {
  const output = await runTmux(
    tmuxCommand,
    ['-S', socketPath(socket, env), 'list-panes', '-a', '-F', FORMAT],
    env,
  ).catch(() => '');
  // A window that several sessions show is listed once for each.
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

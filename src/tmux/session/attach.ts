import { isOwner, isSession } from '../client/identity';
import { command, commandList, quote } from '../client/quote';
import { socketPath } from './socketPath';

export interface AttachTarget {
  readonly window: number;
  /** `%3`, or empty. */
  readonly pane: string;
}

/** The team's session according to its record in Redis. */
export interface AttachedTeam {
  readonly tmuxCommand: string;
  /** Name or full path of the server's socket. */
  readonly socket: string;
  readonly session: string;
  /** Empty for a session of an older TACO; nothing attaches to it. */
  readonly identity: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const NOT_OURS = 'This terminal belongs to no agent of this project any more.';

/**
 * Returns the argument array for a terminal that shows one agent. It creates a session grouped with the team's, so that
 * two terminals can show two agents. The session ends with its terminal (`destroy-unattached`). tmux attaches only
 * while the session and the agent's pane have the team's identity. The command never starts a server.
 * @param at the agent's pane, which stays its own when a user moves or swaps windows; the window's number while it has
 * no pane
 * @param viewName unique per view, for example `view-<window>`; session names must not contain colons and dots
 */
export function attachArguments(
  { tmuxCommand, socket, session, identity, env }: AttachedTeam,
  at: AttachTarget,
  viewName: string,
): string[] {
  const view = `${session}-${viewName}`.replace(/[.:]/g, '-');
  const refuse = command('display-message', '-p', NOT_OURS);
  const show = commandList(
    command('new-session', '-A', '-s', view, '-t', `=${session}`),
    command('set-option', 'destroy-unattached', 'on'),
    command('set-option', 'renumber-windows', 'off'),
    command('set-option', 'status', 'off'),
    command('select-window', '-t', `=${view}:${at.pane === '' ? at.window : `.${at.pane}`}`),
  );
  const shown =
    at.pane === '' ? show : `if-shell -F -t ${quote(at.pane)} ${quote(isOwner(identity))} { ${show} } { ${refuse} }`;
  const isOurs = identity === '' ? '0' : isSession(identity);
  return [
    ...[tmuxCommand, '-u', '-S', socketPath(socket, env)],
    ...['if-shell', '-F', '-t', `=${session}:`, isOurs, shown, refuse],
  ];
}

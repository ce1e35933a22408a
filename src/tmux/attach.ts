/**
 * The argument array for a terminal that shows one window: a session of its own, grouped with the team's, so that
 * two terminals can show two agents. It ends with its terminal (`destroy-unattached`).
 * @param viewName unique per view, for example `view-<window>`; colons and dots are not allowed in session names.
 */
export function attachArguments(tmuxCommand: string, socket: string, session: string, window: number, viewName: string): string[] {
  const view = `${session}-${viewName}`.replace(/[.:]/g, '-');
  return [
    tmuxCommand, '-u', '-L', socket,
    'new-session', '-A', '-s', view, '-t', `=${session}`,
    ';', 'set-option', 'destroy-unattached', 'on',
    ';', 'select-window', '-t', `=${view}:${window}`,
  ];
}

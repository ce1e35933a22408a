export interface AttachTarget {
  readonly window: number;
  /** `%3`, or empty. */
  readonly pane: string;
}

/**
 * The argument array for a terminal that shows one agent: a session of its own, grouped with the team's, so that two
 * terminals can show two agents. It ends with its terminal (`destroy-unattached`).
 * @param at the agent's pane, which stays its own when a person moves or swaps windows; its window's number while it has none
 * @param viewName unique per view, for example `view-<window>`; colons and dots are not allowed in session names.
 */
export function attachArguments(
  tmuxCommand: string,
  socket: string,
  session: string,
  at: AttachTarget,
  viewName: string,
): string[] {
  const view = `${session}-${viewName}`.replace(/[.:]/g, '-');
  return [
    tmuxCommand,
    '-u',
    '-L',
    socket,
    'new-session',
    '-A',
    '-s',
    view,
    '-t',
    `=${session}`,
    ';',
    'set-option',
    'destroy-unattached',
    'on',
    ';',
    'select-window',
    '-t',
    `=${view}:${at.pane === '' ? at.window : `.${at.pane}`}`,
  ];
}

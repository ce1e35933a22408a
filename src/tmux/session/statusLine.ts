/** TACO's status line in its own tmux session: the agents, which of them need the user, the keys to switch. */

/** Window option of an agent that needs the user. */
export const NEEDS_USER = '@taco_needs';
/** Session option: one line that names the agents that need the user; empty without one. */
export const WAITING_LINE = '@taco_waiting';

const MARKED = '#[bg=colour214#,fg=colour16#,bold]';
const MAX_LINE = 60;

/** Session options of the status line. A terminal in VS Code shows none (`attach.ts`), as its tab names the agent. */
export const STATUS_OPTIONS: readonly (readonly [string, string])[] = [
  ['status', 'on'],
  ['status-style', 'bg=colour236,fg=colour252'],
  ['status-justify', 'left'],
  ['status-left', '#[bold] TACO #[nobold]'],
  ['status-left-length', '8'],
  [
    'status-right',
    `#{?#{${WAITING_LINE}},${MARKED} #{${WAITING_LINE}} #[default],} #{prefix} w: switch, #{prefix} NUMBER: open `,
  ],
  ['status-right-length', '110'],
];

/** Window options of the status line. */
export const STATUS_WINDOW_OPTIONS: readonly (readonly [string, string])[] = [
  ['window-status-format', `#{?#{${NEEDS_USER}},${MARKED} #I #W ! #[default], #I #W }`],
  ['window-status-current-format', `#{?#{${NEEDS_USER}},${MARKED} #I #W ! #[default],#[reverse] #I #W #[noreverse]}`],
  ['window-status-separator', ''],
];

/** Returns the line for the agents with these names. tmux would read `#` as a format or a style. */
export function waitingLine(names: readonly string[]): string {
  if (names.length === 0) return '';
  const text = names.join(', ').replace(/[#\p{Control}]/gu, '');
  const short = text.length > MAX_LINE ? `${text.slice(0, MAX_LINE - 1)}…` : text;
  return `${short} ${names.length === 1 ? 'needs' : 'need'} you`;
}

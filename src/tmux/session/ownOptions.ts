/** The options that TACO relies on, set on its own sessions and windows, independent of the server's configuration. */
import { command } from '../client/quote';

/** Window option of an agent that needs the user. */
export const WAITS_FOR_USER = '@taco_needs';
/** Session option: one line that names the agents that need the user; empty without one. */
export const WAITING_LINE = '@taco_waiting';

const MARKED = '#[bg=colour214#,fg=colour16#,bold]';

/** Session options of the status line. A terminal in VS Code shows none (`attach.ts`), as its tab names the agent. */
const STATUS_OPTIONS: readonly (readonly [string, string])[] = [
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
const STATUS_WINDOW_OPTIONS: readonly (readonly [string, string])[] = [
  ['window-status-format', `#{?#{${WAITS_FOR_USER}},${MARKED} #I #W ! #[default], #I #W }`],
  [
    'window-status-current-format',
    `#{?#{${WAITS_FOR_USER}},${MARKED} #I #W ! #[default],#[reverse] #I #W #[noreverse]}`,
  ],
  ['window-status-separator', ''],
];

/** Session options; an empty value removes all entries of an array option. */
const SESSION_OPTIONS: readonly (readonly [string, string])[] = [
  ['base-index', '0'],
  ['renumber-windows', 'off'],
  ['default-command', ''],
  ['update-environment', ''],
  ['destroy-unattached', 'off'],
  ['detach-on-destroy', 'on'],
  ['default-size', '160x48'],
  ['history-limit', '20000'],
  ['lock-after-time', '0'],
  ['bell-action', 'none'],
  ['visual-activity', 'off'],
];

/** Window options. */
const WINDOW_OPTIONS: readonly (readonly [string, string])[] = [
  ['pane-base-index', '0'],
  ['remain-on-exit', 'on'],
  ['allow-rename', 'off'],
  ['automatic-rename', 'off'],
  ['window-size', 'latest'],
  ['aggressive-resize', 'off'],
  ['synchronize-panes', 'off'],
  ['alternate-screen', 'on'],
  ['monitor-activity', 'off'],
  ['monitor-silence', '0'],
];

/**
 * Server options. Without the first one the server ends while no client is attached; with the second one on, some CLIs
 * read Enter as another key.
 */
const SERVER_OPTIONS: readonly (readonly [string, string])[] = [
  ['exit-unattached', 'off'],
  ['extended-keys', 'off'],
];

/** Returns the hook names in the answer to `show-hooks -g` or `show-hooks -gw`. */
export function hookNames(answer: readonly string[]): readonly string[] {
  return [...new Set(answer.map((line) => /^[a-z][a-z-]+/.exec(line)?.[0] ?? '').filter((name) => name !== ''))];
}

/**
 * Returns the argument arrays that set a session's required options. Hooks of the user's configuration stay active in
 * other sessions.
 */
export function sessionOptions(session: string, hooks: readonly string[]): readonly (readonly string[])[] {
  return [...SESSION_OPTIONS, ...STATUS_OPTIONS, ...hooks.map((name) => [name, ''] as const)].map(([name, value]) => [
    'set-option',
    '-q',
    '-t',
    session,
    name,
    value,
  ]);
}

/** Returns the argument arrays that set a window's required options. */
export function windowOptions(window: string, hooks: readonly string[]): readonly (readonly string[])[] {
  return [...WINDOW_OPTIONS, ...STATUS_WINDOW_OPTIONS, ...hooks.map((name) => [name, ''] as const)].map(
    ([name, value]) => ['set-option', '-q', '-w', '-t', window, name, value],
  );
}

export function serverOptions(): readonly (readonly string[])[] {
  return SERVER_OPTIONS.map(([name, value]) => ['set-option', '-q', '-s', name, value]);
}

/** Returns the required options whose value a format `#{NAME}` shows; arrays are left out. */
export function comparableOptions(): readonly (readonly [name: string, value: string])[] {
  return [...SESSION_OPTIONS, ...WINDOW_OPTIONS, ...SERVER_OPTIONS].filter(([name]) => name !== 'update-environment');
}

export function asCommands(commands: readonly (readonly string[])[]): readonly string[] {
  return commands.map((each) => command(...each));
}

/** Environments that TACO composes. Pure: nothing here reads `process.env`. */
import { basename } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Variables of VS Code's own processes (what VS Code itself keeps out of its integrated terminal), of the terminal that shows the
 * user's shell, of an outer tmux or screen, of the shell itself, and of a TACO agent in whose window this may run.
 */
const FOREIGN: readonly RegExp[] = [
  /^VSCODE_/,
  /^ELECTRON_/,
  /^SNAP(_|$)/,
  /^GDK_PIXBUF_/,
  /^TMUX/,
  /^(STY|WINDOW|WINDOWID|COLUMNS|LINES|TERMCAP)$/,
  /^(TERM|TERM_PROGRAM|TERM_PROGRAM_VERSION|TERM_SESSION_ID|VTE_VERSION|WT_SESSION|WT_PROFILE_ID)$/,
  /^(ITERM|KITTY|WEZTERM|ALACRITTY|GHOSTTY|KONSOLE|ZELLIJ)_/,
  /^(_|PWD|OLDPWD|SHLVL)$/,
  /^TACO_(SESSION|WINDOW|AGENT|PROFILE|SECRET|PROJECT|PROJECT_ID|REDIS|SOCKET|HOOK_CALL)$/,
];

/** What the programs that all projects share may know of the one that starts them first: how to find the user's files and the terminal. */
const SHARED =
  /^(HOME|USER|LOGNAME|SHELL|PATH|LANG|LANGUAGE|LC_\w+|TZ|TERM|COLORTERM|TMPDIR|TMUX_TMPDIR|XDG_\w+|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|DBUS_SESSION_BUS_ADDRESS|SSH_AUTH_SOCK|SSH_CONNECTION|SSH_TTY|EDITOR|VISUAL|LD_LIBRARY_PATH|NIX_\w+|LOCALE_ARCHIVE)$/;

/**
 * The environment of the user's shell, or of the extension host, without what belongs to another program's session there.
 * @param sessionVariables the names by which agent CLIs mark what runs below them
 */
export function userEnvironment(env: Environment, sessionVariables: readonly RegExp[]): Record<string, string> {
  const kept = Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && ![...FOREIGN, ...sessionVariables].some((name) => name.test(entry[0])),
    ),
  );
  // A terminal of VS Code asks its window for passwords, and opens links there.
  if (hasAny(env, /^VSCODE_(GIT_|IPC_HOOK_CLI$)/) || kept['GIT_ASKPASS']?.includes('/extensions/git/'))
    delete kept['GIT_ASKPASS'];
  if (hasAny(env, /^VSCODE_IPC_HOOK_CLI$/)) delete kept['BROWSER'];
  // VS Code's debugger loads itself into each Node; what the user had set, VS Code has put aside.
  if (hasAny(env, /^(VSCODE_INSPECTOR_OPTIONS|ELECTRON_RUN_AS_NODE)$/) || /js-debug/.test(kept['NODE_OPTIONS'] ?? '')) {
    delete kept['NODE_OPTIONS'];
    if (env['VSCODE_NODE_OPTIONS']) kept['NODE_OPTIONS'] = env['VSCODE_NODE_OPTIONS'];
  }
  return kept;
}

/** The environment of a program that serves every project of the user: nothing in it can be one project's secret. */
export function sharedEnvironment(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && SHARED.test(entry[0])),
  );
}

/** What an executable needs to run as Node: nothing, or, for the Electron of a desktop VS Code, to be told so. */
export function nodeVariables(executable: string): Readonly<Record<string, string>> {
  return /^node/i.test(basename(executable)) ? {} : { ELECTRON_RUN_AS_NODE: '1' };
}

function hasAny(env: Environment, names: RegExp): boolean {
  return Object.entries(env).some(([name, value]) => value !== undefined && value !== '' && names.test(name));
}

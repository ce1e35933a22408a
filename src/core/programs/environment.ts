/** Environments that TACO composes. Pure: this module does not read `process.env`. */
import { basename } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Variables that belong to another program:
 * - VS Code's own processes (VS Code keeps the same ones out of its integrated terminal);
 * - the terminal of the user's shell, an outer tmux or screen, and the shell itself;
 * - a TACO agent, if TACO runs in an agent's window.
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

/**
 * Variables that programs shared by all projects get from the process that starts them first. They locate the user's
 * files and terminal.
 */
const SHARED =
  /^(HOME|USER|LOGNAME|SHELL|PATH|LANG|LANGUAGE|LC_\w+|TZ|TERM|COLORTERM|TMPDIR|TMUX_TMPDIR|XDG_\w+|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|DBUS_SESSION_BUS_ADDRESS|SSH_AUTH_SOCK|SSH_CONNECTION|SSH_TTY|EDITOR|VISUAL|LD_LIBRARY_PATH|NIX_\w+|LOCALE_ARCHIVE)$/;

/**
 * Returns the environment of the user's shell or of the extension host, without variables of another program's session.
 * @param sessionVariables names by which agent CLIs mark the programs below them
 */
export function userEnvironment(env: Environment, sessionVariables: readonly RegExp[]): Record<string, string> {
  const allowed = Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && ![...FOREIGN, ...sessionVariables].some((name) => name.test(entry[0])),
    ),
  );
  // A VS Code terminal sends password prompts and links to its own window.
  if (hasAny(env, /^VSCODE_(GIT_|IPC_HOOK_CLI$)/) || allowed['GIT_ASKPASS']?.includes('/extensions/git/'))
    delete allowed['GIT_ASKPASS'];
  if (hasAny(env, /^VSCODE_IPC_HOOK_CLI$/)) delete allowed['BROWSER'];
  // VS Code's debugger loads itself into each Node process; VS Code saves the user's value in VSCODE_NODE_OPTIONS.
  if (
    hasAny(env, /^(VSCODE_INSPECTOR_OPTIONS|ELECTRON_RUN_AS_NODE)$/) ||
    /js-debug/.test(allowed['NODE_OPTIONS'] ?? '')
  ) {
    delete allowed['NODE_OPTIONS'];
    if (env['VSCODE_NODE_OPTIONS']) allowed['NODE_OPTIONS'] = env['VSCODE_NODE_OPTIONS'];
  }
  return allowed;
}

/** Returns the environment of a program that serves all projects of the user. It contains no secret of any project. */
export function sharedEnvironment(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && SHARED.test(entry[0])),
  );
}

/**
 * Returns the variables that make an executable run as Node: none, or ELECTRON_RUN_AS_NODE for desktop VS Code's
 * Electron.
 */
export function nodeVariables(executable: string): Readonly<Record<string, string>> {
  return /^node/i.test(basename(executable)) ? {} : { ELECTRON_RUN_AS_NODE: '1' };
}

function hasAny(env: Environment, names: RegExp): boolean {
  return Object.entries(env).some(([name, value]) => value !== undefined && value !== '' && names.test(name));
}

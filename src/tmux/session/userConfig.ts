/**
 * Applies the user's own tmux configuration to a server that TACO started: keys, colours and mouse, but no commands
 * that run programs. tmux parses the file itself; only commands that set an option or bind a key are applied.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const TAKEN = new Set(['set-option', 'set-window-option', 'bind-key', 'unbind-key']);
const LINE = /^(.*?):(\d+): ((\S+).*)$/;
/** Options whose value tmux runs, or that would interfere before TACO sets its required options again. */
const NOT_TAKEN =
  /^(default-command|default-shell|command-alias|update-environment|exit-.*|destroy-unattached|remain-on-exit)$/;
const HOOK =
  /^(after-|alert-|client-|pane-(died|exited|focus|mode-changed|set-clipboard|title-changed)|session-|window-(layout-changed|linked|pane-changed|renamed|resized|unlinked))/;
/** Maximum depth of files that source other files. */
export const SOURCE_DEPTH = 5;

export interface TakenConfig {
  /** Commands to run, one per element. */
  readonly commands: readonly string[];
  /** Further files that the file sources. */
  readonly sources: readonly string[];
}

/** Returns the files that tmux reads at its start for this user. */
export function userConfigFiles(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const home = env['HOME'];
  const config = env['XDG_CONFIG_HOME'] ?? (home ? join(home, '.config') : undefined);
  return [home ? join(home, '.tmux.conf') : '', config ? join(config, 'tmux', 'tmux.conf') : ''].filter(
    (file) => file !== '' && existsSync(file),
  );
}

/** @param parsed the answer of `source-file -nv FILE`: a line for each command, as `FILE:LINE: COMMAND` */
export function takeConfig(parsed: string): TakenConfig {
  const lines = parsed.split('\n').flatMap((line) => {
    const match = LINE.exec(line);
    return match ? [{ text: match[3] ?? '', name: match[4] ?? '' }] : [];
  });
  const commands: string[] = [];
  const sources: string[] = [];
  lines.forEach(({ text, name }, i) => {
    // tmux also prints the commands inside braces, before the command that contains them.
    if (lines.slice(i + 1).some((later) => later.text.includes(`{ ${text} }`))) return;
    if (name === 'source-file') sources.push(...words(text).filter((word) => word.startsWith('/')));
    if (TAKEN.has(name) && isHarmless(name, text)) commands.push(text);
  });
  return { commands, sources };
}

function isHarmless(name: string, text: string): boolean {
  if (name === 'bind-key' || name === 'unbind-key') return true; // runs when the user presses it
  const option = words(text).find((word, i) => i > 0 && !word.startsWith('-')) ?? '';
  const bare = option.replace(/\[\d+\]$/, '');
  return !text.includes('#(') && !NOT_TAKEN.test(bare) && !HOOK.test(bare);
}

/**
 * Splits a command, as tmux prints it, into words. Removes only the quotes around a word and a backslash before `~`.
 */
function words(text: string): string[] {
  return (text.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? []).map((word) =>
    word.replace(/^"(.*)"$/, '$1').replace(/^\\~/, '~'),
  );
}

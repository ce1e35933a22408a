/**
 * Quotes an argument for tmux's command language (control mode sends commands as lines). In double quotes only `"`,
 * `\`, `$` and a leading `~` (the home folder) are special. A line end would end the command, so line ends and other
 * control bytes are escaped.
 */
export function quote(argument: string): string {
  let out = argument.startsWith('~') ? '"\\' : '"';
  for (const char of argument) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '"' || char === '\\' || char === '$') out += `\\${char}`;
    else if (char === '\n') out += '\\n';
    else if (char === '\r') out += '\\r';
    else if (char === '\t') out += '\\t';
    else if (code < 0x20 || code === 0x7f) out += `\\${code.toString(8).padStart(3, '0')}`;
    else out += char;
  }
  return `${out}"`;
}

/**
 * Escapes text for a place where tmux expands formats, such as a window name, so that tmux shows it unchanged. tmux
 * does not expand `#[` and the `#` directly before it, so these stay as they are.
 */
export function formatText(text: string): string {
  return text.replace(/#+(?!#)(?!\[)/g, '$&$&');
}

/** Escapes the path of one file where tmux expects file patterns, as in `source-file`. */
export function filePattern(path: string): string {
  return path.replace(/[\\*?[\]{}]/g, '\\$&');
}

/** Builds one tmux command from its arguments. Each is quoted, so no argument can become syntax. */
export function command(...args: readonly string[]): string {
  const [name, ...rest] = args;
  return [name, ...rest.map(quote)].join(' ');
}

/**
 * Joins commands into one list, which tmux runs without interleaving another client. After an error tmux drops the
 * rest.
 */
export function commandList(...commands: readonly string[]): string {
  return commands.join(' ; ');
}

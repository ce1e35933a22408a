/**
 * Quoting for tmux's own command language (control mode sends commands as lines). Double quotes keep everything
 * but `"`, `\` and `$`, and a `~` at the beginning, which is the home folder there too; a line end would end the command, so it and other
 * control bytes are written as escapes.
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

/** Text where tmux expands formats, as in the name of a window: it stands there as it is. A `#[` is kept by tmux, and so are all `#` before it. */
export function formatText(text: string): string {
  return text.replace(/#+(?!#)(?!\[)/g, '$&$&');
}

/** The path of one file where tmux takes patterns of file names, as `source-file` does. */
export function filePattern(path: string): string {
  return path.replace(/[\\*?[\]{}]/g, '\\$&');
}

/** One tmux command from its arguments; each is quoted, so nothing in it can become syntax. */
export function command(...args: readonly string[]): string {
  const [name, ...rest] = args;
  return [name, ...rest.map(quote)].join(' ');
}

/** Commands that tmux runs as one list, without letting another client in between; the rest is dropped after an error. */
export function commandList(...commands: readonly string[]): string {
  return commands.join(' ; ');
}

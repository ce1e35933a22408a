/**
 * Quoting for tmux's own command language (control mode sends commands as lines). Double quotes keep everything
 * but `"`, `\` and `$`; a line end would end the command, so it and other control bytes are written as escapes.
 */
export function quote(argument: string): string {
  let out = '"';
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

/** One tmux command from its arguments; each is quoted, so nothing in it can become syntax. */
export function command(...args: readonly string[]): string {
  const [name, ...rest] = args;
  return [name, ...rest.map(quote)].join(' ');
}

/** Commands that tmux runs as one list, without letting another client in between; the rest is dropped after an error. */
export function commandList(...commands: readonly string[]): string {
  return commands.join(' ; ');
}

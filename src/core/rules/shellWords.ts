/**
 * Reads a shell command word by word, for rules. It understands only what cannot hide a program: anything else (an
 * expansion, a substitution, a redirection, a group) makes the whole command unreadable. Pure, without zod.
 */

/** Returns the simple commands of `a b && c | d`, each as its words; null when a part could be something else. */
export function shellCommands(text: string): readonly (readonly string[])[] | null {
  const commands: string[][] = [[]];
  let word: string | null = null;
  const end = (): void => {
    if (word !== null) commands.at(-1)?.push(word);
    word = null;
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === "'") {
      const close = text.indexOf("'", at + 1);
      if (close < 0) return null;
      word = (word ?? '') + text.slice(at + 1, close);
      at = close;
    } else if (char === '"') {
      const close = text.indexOf('"', at + 1);
      const inner = close < 0 ? '\\' : text.slice(at + 1, close);
      if (/[$`\\!]/.test(inner)) return null;
      word = (word ?? '') + inner;
      at = close;
    } else if (char === ' ' || char === '\t') end();
    else if (char === ';' || char === '\n' || char === '|' || char === '&') {
      end();
      // A command in the background (`&`) and `|&` are read like any other next command.
      if (commands.at(-1)?.length) commands.push([]);
    } else if (/[\w./:=@%+,^-]/.test(char) || char.charCodeAt(0) > 0xa0) word = (word ?? '') + char;
    else return null;
  }
  end();
  const found = commands.filter(({ length }) => length > 0);
  return found.length > 0 ? found : null;
}

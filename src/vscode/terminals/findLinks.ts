/** Finds links in a line of an agent's terminal: files, and agents by their names. */

export interface FoundLink {
  /** Column in the line, from 0. */
  readonly start: number;
  readonly length: number;
  readonly target:
    | { readonly kind: 'file'; readonly path: string; readonly line: number; readonly column: number }
    | { readonly kind: 'agent'; readonly name: string };
}

/** Characters of a path. Matched first, so that the cost of any line is linear in its length. */
const WORD = /[\w@.+~/-]+/g;
const LONGEST_PATH = 300;
/** A path with a folder or an extension. */
const PATH = /^(?:~|\.{1,2})?(?:\/?[\w@.+-]+)(?:\/[\w@.+-]+)*\/?$/;
const EXTENSION = /[\w@+-]\.[A-Za-z]\w{0,9}$/;
/** Position in the file: `:3:7`, `(3,7)`. */
const POSITION = /^(?::(\d{1,7})(?::(\d{1,5}))?|\((\d{1,7})(?:,\s?(\d{1,5}))?\))/;
const WEB = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s)\]}>"']+/gi;
/** Maximum length of a line that is searched for links. */
const LONGEST_LINE = 4000;

/** Returns files first; a name inside a path or a URL does not count. The caller checks whether a file exists. */
export function findLinks(line: string, agentNames: readonly string[]): readonly FoundLink[] {
  const text = line.slice(0, LONGEST_LINE);
  const taken = [...text.matchAll(WEB)]
    .filter(([url]) => !url.startsWith('file://'))
    .map((match) => [match.index, match.index + match[0].length] as const);
  const isTaken = (start: number, length: number): boolean =>
    taken.some(([from, to]) => start < to && start + length > from);
  const links: FoundLink[] = [];
  for (const match of text.matchAll(WORD)) {
    const path = match[0].replace(/[.-]+$/, '');
    const isPath =
      path.length <= LONGEST_PATH && (path.includes('/') || EXTENSION.test(path)) && /\w/.test(path) && PATH.test(path);
    if (!isPath || isTaken(match.index, path.length)) continue;
    const [at = '', line1, column1, line2, column2] =
      POSITION.exec(text.slice(match.index + path.length, match.index + path.length + 20)) ?? [];
    const length = path.length + at.length;
    taken.push([match.index, match.index + length]);
    links.push({
      start: match.index,
      length,
      target: { kind: 'file', path, line: Number(line1 ?? line2 ?? 1), column: Number(column1 ?? column2 ?? 1) },
    });
  }
  for (const match of text.matchAll(/[A-Za-z][\w-]*/g)) {
    const [word] = match;
    const name = agentNames.find((each) => each.toLowerCase() === word.toLowerCase());
    if (name === undefined || isTaken(match.index, word.length)) continue;
    links.push({ start: match.index, length: word.length, target: { kind: 'agent', name } });
  }
  return links;
}

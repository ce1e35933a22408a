/** Finds links in a line of an agent's terminal: files, and agents by their names. */
import { nameKey } from '../../core/base/agentName';

export interface FoundLink {
  /** Column in the line, from 0. */
  readonly start: number;
  readonly length: number;
  readonly target:
    | { readonly kind: 'file'; readonly path: string; readonly line: number; readonly column: number }
    | { readonly kind: 'agent'; readonly name: string };
}

interface Position {
  readonly line: number;
  readonly column: number;
  /** Length of the position after the path, characters. */
  readonly length: number;
}

const MAX_LINE_LENGTH = 4000;
const MAX_PATH_LENGTH = 300;
/** Maximum number of words in a path: `docs/My Notes/list.md` has two. */
const MAX_WORDS = 8;
/** Maximum number of words in a file name without a folder: `My Notes.md` has two. */
const MAX_NAME_WORDS = 3;
/** Maximum number of file lookups for one line: the file system must not slow a terminal down. */
const MAX_LOOKUPS = 300;
const WEB = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s)\]}>"']+/gi;
const FILE_URI = /\bfile:\/\/(?:localhost)?(\/[^\s"'<>`]*)/gi;
/** A path may begin after one of these inside a word: `Update(src/a.ts)`, `"docs/a.md"`, `file=a.ts`. */
const OPENERS = /[([{<"'`=,:;|«‹“‘「『（【《、：]/gu;
/** A path seldom ends in one of these: they belong to the sentence around it. */
const CLOSERS = /[)\]}>"'`=,.:;|!?…»›”’」』）】》、。：，！？-]$/u;
/** `:3:7`, `(3,7)`, `#L3`, and as Python writes it: `", line 3`. */
const POSITION =
  /^(?::(\d{1,7})(?::(\d{1,5}))?(?!\d)|\((\d{1,7})(?:[,:]\s?(\d{1,5}))?\)|#L(\d{1,7})(?:C(\d{1,5}))?|"?, line (\d{1,7}))/;
/** The start of a position inside a word. */
const POSITION_START = /:\d|\(\d|#L\d/g;
const EXTENSION = /[^\s./\\]\.[\p{L}][\p{L}\p{N}_]{0,9}$/u;

/**
 * Finds links, files first: a name inside a path or a URL is not an agent's name. Only text that `isFile` accepts is a
 * path, so a path with spaces, brackets or letters of any script is linked whole or not at all.
 * @param isFile whether a path, as written in the line, names a file or a folder
 */
export function findLinks(
  line: string,
  agentNames: readonly string[],
  isFile: (path: string) => boolean,
): readonly FoundLink[] {
  return new LinkFinder(line.slice(0, MAX_LINE_LENGTH), agentNames, isFile).find();
}

class LinkFinder {
  private readonly links: FoundLink[] = [];
  /** Ranges that already have a link: from, to. */
  private readonly taken: (readonly [number, number])[] = [];
  private readonly known = new Map<string, boolean>();

  constructor(
    private readonly text: string,
    private readonly agentNames: readonly string[],
    private readonly isFile: (path: string) => boolean,
  ) {}

  find(): readonly FoundLink[] {
    for (const match of this.text.matchAll(FILE_URI)) this.addUri(match.index, match[0], match[1] ?? '');
    for (const { index, 0: url } of this.text.matchAll(WEB))
      if (!this.isTaken(index, url.length)) this.taken.push([index, index + url.length]);
    const words = [...this.text.matchAll(/\S+/g)].map(({ index, 0: word }) => ({
      from: index,
      to: index + word.length,
    }));
    for (const [at, { from, to }] of words.entries()) {
      const ends = words.slice(at, at + MAX_WORDS).map((word) => word.to);
      for (const start of startsIn(this.text, from, to)) if (this.addPath(start, ends)) break;
    }
    this.addNames();
    return this.links;
  }

  /** Links the longest path that begins at `start`. */
  private addPath(start: number, wordEnds: readonly number[]): boolean {
    if (this.isTaken(start, 1)) return false;
    for (const wordEnd of wordEnds.toReversed()) {
      if (wordEnd - start > MAX_PATH_LENGTH) continue;
      for (const end of endsIn(this.text, start, wordEnd)) {
        const path = this.text.slice(start, end);
        if (this.isTaken(start, path.length) || !this.isKnown(path)) continue;
        this.add(start, end, path);
        return true;
      }
    }
    return false;
  }

  private isKnown(path: string): boolean {
    if (!/[\p{L}\p{N}]/u.test(path)) return false;
    const slash = path.indexOf('/');
    if (slash < 0) return EXTENSION.test(path) && path.split(' ').length <= MAX_NAME_WORDS && this.exists(path);
    // Most candidates in a sentence fail at their first folder, which many of them share.
    return (slash === 0 || this.exists(path.slice(0, slash + 1))) && this.exists(path);
  }

  private exists(path: string): boolean {
    const known = this.known.get(path);
    if (known !== undefined) return known;
    if (this.known.size >= MAX_LOOKUPS) return false;
    const found = this.isFile(path);
    this.known.set(path, found);
    return found;
  }

  private addUri(start: number, uri: string, encoded: string): void {
    const prefix = uri.length - encoded.length;
    for (const end of endsIn(uri, prefix, uri.length)) {
      const path = decoded(uri.slice(prefix, end));
      if (path === null || !this.isKnown(path)) continue;
      this.add(start, start + end, path);
      return;
    }
    this.taken.push([start, start + uri.length]);
  }

  private add(start: number, end: number, path: string): void {
    const { line, column, length } = positionAt(this.text, end);
    this.taken.push([start, end + length]);
    this.links.push({ start, length: end + length - start, target: { kind: 'file', path, line, column } });
  }

  private addNames(): void {
    for (const { index, 0: word } of this.text.matchAll(/[A-Za-z][\w-]*/g)) {
      const name = this.agentNames.find((each) => nameKey(each) === nameKey(word));
      if (name === undefined || this.isTaken(index, word.length)) continue;
      this.links.push({ start: index, length: word.length, target: { kind: 'agent', name } });
    }
  }

  private isTaken(start: number, length: number): boolean {
    return this.taken.some(([from, to]) => start < to && start + length > from);
  }
}

/** Returns the word's own start, then the position after each opening character in it. */
function startsIn(text: string, from: number, to: number): readonly number[] {
  const behind = [...text.slice(from, to).matchAll(OPENERS)].map(
    ({ index, 0: opener }) => from + index + opener.length,
  );
  return [from, ...behind.filter((start) => start < to)].slice(0, 12);
}

/**
 * Returns the ends that a path from `start` may have in its last word, longest first: the end of the word, the same
 * without closing characters, and the start of each position.
 */
function endsIn(text: string, start: number, wordEnd: number): readonly number[] {
  const ends = new Set<number>([wordEnd]);
  const wordStart = Math.max(start, text.lastIndexOf(' ', wordEnd - 1) + 1);
  const word = text.slice(wordStart, wordEnd);
  for (const { index } of word.matchAll(POSITION_START)) if (index > 0) ends.add(wordStart + index);
  for (const end of [...ends]) {
    let stripped = end;
    for (let n = 0; n < 6 && stripped > start + 1; n++) {
      const closer = CLOSERS.exec(text.slice(Math.max(start, stripped - 2), stripped));
      if (!closer) break;
      stripped -= closer[0].length;
      ends.add(stripped);
    }
  }
  return [...ends]
    .filter((end) => end > start)
    .sort((a, b) => b - a)
    .slice(0, 16);
}

function positionAt(text: string, end: number): Position {
  const [matched = '', ...groups] = POSITION.exec(text.slice(end, end + 24)) ?? [];
  const [line = '1', column = '1'] = [
    groups[0] ?? groups[2] ?? groups[4] ?? groups[6],
    groups[1] ?? groups[3] ?? groups[5],
  ];
  return { line: Number(line), column: Number(column), length: matched.length };
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

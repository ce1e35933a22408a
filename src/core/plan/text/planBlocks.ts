/** A block of the text that may hold a plan. */
export interface PlanBlock {
  /** Text between the markers (up to the end of the text when `closed` is false). */
  readonly content: string;
  /** Text before the content on its line, marker included; it shows where the terminal wrapped. */
  readonly lead: string;
  /** Spaces before the end marker on its line; null when other text precedes it. */
  readonly endIndent: number | null;
  readonly closed: boolean;
  /**
   * True when its markers contain backslashes, as a program that escapes Markdown writes them; its JSON may be escaped,
   * too.
   */
  readonly isEscaped?: boolean;
}

export interface FoundBlocks {
  /** Possible readings of the last block, most likely first; empty when there is none. */
  readonly readings: readonly PlanBlock[];
  /** True when the last block is only an example of a plan, and no other block is a plan. */
  readonly isExample: boolean;
  /** True when the text has an end marker but no start marker. */
  readonly headless: boolean;
}

interface Marker {
  readonly start: boolean;
  readonly from: number;
  readonly to: number;
  readonly isEscaped: boolean;
}

// A terminal may have broken the marker over two lines, with an indent or a border on the second.
const BREAK = '(?:[ \\t]{0,8}\\r?\\n[ \\t│┃|]{0,8})?';
const spelled = (word: string) => [...word].map((letter) => (letter === '_' ? '\\\\?_' : letter)).join(BREAK);
const MARKER = new RegExp(
  `(?<![A-Za-z0-9_])${spelled('AGENT_SPEC_')}${BREAK}(?:${spelled('JSON_')}${BREAK})?(${spelled('START')}|${spelled('END')})(?![A-Za-z0-9_])`,
  'gi',
);

/** Text allowed between a start marker and the plan's first bracket: fences, bullets, borders, prompts; no prose. */
const OPENING = /(?:[\s`*:⏺●•⎿│┃❯|]|json\b|[a-z]{1,12}>){0,2000}(?:[{[]|agent[ \t]*:)/iy;
const TEXT_AGENT = /(?:^|\n)[^\n\p{L}]{0,40}agent[ \t]*:/iu;

/** Maximum length of an example, characters. */
const MAX_EXAMPLE = 4096;
const STRING = /"(?:[^"\\]|\\[^])*"/g;
/** A placeholder instead of an agent's name: `...`, `<name>`. */
const PLACEHOLDER_NAME = /"name"\s*:\s*"(?:\.{3}|…|<[^"<>]*>)?"/;
/** An omission instead of a value. */
const ELLIPSIS = /[[{,:]\s*(?:\.{3}|…)/;
const AGENT_MEMBER = /["'“]?\b(?:name|role)["'”]?\s*:/;

/**
 * Finds the last block that is a plan. A text may mention the markers (the prompt that asks for a plan does). A start
 * marker thus counts only if something like a plan follows it: a bracket, an `AGENT:` line, or markers on their own
 * lines. An example counts only if no other block is a plan. Linear in the length of the text.
 */
export function findBlocks(text: string): FoundBlocks {
  const markers = markersOf(text);
  let nextEnd: Marker | undefined;
  let example: readonly PlanBlock[] = [];
  for (let index = markers.length - 1; index >= 0; index--) {
    const marker = markers[index]!;
    if (!marker.start) {
      nextEnd = marker;
      continue;
    }
    const next = markers[index + 1];
    if (!holdsPlan(text, marker, next)) continue;
    const isExample = showsForm(text.slice(marker.to, next?.from), next !== undefined && !next.start);
    if (isExample && example.length > 0) continue;
    const readings = readingsOf(text, markers, index, nextEnd);
    if (!isExample) return { readings, isExample, headless: false };
    example = readings;
  }
  return {
    readings: example,
    isExample: example.length > 0,
    headless: markers.length > 0 && !markers.some(({ start }) => start),
  };
}

/**
 * Returns whether the content of a block is an example without agents: it omits values or has placeholders for names.
 * @param closed false for a block without an end, which may have been cut off before its first agent
 */
export function showsForm(content: string, closed: boolean): boolean {
  if (content.length > MAX_EXAMPLE || TEXT_AGENT.test(content)) return false;
  if (PLACEHOLDER_NAME.test(content) || ELLIPSIS.test(content.replace(STRING, '""'))) return true;
  return closed && !AGENT_MEMBER.test(content);
}

function markersOf(text: string): Marker[] {
  const markers: Marker[] = [];
  for (const match of text.matchAll(MARKER)) {
    // The last letter distinguishes START from END, however the word was broken.
    markers.push({
      start: /t$/i.test(match[1] ?? ''),
      from: match.index,
      to: match.index + match[0].length,
      isEscaped: match[0].includes('\\'),
    });
  }
  return markers;
}

function holdsPlan(text: string, marker: Marker, next: Marker | undefined): boolean {
  OPENING.lastIndex = marker.to;
  if (OPENING.test(text)) return true;
  if (!next || next.start) return false;
  const between = text.slice(marker.to, next.from);
  return (
    between.includes('{') ||
    TEXT_AGENT.test(between) ||
    (/^[ \t`*]*\r?\n/.test(between) && /\n[^\n\p{L}\p{N}]*$/u.test(between))
  );
}

function readingsOf(text: string, markers: readonly Marker[], index: number, end: Marker | undefined): PlanBlock[] {
  const start = markers[index]!;
  const next = markers[index + 1];
  if (!end) return [blockOf(text, start, next, false)];

  const readings = [blockOf(text, start, end, true)];
  // A string of the plan may contain an end marker: read on to the last one ...
  let last = markers.indexOf(end, index);
  while (markers[last + 1]?.start === false) last++;
  if (markers[last] !== end) readings.push(blockOf(text, start, markers[last], true));
  // ... or a start marker: begin at the previous one.
  const before = markers[index - 1];
  if (before?.start) {
    OPENING.lastIndex = before.to;
    if (OPENING.test(text)) readings.push(blockOf(text, before, end, true));
  }
  // Otherwise a start marker in between means that the block was cut off.
  if (next !== end) readings.push(blockOf(text, start, next, false));
  return readings;
}

function blockOf(text: string, start: Marker, end: Marker | undefined, closed: boolean): PlanBlock {
  const to = end?.from ?? text.length;
  const before = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', to - 1) + 1, to));
  const alone = before !== null && before[0].length === to - (text.lastIndexOf('\n', to - 1) + 1);
  return {
    content: text.slice(start.to, to),
    lead: text.slice(text.lastIndexOf('\n', start.to - 1) + 1, start.to),
    endIndent: closed && alone ? before[0].length : null,
    closed,
    ...(start.isEscaped ? { isEscaped: true } : {}),
  };
}

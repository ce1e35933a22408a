/** A place in the text where a plan is. */
export interface PlanBlock {
  /** What stands between the markers (to the end of the text when `closed` is false). */
  readonly content: string;
  /** Everything that stands before the content on the same line, marker included: needed to know where the terminal wrapped. */
  readonly lead: string;
  /** Blanks before the end marker on its line; null when it is not the first thing there. */
  readonly endIndent: number | null;
  readonly closed: boolean;
  /** True when its markers were written with backslashes, as a program that escapes Markdown does: then its JSON may be as well. */
  readonly isEscaped?: boolean;
}

export interface FoundBlocks {
  /** Ways to read the last block, the likeliest first; empty when there is none. */
  readonly readings: readonly PlanBlock[];
  /** True when the last block only shows the form of a plan, and no other block is a plan. */
  readonly isExample: boolean;
  /** True when there is an end marker that no start marker precedes. */
  readonly headless: boolean;
}

interface Marker {
  readonly start: boolean;
  readonly from: number;
  readonly to: number;
  readonly isEscaped: boolean;
}

// A terminal may have broken the marker itself over two lines, with an indent or a border on the second.
const BREAK = '(?:[ \\t]{0,8}\\r?\\n[ \\t│┃|]{0,8})?';
const spelled = (word: string) => [...word].map((letter) => (letter === '_' ? '\\\\?_' : letter)).join(BREAK);
const MARKER = new RegExp(
  `(?<![A-Za-z0-9_])${spelled('AGENT_SPEC_')}${BREAK}(?:${spelled('JSON_')}${BREAK})?(${spelled('START')}|${spelled('END')})(?![A-Za-z0-9_])`,
  'gi',
);

/** What may stand between a start marker and the plan's first bracket: fences, bullets, borders, prompts; nothing that reads as prose. */
const OPENING = /(?:[\s`*:⏺●•⎿│┃❯|]|json\b|[a-z]{1,12}>){0,2000}(?:[{[]|agent[ \t]*:)/iy;
const TEXT_AGENT = /(?:^|\n)[^\n\p{L}]{0,40}agent[ \t]*:/iu;

/** An example is short. */
const MAX_EXAMPLE = 4096;
const STRING = /"(?:[^"\\]|\\[^])*"/g;
/** An agent with a name that is none: `...`, `<name>`. */
const PLACEHOLDER_NAME = /"name"\s*:\s*"(?:\.{3}|…|<[^"<>]*>)?"/;
/** Something left out where a value would stand. */
const ELLIPSIS = /[[{,:]\s*(?:\.{3}|…)/;
const AGENT_MEMBER = /["'“]?\b(?:name|role)["'”]?\s*:/;

/**
 * Finds the last block that is a plan. A text may speak of the markers (the prompt that asks for a plan does), so a start marker
 * counts only if something like a plan follows it: a bracket, an `AGENT:` line, or markers on lines of their own. A block that only
 * shows the form of a plan counts where no other does. Linear in the length of the text.
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
 * True when the content of a block describes no agent: it leaves something out, or has placeholders for names.
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
    // The last letter tells START from END, however the word was broken.
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
  // A string of the plan may hold an end marker: read on to the last one ...
  let last = markers.indexOf(end, index);
  while (markers[last + 1]?.start === false) last++;
  if (markers[last] !== end) readings.push(blockOf(text, start, markers[last], true));
  // ... or a start marker: begin at the one before.
  const before = markers[index - 1];
  if (before?.start) {
    OPENING.lastIndex = before.to;
    if (OPENING.test(text)) readings.push(blockOf(text, before, end, true));
  }
  // With a start marker in between, and none of these a plan, the block was cut off.
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

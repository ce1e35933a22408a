/** Short forms of texts for places with little room. */
import { cleanText } from './sanitizeText';

/** Direction marks; they can make one line look like another. */
const DIRECTION_MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Returns the first non-empty line, trimmed, with at most `limit` characters. */
export function firstLine(text: string, limit = Infinity): string {
  return shortened(
    text
      .split('\n')
      .map((line) => line.trim())
      .find(Boolean) ?? '',
    limit,
  );
}

/** Returns at most `limit` characters; `…` replaces the rest. A surrogate pair is never split. */
export function shortened(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
}

/**
 * Returns one safe line: no control bytes, no escape sequences, line ends shown as `⏎`. Reads at most `limit`
 * characters.
 */
export function oneLine(text: string, limit = 1000): string {
  return cleanText(text.slice(0, limit))
    .replace(DIRECTION_MARKS, '')
    .trim()
    .replace(/\s*\n\s*/g, ' ⏎ ');
}

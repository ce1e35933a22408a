/** What of a text is shown where there is little room. */
import { cleanText } from './sanitizeText';

/** Marks that change the direction of what follows: they could make one line look like another. */
const DIRECTION_MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The first line that says something, without the blanks around it: at most `limit` characters. */
export function firstLine(text: string, limit = Infinity): string {
  return shortened(
    text
      .split('\n')
      .map((line) => line.trim())
      .find(Boolean) ?? '',
    limit,
  );
}

/** At most `limit` characters; `…` stands for what was cut off. A character of two halves is never left as one. */
export function shortened(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
}

/** One line of harmless text: no control bytes, no escape sequences, line ends shown as `⏎`; at most `limit` characters are looked at. */
export function oneLine(text: string, limit = 1000): string {
  return cleanText(text.slice(0, limit))
    .replace(DIRECTION_MARKS, '')
    .trim()
    .replace(/\s*\n\s*/g, ' ⏎ ');
}

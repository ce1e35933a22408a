/** What of a text is shown where there is little room. */

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

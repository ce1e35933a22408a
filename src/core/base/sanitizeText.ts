/**
 * Text equality (docs/text-equality.md): control bytes are dropped, a tab becomes four spaces, CRLF and CR become LF, and
 * trailing whitespace of the whole text may be trimmed.
 */

const TAB_AS_SPACES = '    ';
// Everything that a terminal interprets: C0 except LF and TAB, DEL, C1, and whole escape sequences.
const ESCAPE_SEQUENCE =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|[ -/]*[0-~])?/g;
const CONTROL_BYTES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Returns the text that may be typed into a terminal: no control bytes, tabs as spaces, LF line ends, no lone
 * surrogates.
 */
export function cleanText(text: string): string {
  return withoutControls(text).replace(/\t/g, TAB_AS_SPACES);
}

/** Returns the text without control bytes and lone surrogates, with LF line ends; tabs stay. */
export function withoutControls(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(ESCAPE_SEQUENCE, '').replace(CONTROL_BYTES, '').toWellFormed();
}

/** Returns the bytes of a text as it is typed: what the limit of a message counts. */
export function typedBytes(text: string): number {
  return new TextEncoder().encode(cleanText(text).trimEnd()).length;
}

/**
 * Removes blank lines at both ends of a text of several lines; the indent of its first line stays. A single line is
 * trimmed.
 */
export function trimBlankEnds(text: string): string {
  const block = text.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
  return block.includes('\n') ? block : block.trimStart();
}

/** Returns whether `got` equals `sent` by the rule of text equality. */
export function isSameText(sent: string, got: string): boolean {
  return cleanText(sent).trimEnd() === cleanText(got).trimEnd();
}

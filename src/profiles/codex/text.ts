/**
 * Converts messages so that Codex reads them as text, and defines its text equality. A separate file, because the
 * prompt check loads only this.
 */
import { cleanText, isSameText } from '../../core/base/sanitizeText';

/** Shell and command characters at the start. A space before them removes their meaning, and Codex trims the space. */
const LEADING_SIGN = /^[!/]/;

/** Converts a message. Adds a space at the end, which Codex trims, so that no file menu is open at Enter. */
export function codexTextToType(message: string): string {
  const text = cleanText(message).trimEnd();
  return `${LEADING_SIGN.test(text) ? ' ' : ''}${text} `;
}

/** Text equality (docs/text-equality.md): as `isSameText`, but ignores spaces at the start, because Codex trims them. */
export function codexSameText(message: string, prompt: string): boolean {
  return isSameText(message.trimStart(), prompt.trimStart());
}

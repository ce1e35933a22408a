/** What is pasted so that Codex takes it as text, and what counts as the same text. A file of its own: the door needs no more than this. */
import { cleanText, isSameText } from '../../core/base/sanitizeText';

/** Shell and command signs at the very beginning. A blank before them cures it, and Codex trims the blank. */
const LEADING_SIGN = /^[!/]/;

/** A blank at the end, which Codex trims: no menu of files is open when Enter comes. */
export function codexTextToType(message: string): string {
  const text = cleanText(message).trimEnd();
  return `${LEADING_SIGN.test(text) ? ' ' : ''}${text} `;
}

/** The written rule (docs/same-text.md): as `isSameText`, and blanks at the beginning do not count, since Codex trims them. */
export function codexSameText(message: string, prompt: string): boolean {
  return isSameText(message.trimStart(), prompt.trimStart());
}

/**
 * Converts messages so that Copilot CLI reads them as text, and defines its text equality. A separate file, because the
 * prompt check loads only this.
 */
import { cleanText, isSameText } from '../../core/base/sanitizeText';

/**
 * Shell, commands and words that exit: Copilot ignores spaces before them, so only a visible marker makes them text.
 */
const COMMAND = /^\s*(?:[!/]|(?:exit|quit|:q!?|:wq!?|:x)\s*$)/i;

/**
 * Converts a message. Adds a space at the end, which Copilot trims: no menu of files or issues is open at Enter, and a
 * trailing backslash does not make it a newline.
 */
export function copilotTextToType(message: string): string {
  const text = cleanText(message).trimEnd();
  return `${guardOf(text)}${text} `;
}

/** Text equality (docs/text-equality.md): as `isSameText`, but ignores a guard before the text and spaces at the start. */
export function copilotSameText(message: string, prompt: string): boolean {
  const sent = cleanText(message).trimStart();
  const got = prompt.trimStart();
  return isSameText(sent, got) || isSameText(guardOf(sent) + sent, got);
}

function guardOf(text: string): string {
  return COMMAND.test(text) ? '» ' : '';
}

/** What is pasted so that Copilot CLI takes it as text, and what counts as the same text. A file of its own: the door needs no more than this. */
import { cleanText, isSameText } from '../../core/base/sanitizeText';

/** Shell, commands and words for leaving: blanks before them do not count, so only a visible mark makes them text. */
const COMMAND = /^\s*(?:[!/]|(?:exit|quit|:q!?|:wq!?|:x)\s*$)/i;

/** A blank at the end, which Copilot trims: no menu of files or issues is open when Enter comes, and a trailing backslash makes no newline. */
export function copilotTextToType(message: string): string {
  const text = cleanText(message).trimEnd();
  return `${guardOf(text)}${text} `;
}

/** The written rule (docs/same-text.md): as `isSameText`, and neither a guard before the text nor blanks at the beginning count. */
export function copilotSameText(message: string, prompt: string): boolean {
  const sent = cleanText(message).trimStart();
  const got = prompt.trimStart();
  return isSameText(sent, got) || isSameText(guardOf(sent) + sent, got);
}

function guardOf(text: string): string {
  return COMMAND.test(text) ? '» ' : '';
}

/**
 * Converts messages so that OpenCode reads them as text, and defines its text equality. A separate file, because the
 * prompt check loads only this.
 */
import { isSamePrompt, typable } from '../shared/promptText';

/** OpenCode runs a known command even when it is pasted, and these words end the program. */
const COMMAND = /^\s*(?:\/|(?:exit|quit|:q)\s*$)/;

/** Converts a message. Adds a space at the end, so that no file menu is open at Enter. */
export function openCodeTextToType(message: string): string {
  const text = typable(message);
  return `${guardOf(text)}${text} `;
}

export function openCodeSameText(message: string, prompt: string): boolean {
  return isSamePrompt(message, prompt, guardOf);
}

function guardOf(text: string): string {
  return COMMAND.test(text) ? '» ' : '';
}

/**
 * Converts messages so that Qwen Code reads them as text, and defines its text equality. Qwen Code is made from Gemini
 * CLI. A separate file, because the prompt check loads only this.
 */
import { isSameAsGemini } from '../gemini/text';
import { typable } from '../shared/promptText';

/** Qwen Code runs a command even when it is pasted, and these words end the program. */
const COMMAND = /^\s*(?:\/|(?:exit|quit|:q!?|:wq!?)\s*$)/i;

/** Converts a message. Adds a space at the end: no file menu is open at Enter, and a trailing backslash adds no newline. */
export function qwenTextToType(message: string): string {
  const text = typable(message);
  return `${guardOf(text)}${text} `;
}

export function qwenSameText(message: string, prompt: string): boolean {
  return isSameAsGemini(message, prompt, guardOf);
}

function guardOf(text: string): string {
  return COMMAND.test(text) ? '» ' : '';
}

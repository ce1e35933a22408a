/** What is pasted so that OpenCode takes it as text, and what counts as the same text. A file of its own: the door needs no more than this. */
import { isSamePrompt, typable } from '../shared/promptText';

/** A known command is run, also when it was pasted, and these words end the program. */
const COMMAND = /^\s*(?:\/|(?:exit|quit|:q)\s*$)/;

/** With a blank at the end: no menu of files is open when Enter comes. */
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

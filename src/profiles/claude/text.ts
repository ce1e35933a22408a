/** What is typed so that Claude Code takes it as text, and what counts as the same text. A file of its own: the door needs no more than this. */
import { isSamePrompt, typable } from '../shared/promptText';

/** Signs that mean something else than themselves at the very beginning: shell, memory, file, background, help. A blank before them cures it. */
const LEADING_SIGN = /^[!#@&?]/;
/** Commands and words for leaving: blanks before them do not count, so only a visible mark makes them text. */
const COMMAND = /^\s*(?:\/|(?:exit|quit|:q!?|:wq!?|:x)\s*$)/i;

/**
 * - Marks that steer the direction of writing are dropped: 2.1.331 removes them and then wants a second Enter.
 * - A blank at the end, which Claude Code trims: no completion menu is open when Enter comes, and a trailing backslash does not
 *   make it a newline.
 * - A blank, or a visible mark, before what would not be text at the beginning. Messages of agents have their envelope there.
 */
export function claudeTextToType(message: string): string {
  const text = typable(message);
  return `${guardOf(text)}${text} `;
}

export function claudeSameText(message: string, prompt: string): boolean {
  return isSamePrompt(message, prompt, guardOf);
}

function guardOf(text: string): string {
  if (COMMAND.test(text)) return '» ';
  return LEADING_SIGN.test(text) ? ' ' : '';
}

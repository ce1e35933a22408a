/** What is typed so that Claude Code takes it as text, and what counts as the same text. A file of its own: the door needs no more than this. */
import { cleanText, isSameText } from '../core/text';

/** Signs that mean something else than themselves at the very beginning: shell, memory, file, background, help. A blank before them cures it. */
const LEADING_SIGN = /^[!#@&?]/;
/** Commands and words for leaving: blanks before them do not count, so only a visible mark makes them text. */
const COMMAND = /^\s*(?:\/|(?:exit|quit|:q!?|:wq!?|:x)\s*$)/i;
/** Line ends of other alphabets, which 2.1.331 turns into newlines. */
const LINE_SEPARATORS = /[\u2028\u2029]/g;
const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Characters without a shape: 2.1.331 removes them where no script or emoji needs them, 2.1.197 keeps them. */
const SHAPELESS = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/**
 * - Marks that steer the direction of writing are dropped: 2.1.331 removes them and then wants a second Enter.
 * - A blank at the end, which Claude Code trims: no completion menu is open when Enter comes, and a trailing backslash does not
 *   make it a newline.
 * - A blank, or a visible mark, before what would not be text at the beginning. Messages of agents have their envelope there.
 */
export function claudeTextToType(message: string): string {
  const text = cleanText(message).replace(LINE_SEPARATORS, '\n').replace(BIDI_CONTROLS, '').trimEnd();
  return `${guardOf(text)}${text} `;
}

/**
 * The written rule (docs/same-text.md): besides `isSameText`, characters without a shape do not count, nor does a guard before the
 * text, and composed and decomposed characters are the same.
 */
export function claudeSameText(message: string, prompt: string): boolean {
  const sent = shaped(message);
  const got = shaped(prompt);
  return isSameText(sent, got) || isSameText(guardOf(sent) + sent, got);
}

function guardOf(text: string): string {
  if (COMMAND.test(text)) return '» ';
  return LEADING_SIGN.test(text) ? ' ' : '';
}

function shaped(text: string): string {
  return cleanText(text).replace(LINE_SEPARATORS, '\n').replace(SHAPELESS, '').normalize('NFC');
}

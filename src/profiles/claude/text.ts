/**
 * Converts messages so that Claude Code reads them as text, and defines its text equality. A separate file, because the
 * prompt check loads only this.
 */
import { isSamePrompt, typable } from '../shared/promptText';

/**
 * Characters with a special meaning at the start: shell, memory, file, background, help. A space before them removes
 * that meaning.
 */
const LEADING_SIGN = /^[!#@&?]/;
/** Commands and words that exit: Claude Code ignores spaces before them, so only a visible marker makes them text. */
const COMMAND = /^\s*(?:\/|(?:exit|quit|:q!?|:wq!?|:x)\s*$)/i;

/**
 * Converts a message:
 * - Removes bidirectional control characters, because 2.1.331 removes them and then requires a second Enter.
 * - Adds a space at the end, which Claude Code trims: no completion menu is open at Enter, and a trailing backslash
 * does not make it a newline.
 * - Adds a space, or a visible marker, before a start that would not be read as text. Messages of agents have their
 * envelope there.
 */
export function claudeTextToType(message: string): string {
  const text = typable(message);
  return `${guardOf(text)}${text} `;
}

export function claudeSameText(message: string, prompt: string): boolean {
  return isSamePrompt(message, prompt, guardOf);
}

const CROSS_SESSION = /^\s*<cross-session-message\b([^>]*)>([^]*?)(?:<\/cross-session-message>|$)/;

/** Reads a prompt that another Claude Code session sent with its own tool. */
export function claudeCrossSessionMessage(prompt: string): { readonly from: string; readonly text: string } | null {
  const [, attributes, text] = CROSS_SESSION.exec(prompt) ?? [];
  if (attributes === undefined || text === undefined) return null;
  const from = /\b(?:from|name)="([^"]*)"/.exec(attributes)?.[1] ?? '';
  return { from, text: text.trim() };
}

function guardOf(text: string): string {
  if (COMMAND.test(text)) return '» ';
  return LEADING_SIGN.test(text) ? ' ' : '';
}

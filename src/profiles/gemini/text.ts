/**
 * Converts messages so that Gemini CLI reads them as text, and defines its text equality. A separate file, because the
 * prompt check loads only this.
 */
import { isSamePrompt, typable } from '../shared/promptText';

/**
 * Gemini CLI ignores spaces before a command and runs a pasted command as well, so only a visible marker makes it text.
 */
const COMMAND = /^\s*\//;
/** Text that Gemini CLI appends to a prompt with a workspace file as `@path`. */
const REFERENCES =
  /\n(?:<system_note>\nThe user has explicitly selected the following agent|--- Content from referenced files ---\n)[^]*$/;
/** Gemini CLI adds a missing space before each `@path`, and changes `@folder/` to `@folder/**`. */
const PATH = /\s*(@[^\s,;!?()[\]{}]+?)(?:\/(?:\*\*)?)?(?=[\s,;!?()[\]{}]|$)/g;

/**
 * Converts a message. Adds a space at the end, which Gemini CLI trims: no file menu is open at Enter, and a trailing
 * backslash does not make it a newline.
 */
export function geminiTextToType(message: string): string {
  const text = typable(message);
  return `${guardOf(text)}${text} `;
}

/**
 * Text equality (docs/text-equality.md): as `isSamePrompt`, but ignores spaces at the start and Gemini CLI's changes to an
 * `@path`.
 */
export function geminiSameText(message: string, prompt: string): boolean {
  return isSameAsGemini(message, prompt, guardOf);
}

/** The same with the guards of a CLI that is made from Gemini CLI. */
export function isSameAsGemini(message: string, prompt: string, guardOf: (text: string) => string): boolean {
  return (
    isSamePrompt(message.trimStart(), prompt.trimStart(), guardOf) ||
    isSamePrompt(paths(message), paths(prompt.replace(REFERENCES, '')), guardOf)
  );
}

function paths(text: string): string {
  return text.trimStart().replace(PATH, ' $1');
}

function guardOf(text: string): string {
  return COMMAND.test(text) ? '» ' : '';
}

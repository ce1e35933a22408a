/** What is pasted so that Gemini CLI takes it as text, and what counts as the same text. A file of its own: the door needs no more than this. */
import { isSamePrompt, typable } from '../shared/promptText';

/** Blanks before a command do not count, and a paste is a command as well: only a visible mark makes it text. */
const COMMAND = /^\s*\//;
/** What Gemini CLI puts behind a prompt that names a file of the workspace by `@path`. */
const REFERENCES =
  /\n(?:<system_note>\nThe user has explicitly selected the following agent|--- Content from referenced files ---\n)[^]*$/;
/** Before each `@path` it puts a blank where none was, and `@folder/` becomes `@folder/**`. */
const PATH = /\s*(@[^\s,;!?()[\]{}]+?)(?:\/(?:\*\*)?)?(?=[\s,;!?()[\]{}]|$)/g;

/** With a blank at the end, which Gemini CLI trims: no menu of files is open when Enter comes, and a trailing backslash does not make it a newline. */
export function geminiTextToType(message: string): string {
  const text = typable(message);
  return `${guardOf(text)}${text} `;
}

/** The written rule (docs/same-text.md): besides `isSamePrompt`, blanks at the beginning and what becomes of an `@path` do not count. */
export function geminiSameText(message: string, prompt: string): boolean {
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

/**
 * Functions for typed texts and prompts of any CLI. Only string operations, because the prompt check loads this file.
 */
import { cleanText, isSameText } from '../../core/base/sanitizeText';

/** Unicode line separators, which some CLIs convert to newlines. */
const LINE_SEPARATORS = /[\u2028\u2029]/g;
const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Invisible characters: each CLI removes a different set of them. */
const SHAPELESS = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/**
 * Returns the text without characters that no CLI preserves: control bytes, bidirectional controls and trailing spaces.
 */
export function typable(message: string): string {
  return cleanText(message).replace(LINE_SEPARATORS, '\n').replace(BIDI_CONTROLS, '').trimEnd();
}

/** Normalises a text for comparison: removes invisible characters and makes composed and decomposed ones equal. */
function shaped(text: string): string {
  return cleanText(text).replace(LINE_SEPARATORS, '\n').replace(SHAPELESS, '').normalize('NFC');
}

/** Text equality (docs/text-equality.md): the prompt is the message, with or without the guard that is typed before it. */
export function isSamePrompt(message: string, prompt: string, guardOf: (text: string) => string): boolean {
  const sent = shaped(message);
  const got = shaped(prompt);
  return isSameText(sent, got) || isSameText(guardOf(sent) + sent, got);
}

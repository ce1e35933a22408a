/** What typed texts and prompts have in common, whatever the CLI. No more than strings: the door loads it. */
import { cleanText, isSameText } from '../../core/base/sanitizeText';

/** Line ends of other alphabets, which some CLIs turn into newlines. */
const LINE_SEPARATORS = /[\u2028\u2029]/g;
const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Characters without a shape: CLIs remove some of them, each others. */
const SHAPELESS = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** The text without what no CLI keeps: control bytes, marks that steer the direction of writing, blanks at its end. */
export function typable(message: string): string {
  return cleanText(message).replace(LINE_SEPARATORS, '\n').replace(BIDI_CONTROLS, '').trimEnd();
}

/** As two texts are compared: characters without a shape do not count, composed and decomposed ones are the same. */
export function shaped(text: string): string {
  return cleanText(text).replace(LINE_SEPARATORS, '\n').replace(SHAPELESS, '').normalize('NFC');
}

/** The written rule (docs/same-text.md): the prompt is the message, with or without the guard that is typed before it. */
export function isSamePrompt(message: string, prompt: string, guardOf: (text: string) => string): boolean {
  const sent = shaped(message);
  const got = shaped(prompt);
  return isSameText(sent, got) || isSameText(guardOf(sent) + sent, got);
}

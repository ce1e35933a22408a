/**
 * Converts messages so that Qwen Code reads them as text, and defines its text equality: those of Gemini CLI, from which
 * it is made. A separate file, because the prompt check loads only this.
 */
import { geminiSameText, geminiTextToType } from '../gemini/text';

export const qwenTextToType = geminiTextToType;
export const qwenSameText = geminiSameText;

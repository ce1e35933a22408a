/**
 * Text equality of each CLI. This is the only part of a profile that the prompt check needs, so a hook loads no more.
 */
import { isSameText } from '../core/base/sanitizeText';
import { claudeSameText } from './claude/text';
import { codexSameText } from './codex/text';
import { copilotSameText } from './copilot/text';
import { geminiSameText } from './gemini/text';
import { openCodeSameText } from './openCode/text';
import { qwenSameText } from './qwen/text';

const RULES: Readonly<Record<string, typeof isSameText>> = {
  claude: claudeSameText,
  codex: codexSameText,
  copilot: copilotSameText,
  gemini: geminiSameText,
  kilo: openCodeSameText,
  opencode: openCodeSameText,
  qwen: qwenSameText,
};

/** Returns the text equality (docs/text-equality.md) of the profile with this name. */
export function sameTextOf(profile: string | undefined): typeof isSameText {
  return (profile !== undefined && Object.hasOwn(RULES, profile) ? RULES[profile] : undefined) ?? isSameText;
}

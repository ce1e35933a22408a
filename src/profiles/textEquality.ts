/** What counts as the same text for each CLI: all of a profile that the door needs, so that a hook loads no more. */
import { isSameText } from '../core/base/sanitizeText';
import { claudeSameText } from './claude/text';
import { codexSameText } from './codex/text';
import { copilotSameText } from './copilot/text';
import { geminiSameText } from './gemini/text';
import { openCodeSameText } from './openCode/text';

const RULES: Readonly<Record<string, typeof isSameText>> = {
  claude: claudeSameText,
  codex: codexSameText,
  copilot: copilotSameText,
  gemini: geminiSameText,
  opencode: openCodeSameText,
};

/** The written rule (docs/same-text.md) of the profile of this name. */
export function sameTextOf(profile: string | undefined): typeof isSameText {
  return (profile !== undefined && Object.hasOwn(RULES, profile) ? RULES[profile] : undefined) ?? isSameText;
}

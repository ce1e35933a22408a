/** What counts as the same text for each CLI: all of a profile that the door needs, so that a hook loads no more. */
import { isSameText } from '../core/text';
import { claudeSameText } from './claudeText';
import { codexSameText } from './codexText';
import { copilotSameText } from './copilotText';
import { geminiSameText } from './geminiText';
import { openCodeSameText } from './openCodeText';

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

import { join } from 'node:path';
import type { AgentProfile, LaunchContext, LaunchSpec } from '../core/profile';
import { cleanText, isSameText } from '../core/text';
import { claudeSettings } from './claudeHooks';
import { CLAUDE_DIALOG_HINTS, readClaudeScreen } from './claudeScreen';

/** Signs that mean something else than themselves at the very beginning: shell, memory, file, background, help. A blank before them cures it. */
const LEADING_SIGN = /^[!#@&?]/;
/** Commands and words for leaving: blanks before them do not count, so only a visible mark makes them text. */
const COMMAND = /^\s*(?:\/|(?:exit|quit|:q!?|:wq!?|:x)\s*$)/i;
/** Line ends of other alphabets, which 2.1.331 turns into newlines. */
const LINE_SEPARATORS = /[\u2028\u2029]/g;
const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Characters without a shape: 2.1.331 removes them where no script or emoji needs them, 2.1.197 keeps them. */
const SHAPELESS = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** Claude Code, 2.1.x. What it does with typed text was measured on 2.1.197 and 2.1.331: docs/same-text.md. */
export const claudeProfile: AgentProfile = {
  name: 'claude',
  title: 'Claude Code',
  defaultCommand: 'claude',
  // More than 800 characters in one read are taken for a paste, and 2.1.331 then hands the model something else than the text:
  // even three pieces that a loaded machine delivers at once stay below.
  typing: { mode: 'type', chunk: 240, gapMs: 15, submitKey: 'Enter', clearKeys: ['C-u', 'C-u'] },
  proof: 'hook',
  dialogHints: CLAUDE_DIALOG_HINTS,
  queuesWhileBusy: true,
  // The native build, npm's launcher, or a build that is named after its version.
  ownsProcess: (command) => /^(?:claude|node|bun|\d+\.\d+\.\d+)$/.test(command),
  launch: launchClaude,
  readScreen: readClaudeScreen,
  textToType: claudeTextToType,
  sameText: claudeSameText,
};

function launchClaude(context: LaunchContext): LaunchSpec {
  const settings = join(context.stateDir, 'settings.json');
  return {
    argv: [
      context.command,
      ...(context.resume ? ['--resume', context.sessionId] : ['--session-id', context.sessionId]),
      '--settings',
      settings,
      '--append-system-prompt',
      context.systemPrompt,
      '--permission-mode',
      // Named always: 2.1.331 would begin in its auto mode.
      context.permissionMode ?? 'default',
      ...(context.model === undefined ? [] : ['--model', context.model]),
    ],
    env: {},
    files: [{ path: settings, contents: claudeSettings(context.hookCommand) }],
  };
}

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

/** The written rule (docs/same-text.md): besides `isSameText`, characters without a shape do not count, nor does a guard before the text. */
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
  return cleanText(text).replace(LINE_SEPARATORS, '\n').replace(SHAPELESS, '');
}

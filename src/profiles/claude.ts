import { join } from 'node:path';
import type { AgentProfile, LaunchContext, LaunchSpec } from '../core/profile';
import { cleanText, isSameText } from '../core/text';
import { claudeSettings } from './claudeHooks';
import { CLAUDE_DIALOG_HINTS, readClaudeScreen } from './claudeScreen';

/** Signs that mean something else than themselves at the beginning of a prompt: shell, command, memory, file, background, help. */
const LEADING_SIGN = /^[!/#@&?]/;

/** Claude Code, 2.1.x. What it does with typed text was measured on 2.1.197 and 2.1.331: docs/same-text.md. */
export const claudeProfile: AgentProfile = {
  name: 'claude',
  title: 'Claude Code',
  defaultCommand: 'claude',
  // More at once is taken for a paste by 2.1.331, which then hands the model something else than the text.
  typing: { mode: 'type', chunk: 400, gapMs: 15, submitKey: 'Enter', clearKeys: ['C-u', 'C-u'] },
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
 * - A blank at the end: no completion menu is open when Enter comes, and a trailing backslash does not make it a newline.
 *   Claude Code trims it.
 * - A blank before a sign that would not be text at the beginning.
 */
export function claudeTextToType(message: string): string {
  const text = cleanText(message).trimEnd();
  return `${LEADING_SIGN.test(text) ? ' ' : ''}${text} `;
}

export function claudeSameText(message: string, prompt: string): boolean {
  return isSameText(message, prompt) || (LEADING_SIGN.test(cleanText(message)) && isSameText(` ${message}`, prompt));
}

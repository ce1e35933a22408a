import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { AgentProfile, LaunchContext, LaunchSpec } from '../core/agents/agentProfile';
import { cleanText, isSameText } from '../core/base/sanitizeText';
import { nodeVariables } from '../core/programs/environment';
import { readClaudeDialog } from './claude/dialog';
import { claudeSettings } from './claude/hooks';
import { CLAUDE_LIMITS } from './claude/limits';
import { CLAUDE_DIALOG_HINTS, readClaudeScreen } from './claude/screen';

/**
 * The scripted agent of `media/`: it behaves like an agent CLI without a model. It draws the same screen as Claude
 * Code, so one reader parses both.
 */
export const scriptedProfile: AgentProfile = {
  name: 'scripted',
  title: 'Scripted agent (no model)',
  defaultCommand: 'node',
  typing: { mode: 'type', chunk: 240, gapMs: 15, submitKey: 'Enter', clearKeys: ['C-u', 'C-u'] },
  proof: 'hook',
  dialogHints: CLAUDE_DIALOG_HINTS,
  memoryMb: 60,
  queuesWhileBusy: true,
  steers: true,
  limits: CLAUDE_LIMITS,
  account: ({ TACO_SCRIPTED_ACCOUNT: name }) => (name ? `scripted ${name}` : 'scripted'),
  ownsProcess: (command) =>
    /^(?:scripted-agent|node|electron)$/i.test(command) || command === basename(process.execPath),
  launch: launchScripted,
  readScreen: readClaudeScreen,
  readDialog: readClaudeDialog,
  // As in Claude Code, Enter after a backslash inserts a newline.
  textToType: (message) => `${cleanText(message).trimEnd()} `,
  sameText: isSameText,
};

function launchScripted(context: LaunchContext): LaunchSpec {
  const settings = join(context.stateDir, 'settings.json');
  // Node runs the program that is packaged with TACO. Any other command is itself such a program.
  const isNode = context.command === context.nodeCommand || /^(?:node|electron)/i.test(basename(context.command));
  const program = isNode ? [context.command, scriptPath()] : [context.command];
  return {
    argv: [
      ...program,
      '--settings',
      settings,
      ...(context.resume ? ['--resume', context.sessionId] : ['--session-id', context.sessionId]),
      '--append-system-prompt',
      context.systemPrompt,
    ],
    env: isNode ? nodeVariables(context.command) : {},
    files: [{ path: settings, contents: claudeSettings(context) }],
  };
}

/** Finds the program: `media/` is beside `dist/` in the package, and further up from a bundled test. */
function scriptPath(): string {
  for (let dir = __dirname; dir !== dirname(dir); dir = dirname(dir)) {
    const candidate = join(dir, 'media', 'scripted-agent.mjs');
    if (existsSync(candidate)) return candidate;
  }
  return join('media', 'scripted-agent.mjs');
}

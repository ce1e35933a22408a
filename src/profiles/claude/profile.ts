import { join } from 'node:path';
import type { AgentProfile, LaunchContext, LaunchSpec } from '../../core/agents/agentProfile';
import { permissionModeSchema } from '../../core/models';
import { accountIn } from '../shared/account';
import { readClaudeCalls } from './calls';
import { readClaudeConversation } from './conversation';
import { readClaudeDialog } from './dialog';
import { claudeMcpConfig, claudeSettings } from './hooks';
import { CLAUDE_LIMITS } from './limits';
import { blockedClaudePrompt, CLAUDE_DIALOG_HINTS, isClaudeSuspended, readClaudeScreen } from './screen';
import { claudeCrossSessionMessage, claudeSameText, claudeTextToType } from './text';
import { claudeUserSettings } from './userSettings';

/** Claude Code, 2.1.x. Its handling of typed text was measured on 2.1.197 and 2.1.331: docs/text-equality.md. */
export const claudeProfile: AgentProfile = {
  name: 'claude',
  title: 'Claude Code',
  defaultCommand: 'claude',
  // Claude Code treats more than 800 characters in one read as a paste; 2.1.331 then changes the text for the model.
  // Even three pieces that a loaded machine delivers at once stay below that.
  typing: { mode: 'type', chunk: 240, gapMs: 15, submitKey: 'Enter', clearKeys: ['C-u', 'C-u'] },
  proof: 'hook',
  dialogHints: CLAUDE_DIALOG_HINTS,
  // 140 to 200 MB right after the start (2.1.197, 2.1.331), more with each turn of the conversation.
  memoryMb: 300,
  queuesWhileBusy: true,
  steers: true,
  // The native build, npm's launcher, or a build whose name is its version.
  limits: CLAUDE_LIMITS,
  account: (env) =>
    accountIn(
      'claude',
      {
        keys: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'],
        address: 'ANTHROPIC_BASE_URL',
        folder: ['CLAUDE_CONFIG_DIR', '.claude'],
      },
      env,
    ),
  ownsProcess: (command) => /^(?:claude|node|bun|\d+\.\d+\.\d+)$/.test(command),
  sessionVariables: [
    /^CLAUDECODE$/,
    /^CLAUDE_(PID|PROJECT_DIR|ENV_FILE|PLUGIN_ROOT)$/,
    /^CLAUDE_CODE_(ENTRYPOINT|SSE_PORT|EXECPATH|TMUX_\w+|LAUNCHED_BY_SESSION_IDS)$/,
    /^CLAUDE_CODE_(CHILD|SESSION|STARTER|MESSAGING|BRIDGE)_/,
    /^AI_AGENT$/,
  ],
  login: { args: ['auth', 'status'], isNo: (output) => /"loggedIn":\s*false/.test(output) },
  conversationsIn: (env) => join(env['CLAUDE_CONFIG_DIR'] ?? join(env['HOME'] ?? '', '.claude'), 'projects'),
  reportsStart: true,
  userSettings: claudeUserSettings,
  permissionModes: permissionModeSchema.options,
  launch: launchClaude,
  readScreen: readClaudeScreen,
  readDialog: readClaudeDialog,
  isSuspended: isClaudeSuspended,
  blockedPrompt: blockedClaudePrompt,
  readConversation: readClaudeConversation,
  readCalls: readClaudeCalls,
  textToType: claudeTextToType,
  crossSessionMessage: claudeCrossSessionMessage,
  sameText: claudeSameText,
};

function launchClaude(context: LaunchContext): LaunchSpec {
  const settings = join(context.stateDir, 'settings.json');
  const mcp = context.mcpCommand && {
    path: join(context.stateDir, 'mcp.json'),
    contents: claudeMcpConfig(context.mcpCommand),
  };
  return {
    argv: [
      context.command,
      ...(context.resume ? ['--resume', context.sessionId] : ['--session-id', context.sessionId]),
      '--settings',
      settings,
      // One word, because the option accepts several files and would read the next argument as another one.
      ...(mcp ? [`--mcp-config=${mcp.path}`] : []),
      '--append-system-prompt',
      context.systemPrompt,
      '--permission-mode',
      // Always set, because 2.1.331 would start in its auto mode. Only newer versions know the name `manual`.
      context.permissionMode === 'manual' ? 'default' : (context.permissionMode ?? 'default'),
      ...(context.model === undefined ? [] : ['--model', context.model]),
    ],
    env: {
      // The screen-reader mode draws no input box that TACO could read.
      CLAUDE_AX_SCREEN_READER: '0',
      // Without colours a suggestion in the input box looks like a draft.
      ...(context.env?.['NO_COLOR'] ? { NO_COLOR: '' } : {}),
      ...(/^(?:0|false)$/.test(context.env?.['FORCE_COLOR'] ?? '') ? { FORCE_COLOR: '' } : {}),
    },
    files: [{ path: settings, contents: claudeSettings(context) }, ...(mcp ? [mcp] : [])],
  };
}

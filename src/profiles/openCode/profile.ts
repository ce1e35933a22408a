import { join } from 'node:path';
import type { AgentProfile, LaunchContext, LaunchSpec } from '../../core/agents/agentProfile';
import { openCodePlugin } from './plugin';
import { OPENCODE_DIALOG_HINTS, readOpenCodeScreen } from './screen';
import { openCodeSameText, openCodeTextToType } from './text';

/** OpenCode, 1.18. What it does with pasted text: docs/same-text.md. */
export const openCodeProfile: AgentProfile = {
  name: 'opencode',
  title: 'OpenCode',
  defaultCommand: 'opencode',
  // Long text that is typed stalls it; a paste arrives whole, and what would mean something else at the beginning is text in it.
  typing: {
    mode: 'paste',
    chunk: Infinity,
    gapMs: 0,
    patienceMs: 30_000,
    submitKey: 'Enter',
    clearKeys: ['C-u', 'C-u', 'BSpace', 'C-u', 'BSpace', 'C-u', 'BSpace', 'C-u'],
  },
  proof: 'hook',
  dialogHints: OPENCODE_DIALOG_HINTS,
  queuesWhileBusy: true,
  namesConversation: true,
  // The native build, or npm's launcher.
  ownsProcess: (command) => /^(?:\.?opencode|node|bun)$/.test(command),
  sessionVariables: [/^OPENCODE(_PID|_RUN_ID|_PROCESS_ROLE|_CALLER|_SESSION_ID)?$/, /^AGENT$/],
  launch: launchOpenCode,
  readScreen: readOpenCodeScreen,
  textToType: openCodeTextToType,
  sameText: openCodeSameText,
};

/** OpenCode allows everything unless it is told otherwise; the last rule that fits counts. */
function permissions(mode: string | undefined): Readonly<Record<string, unknown>> {
  const ask = mode === 'bypassPermissions' ? 'allow' : 'ask';
  return {
    edit: mode === 'acceptEdits' ? 'allow' : ask,
    bash: { '*': ask, 'taco *': 'allow' },
    // Files outside of the project are asked about by itself.
    ...(ask === 'allow' ? { external_directory: ask } : {}),
    'taco_*': 'allow',
  };
}

/** What is added comes inline, as the last of OpenCode's configurations: the person's own files stay as they are and count. */
function launchOpenCode(context: LaunchContext): LaunchSpec {
  const plugin = join(context.stateDir, 'opencode-taco.js');
  const role = join(context.stateDir, 'opencode-role.md');
  const config = {
    plugin: [`file://${encodeURI(plugin)}`],
    instructions: [role],
    permission: permissions(context.permissionMode),
    ...(context.mcpCommand === undefined
      ? {}
      : { mcp: { taco: { type: 'local', command: context.mcpCommand, enabled: true } } }),
    autoupdate: false,
  };
  return {
    argv: [
      context.command,
      ...(context.resume ? ['--session', context.sessionId] : []),
      ...(context.permissionMode === 'plan' ? ['--agent', 'plan'] : []),
      ...(context.model === undefined ? [] : ['--model', context.model]),
    ],
    env: { OPENCODE_CONFIG_CONTENT: JSON.stringify(config), OPENCODE_DISABLE_AUTOUPDATE: '1' },
    files: [
      { path: plugin, contents: openCodePlugin(context.hookCommand) },
      { path: role, contents: context.systemPrompt },
    ],
  };
}

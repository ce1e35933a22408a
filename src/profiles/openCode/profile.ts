import { join } from 'node:path';
import type { AgentProfile, LaunchContext, LaunchSpec } from '../../core/agents/agentProfile';
import { accountIn } from '../shared/account';
import { OPEN_CODE_LIMITS } from './limits';
import { openCodePlugin } from './plugin';
import { OPENCODE_DIALOG_HINTS, readOpenCodeScreen } from './screen';
import { openCodeSameText, openCodeTextToType } from './text';

/** OpenCode, 1.18. Its handling of pasted text: docs/text-equality.md. */
export const openCodeProfile: AgentProfile = {
  name: 'opencode',
  title: 'OpenCode',
  defaultCommand: 'opencode',
  // Long typed text stalls OpenCode. A paste arrives whole, and characters with a special meaning at the start are text
  // in it.
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
  // Of several that start at once in a new home, or after an update, one may hang with an empty screen.
  firstStartAlone: true,
  // The native build, or npm's launcher.
  limits: OPEN_CODE_LIMITS,
  account: (env) => accountIn('opencode', { keys: [], folder: ['OPENCODE_CONFIG_DIR', '.config/opencode'] }, env),
  ownsProcess: (command) => /^(?:\.?opencode|node|bun)$/.test(command),
  sessionVariables: [/^OPENCODE(_PID|_RUN_ID|_PROCESS_ROLE|_CALLER|_SESSION_ID)?$/, /^AGENT$/],
  launch: (context) => launchOpenCodeLike(context, 'OPENCODE'),
  readScreen: readOpenCodeScreen,
  textToType: openCodeTextToType,
  sameText: openCodeSameText,
};

/** Returns the permission rules. OpenCode allows everything by default; the last matching rule applies. */
function permissions(mode: string | undefined): Readonly<Record<string, unknown>> {
  const ask = mode === 'bypassPermissions' ? 'allow' : 'ask';
  return {
    edit: mode === 'acceptEdits' ? 'allow' : ask,
    bash: { '*': ask, 'taco *': 'allow' },
    // OpenCode asks by default about files outside the project.
    ...(ask === 'allow' ? { external_directory: ask } : {}),
    'taco_*': 'allow',
  };
}

/**
 * Adds TACO's configuration inline as the last one of OpenCode, or of a CLI made from it: the user's own files stay
 * unchanged and in effect. @param prefix of the CLI's variables
 */
export function launchOpenCodeLike(context: LaunchContext, prefix: string): LaunchSpec {
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
    env: { [`${prefix}_CONFIG_CONTENT`]: JSON.stringify(config), [`${prefix}_DISABLE_AUTOUPDATE`]: '1' },
    files: [
      { path: plugin, contents: openCodePlugin(context.hookCommand) },
      { path: role, contents: context.systemPrompt },
    ],
  };
}

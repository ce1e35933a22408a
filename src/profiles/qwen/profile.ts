import { join } from 'node:path';
import type { AgentProfile, LaunchContext, LaunchSpec } from '../../core/agents/agentProfile';
import { permissionModeSchema } from '../../core/models';
import { accountIn } from '../shared/account';
import { QWEN_LIMITS } from './limits';
import { QWEN_DIALOG_HINTS, readQwenScreen } from './screen';
import { qwenDefaults } from './settings';
import { qwenSameText, qwenTextToType } from './text';

/** Qwen Code (`@qwen-code/qwen-code`), measured on 0.24.4. */
export const qwenProfile: AgentProfile = {
  name: 'qwen',
  title: 'Qwen Code',
  defaultCommand: 'qwen',
  // A paste arrives whole, and characters with a special meaning at the start are text in it.
  typing: {
    mode: 'paste',
    chunk: Infinity,
    gapMs: 0,
    patienceMs: 30_000,
    submitKey: 'Enter',
    // Ctrl-U clears one line only.
    clearKeys: ['C-u', 'BSpace', 'C-u', 'BSpace', 'C-u', 'BSpace', 'C-u', 'BSpace', 'C-u'],
  },
  proof: 'hook',
  dialogHints: QWEN_DIALOG_HINTS,
  // Enter steers a working Qwen Code, and no hook reports that prompt.
  queuesWhileBusy: false,
  limits: QWEN_LIMITS,
  account: (env) =>
    accountIn('qwen', { keys: ['OPENAI_API_KEY'], address: 'OPENAI_BASE_URL', folder: ['QWEN_HOME', '.qwen'] }, env),
  ownsProcess: (command) => /^(?:qwen|node|MainThread)$/.test(command),
  sessionVariables: [/^QWEN_CODE$/, /^QWEN_(SESSION_ID|PROJECT_DIR)$/],
  reportsStart: true,
  permissionModes: permissionModeSchema.options.filter((mode) => mode !== 'dontAsk'),
  launch: launchQwen,
  readScreen: readQwenScreen,
  textToType: qwenTextToType,
  sameText: qwenSameText,
};

const MODES: Readonly<Record<string, string>> = {
  acceptEdits: 'auto-edit',
  auto: 'auto',
  bypassPermissions: 'yolo',
  plan: 'plan',
};

function launchQwen(context: LaunchContext): LaunchSpec {
  const defaults = join(context.stateDir, 'qwen-defaults.json');
  const [command, ...args] = context.mcpCommand ?? [];
  const mcp = command !== undefined && {
    path: join(context.stateDir, 'mcp.json'),
    contents: `${JSON.stringify({ mcpServers: { taco: { command, args, trust: true } } }, null, 2)}\n`,
  };
  return {
    argv: [
      context.command,
      ...(context.resume ? ['--resume', context.sessionId] : ['--session-id', context.sessionId]),
      '--approval-mode',
      MODES[context.permissionMode ?? ''] ?? 'default',
      '--append-system-prompt',
      context.systemPrompt,
      '--allowed-tools=run_shell_command(taco)',
      ...(mcp ? [`--mcp-config=${mcp.path}`] : []),
      ...(context.model === undefined ? [] : ['--model', context.model]),
    ],
    env: { QWEN_CODE_SYSTEM_DEFAULTS_PATH: defaults },
    files: [{ path: defaults, contents: qwenDefaults(context) }, ...(mcp ? [mcp] : [])],
  };
}

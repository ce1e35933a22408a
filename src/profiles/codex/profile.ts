import type { AgentProfile, LaunchContext, LaunchSpec } from '../../core/agents/agentProfile';
import { accountIn } from '../shared/account';
import { shellQuote } from '../shared/shellQuote';
import { CODEX_LIMITS } from './limits';
import { CODEX_DIALOG_HINTS, readCodexScreen } from './screen';
import { codexSameText, codexTextToType } from './text';

/** The events that TACO uses, with Codex's timeout for each hook in seconds. */
const EVENTS: Readonly<Record<string, number>> = {
  SessionStart: 10,
  UserPromptSubmit: 10,
  PermissionRequest: 10,
  Stop: 10,
};
/**
 * Codex's approval options by the mode names of plans. `plan` is missing because Codex has it only as a separate mode.
 */
const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  default: ['--ask-for-approval', 'on-request'],
  manual: ['--ask-for-approval', 'on-request'],
  acceptEdits: ['--ask-for-approval', 'on-request', '--sandbox', 'workspace-write'],
  plan: ['--ask-for-approval', 'on-request', '--sandbox', 'read-only'],
  bypassPermissions: ['--dangerously-bypass-approvals-and-sandbox'],
};

/** Codex (`@openai/codex`), measured on 0.169.0. */
export const codexProfile: AgentProfile = {
  name: 'codex',
  title: 'Codex',
  defaultCommand: 'codex',
  // Typed keys stall Codex beyond about 1,000 characters. It hides a paste of more than 1,000 behind "[Pasted Content
  // …]", which cannot be read back.
  typing: { mode: 'paste', chunk: 900, gapMs: 15, submitKey: 'Enter', clearKeys: ['C-e', 'C-u', 'BSpace'] },
  proof: 'hook',
  dialogHints: CODEX_DIALOG_HINTS,
  // Enter during work steers: Codex aborts the answer and sends both texts to the model again.
  queuesWhileBusy: false,
  namesConversation: true,
  limits: CODEX_LIMITS,
  account: (env) =>
    accountIn(
      'codex',
      { keys: ['OPENAI_API_KEY', 'CODEX_API_KEY'], address: 'OPENAI_BASE_URL', folder: ['CODEX_HOME', '.codex'] },
      env,
    ),
  ownsProcess: (command) => /^(?:codex|node)$/.test(command),
  sessionVariables: [/^CODEX_(THREAD_ID|CI|SANDBOX\w*|INTERNAL_ORIGINATOR_OVERRIDE|MANAGED_BY_\w+)$/],
  login: { args: ['login', 'status'], isNo: (output) => /not logged in/i.test(output) },
  launch: launchCodex,
  readScreen: readCodexScreen,
  textToType: codexTextToType,
  sameText: codexSameText,
};

function launchCodex(context: LaunchContext): LaunchSpec {
  const hooks = Object.entries(EVENTS).flatMap(([event, timeout]) => {
    const command = [...context.hookCommand, event].map(shellQuote).join(' ');
    return ['-c', `hooks.${event}=[{hooks=[{type="command",command=${toml(command)},timeout=${timeout}}]}]`];
  });
  return {
    argv: [
      context.command,
      ...(context.resume ? ['resume', context.sessionId] : []),
      // Without this option, background processes of Codex outlive the pane.
      '--no-daemon',
      ...hooks,
      // Applies to the hooks in this command line, which only TACO can have written.
      '--dangerously-bypass-hook-trust',
      '-c',
      `developer_instructions=${toml(context.systemPrompt)}`,
      ...mcpServer(context.mcpCommand),
      ...(context.permissionMode === undefined ? [] : (PERMISSIONS[context.permissionMode] ?? [])),
      ...(context.model === undefined ? [] : ['--model', context.model]),
    ],
    env: {},
    files: [],
  };
}

/** Codex passes a server only the environment variables that are listed. */
const IDENTITY = [
  'TACO_HOME',
  'TACO_PROJECT',
  'TACO_PROJECT_ID',
  'TACO_REDIS',
  'TACO_SOCKET',
  'TACO_WINDOW',
  'TACO_AGENT',
  'TACO_PROFILE',
  'TACO_SECRET',
  'PORT',
];

function mcpServer(mcpCommand: readonly string[] | undefined): string[] {
  if (mcpCommand === undefined) return [];
  const [command = '', ...args] = mcpCommand;
  return [
    '-c',
    `mcp_servers.taco={command=${toml(command)},args=[${args.map(toml).join(',')}],env_vars=[${IDENTITY.map(toml).join(',')}]}`,
  ];
}

/** Returns a TOML string. JSON's escapes are valid in TOML, except for DEL and lone surrogates. */
function toml(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll('\u007f', '\\u007F');
}

import type { AgentProfile, LaunchContext, LaunchSpec } from '../../core/agents/agentProfile';
import { shellQuote } from '../shared/shellQuote';
import { CODEX_DIALOG_HINTS, readCodexScreen } from './screen';
import { codexSameText, codexTextToType } from './text';

/** The events TACO listens to, and how long Codex waits for each hook, seconds. */
const EVENTS: Readonly<Record<string, number>> = {
  SessionStart: 10,
  UserPromptSubmit: 10,
  PermissionRequest: 10,
  Stop: 10,
};
/** How Codex asks before commands, by the names that plans use; `plan` it knows only as a mode of its own. */
const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  default: ['--ask-for-approval', 'on-request'],
  acceptEdits: ['--ask-for-approval', 'on-request', '--sandbox', 'workspace-write'],
  plan: ['--ask-for-approval', 'on-request', '--sandbox', 'read-only'],
  bypassPermissions: ['--dangerously-bypass-approvals-and-sandbox'],
};

/** Codex (`@openai/codex`), measured on 0.169.0. */
export const codexProfile: AgentProfile = {
  name: 'codex',
  title: 'Codex',
  defaultCommand: 'codex',
  // Typed keys stall it beyond some 1,000 characters; a paste of more than 1,000 is hidden behind "[Pasted Content …]" and cannot be read back.
  typing: { mode: 'paste', chunk: 900, gapMs: 15, submitKey: 'Enter', clearKeys: ['C-e', 'C-u', 'BSpace'] },
  proof: 'hook',
  dialogHints: CODEX_DIALOG_HINTS,
  // Enter while it works steers: the answer is broken off and both texts go to the model again.
  queuesWhileBusy: false,
  namesConversation: true,
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
      // Without it, processes of its own outlive the pane.
      '--no-daemon',
      ...hooks,
      // Of the hooks in this command line, which nobody else can have written.
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

/** Codex gives a server none of its environment but what is named. */
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

/** A TOML string; JSON's escapes are TOML's as well, but for DEL and lone surrogates. */
function toml(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll('\u007f', '\\u007F');
}

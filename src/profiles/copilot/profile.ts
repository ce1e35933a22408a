import { join } from 'node:path';
import type { AgentProfile, LaunchContext, LaunchSpec } from '../../core/agents/agentProfile';
import { accountIn } from '../shared/account';
import { shellQuote } from '../shared/shellQuote';
import { COPILOT_LIMITS } from './limits';
import { COPILOT_DIALOG_HINTS, readCopilotScreen } from './screen';
import { copilotSameText, copilotTextToType } from './text';

/** Copilot's events, their names in TACO, and Copilot's timeout for each hook in seconds. */
const EVENTS: readonly { readonly event: string; readonly name: string; readonly timeout: number }[] = [
  { event: 'sessionStart', name: 'SessionStart', timeout: 10 },
  { event: 'userPromptSubmitted', name: 'UserPromptSubmit', timeout: 10 },
  { event: 'permissionRequest', name: 'PermissionRequest', timeout: 10 },
  { event: 'notification', name: 'Notification', timeout: 10 },
  { event: 'agentStop', name: 'Stop', timeout: 10 },
  { event: 'sessionEnd', name: 'SessionEnd', timeout: 5 },
];
const MODES: Readonly<Record<string, readonly string[]>> = {
  plan: ['--plan'],
  acceptEdits: ['--allow-tool', 'write'],
  bypassPermissions: ['--allow-all-tools'],
};

/** GitHub Copilot CLI (`@github/copilot`), measured on 1.0.102. */
export const copilotProfile: AgentProfile = {
  name: 'copilot',
  title: 'Copilot CLI',
  defaultCommand: 'copilot',
  // Copilot shows a paste of more than a dozen lines only by its size, but a long line in full. It would save a paste
  // of more than about 24 KB to a file and give the model the file's name. Pieces are shorter, however many bytes their
  // characters need.
  typing: { mode: 'paste', chunk: 6000, gapMs: 15, submitKey: 'Enter', clearKeys: ['C-e', 'C-u', 'BSpace'] },
  proof: 'hook',
  dialogHints: COPILOT_DIALOG_HINTS,
  queuesWhileBusy: false,
  limits: COPILOT_LIMITS,
  account: (env) =>
    accountIn(
      'copilot',
      {
        keys: ['COPILOT_PROVIDER_API_KEY', 'COPILOT_GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_TOKEN'],
        address: 'COPILOT_PROVIDER_BASE_URL',
        folder: ['COPILOT_HOME', '.copilot'],
      },
      env,
    ),
  ownsProcess: (command) => /^(?:copilot|node)$/.test(command),
  sessionVariables: [/^COPILOT_(CLI|CLI_BINARY_VERSION|RUN_APP|AGENT_SESSION_ID|SESSION_ID|LOADER_PID|PLUGIN_ROOT)$/],
  launch: launchCopilot,
  readScreen: readCopilotScreen,
  textToType: copilotTextToType,
  sameText: copilotSameText,
};

function launchCopilot(context: LaunchContext): LaunchSpec {
  const plugin = join(context.stateDir, 'copilot-plugin');
  const instructions = join(context.stateDir, 'copilot-role');
  const mcp = context.mcpCommand && {
    path: join(context.stateDir, 'mcp.json'),
    contents: mcpConfig(context.mcpCommand),
  };
  const others = context.env?.['COPILOT_CUSTOM_INSTRUCTIONS_DIRS'];
  return {
    argv: [
      context.command,
      `${context.resume ? '--resume' : '--session-id'}=${context.sessionId}`,
      '--plugin-dir',
      plugin,
      ...(mcp ? ['--additional-mcp-config', `@${mcp.path}`] : []),
      // TACO's own command and tools need no permission.
      '--allow-tool=shell(taco:*)',
      '--allow-tool=taco',
      ...(context.permissionMode === undefined ? [] : (MODES[context.permissionMode] ?? [])),
      ...(context.model === undefined ? [] : ['--model', context.model]),
    ],
    // Copilot has no argument for a system prompt, only folders with instructions.
    env: { COPILOT_CUSTOM_INSTRUCTIONS_DIRS: others ? `${others},${instructions}` : instructions },
    files: [
      {
        path: join(plugin, 'plugin.json'),
        contents: `${JSON.stringify({ name: 'taco', version: '1.0.0', description: 'Tells TACO what this agent does.', hooks: 'hooks.json' })}\n`,
      },
      { path: join(plugin, 'hooks.json'), contents: hooksFile(context.hookCommand) },
      // Copilot reads only these files of such a folder; `applyTo` covers every file of a task.
      {
        path: join(instructions, 'taco.instructions.md'),
        contents: `---\napplyTo: "**"\n---\n${context.systemPrompt}\n`,
      },
      ...(mcp ? [mcp] : []),
    ],
  };
}

function hooksFile(hookCommand: readonly string[]): string {
  const entries = EVENTS.map(({ event, name, timeout }) => [
    event,
    [{ type: 'command', bash: [...hookCommand, name].map(shellQuote).join(' '), timeoutSec: timeout }],
  ]);
  return `${JSON.stringify({ version: 1, hooks: Object.fromEntries(entries) as unknown }, null, 2)}\n`;
}

function mcpConfig([command, ...args]: readonly string[]): string {
  return `${JSON.stringify({ mcpServers: { taco: { type: 'local', command, args, tools: ['*'] } } }, null, 2)}\n`;
}

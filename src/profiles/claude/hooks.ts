import type { LaunchContext } from '../../core/agents/agentProfile';
import { shellQuote } from '../shared/shellQuote';

/** The events that TACO uses, with Claude Code's timeout for each hook in seconds. */
const EVENTS: Readonly<Record<string, number>> = {
  SessionStart: 10,
  UserPromptSubmit: 10,
  // The hook waits for the user's answer, with the dialog open. `taco hook` itself ends earlier.
  PermissionRequest: 13 * 60 * 60,
  Notification: 10,
  Stop: 10,
  // Fires instead of `Stop` when the turn ends in an error of the API.
  StopFailure: 10,
  SessionEnd: 5,
};

type SettingsContext = Pick<LaunchContext, 'hookCommand' | 'crossSession'>;

/**
 * Returns the settings that `--settings FILE` adds for one process; the user's own files stay unchanged. Each hook runs
 * `hookCommand EVENT` and gets the event as JSON on standard input.
 */
export function claudeSettings({ hookCommand, crossSession = 'refuse' }: SettingsContext): string {
  const hooks = Object.fromEntries(
    Object.entries(EVENTS).map(([event, timeout]) => {
      // Claude Code passes the line to a shell. Each word is quoted, so a path with spaces or quotes stays one word.
      const command = [...hookCommand, event].map(shellQuote).join(' ');
      return [event, [{ hooks: [{ type: 'command', command, timeout }] }]];
    }),
  );
  const settings = {
    hooks,
    permissions: { allow: ['Bash(taco:*)', 'mcp__taco'] },
    // In vim's NORMAL mode typed text would be commands, and the screen does not show that mode.
    editorMode: 'normal',
    // Otherwise any Claude Code of the user writes into the agent, past the ledger.
    ...(crossSession === 'refuse' ? { crossSessionInbound: 'refuse' } : {}),
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/**
 * Returns the file for `--mcp-config FILE`, which adds TACO's tools. Claude Code passes its environment to a server, so
 * the file need not contain the agent's identity.
 */
export function claudeMcpConfig([command, ...args]: readonly string[]): string {
  return `${JSON.stringify({ mcpServers: { taco: { command, args } } }, null, 2)}\n`;
}

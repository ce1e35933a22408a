import { shellQuote } from '../shared/shellQuote';

/** The events TACO listens to, and how long Claude Code waits for each hook, seconds. */
const EVENTS: Readonly<Record<string, number>> = {
  SessionStart: 10,
  UserPromptSubmit: 10,
  // It waits for a person, and the dialog for neither of them; `taco hook` itself goes before.
  PermissionRequest: 13 * 60 * 60,
  Notification: 10,
  Stop: 10,
  SessionEnd: 5,
};

/**
 * The settings that `--settings FILE` adds for one process; the person's own files stay untouched. Each hook runs
 * `hookCommand EVENT` and gets the event as JSON on standard input.
 */
export function claudeSettings(hookCommand: readonly string[]): string {
  const hooks = Object.fromEntries(
    Object.entries(EVENTS).map(([event, timeout]) => {
      // Claude Code gives the line to a shell: each word is quoted, so a path with blanks or quotes stays one word.
      const command = [...hookCommand, event].map(shellQuote).join(' ');
      return [event, [{ hooks: [{ type: 'command', command, timeout }] }]];
    }),
  );
  return `${JSON.stringify({ hooks, permissions: { allow: ['Bash(taco:*)', 'mcp__taco'] } }, null, 2)}\n`;
}

/** What `--mcp-config FILE` adds: TACO's tools. Claude Code gives a server its own environment, so the agent's identity needs no place here. */
export function claudeMcpConfig([command, ...args]: readonly string[]): string {
  return `${JSON.stringify({ mcpServers: { taco: { command, args } } }, null, 2)}\n`;
}

/**
 * The home folder for Gemini CLI, which has no option for hooks and reads system settings only from root's files
 * (0.61).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { LaunchContext, LaunchSpec } from '../../core/agents/agentProfile';
import { shellQuote } from '../shared/shellQuote';

/** Gemini CLI's events, their names in TACO, and the timeout of each hook in milliseconds. */
const EVENTS: readonly (readonly [string, string, number])[] = [
  ['SessionStart', 'SessionStart', 10_000],
  ['BeforeAgent', 'UserPromptSubmit', 10_000],
  ['Notification', 'PermissionRequest', 10_000],
  ['AfterAgent', 'Stop', 10_000],
  ['SessionEnd', 'SessionEnd', 5000],
];
/** Files that the agent has instead of the user's: settings, role and rules; also its conversations. */
const OWN: ReadonlySet<string> = new Set(['settings.json', 'GEMINI.md', 'policies', 'tmp', 'history']);

type Json = Readonly<Record<string, unknown>>;

/**
 * Returns a folder for `GEMINI_CLI_HOME`. It contains the user's settings with TACO's hooks and tools, and the user's
 * memory followed by the agent's role. All other files of the user (log-in, extensions, commands) are links. The
 * agent's changes of its settings do not affect the user's.
 */
export function geminiHome(context: LaunchContext): Pick<LaunchSpec, 'files' | 'links'> & { readonly home: string } {
  const home = join(context.stateDir, 'gemini');
  const theirs = join(context.env?.['GEMINI_CLI_HOME'] || context.env?.['HOME'] || homedir(), '.gemini');
  const ours = join(home, '.gemini');
  const policies = listDirectory(join(theirs, 'policies'));
  return {
    home,
    files: [
      {
        path: join(ours, 'settings.json'),
        contents: `${JSON.stringify(settings(readJson(join(theirs, 'settings.json')), context), null, 2)}\n`,
      },
      {
        path: join(ours, 'GEMINI.md'),
        contents: [read(join(theirs, 'GEMINI.md')), context.systemPrompt].filter(Boolean).join('\n\n'),
      },
      {
        path: join(ours, 'policies', 'taco.toml'),
        contents:
          '[[rule]]\ntoolName = "run_shell_command"\ncommandPrefix = "taco "\ndecision = "allow"\npriority = 100\n',
      },
    ],
    links: [
      ...listDirectory(theirs)
        .filter((name) => !OWN.has(name))
        .map((name) => ({ path: join(ours, name), target: join(theirs, name) })),
      ...policies.map((name) => ({ path: join(ours, 'policies', name), target: join(theirs, 'policies', name) })),
    ],
  };
}

function settings(theirs: Json, context: LaunchContext): Json {
  const hooks = member(theirs, 'hooks');
  const ours = EVENTS.map(([event, tacoEvent, timeout]) => {
    const command = [...context.hookCommand, tacoEvent].map(shellQuote).join(' ');
    const hook = { hooks: [{ name: 'taco', type: 'command', command, timeout }] };
    const others = hooks[event];
    return [event, Array.isArray(others) ? [...(others as unknown[]), hook] : [hook]] as const;
  });
  const [command, ...args] = context.mcpCommand ?? [];
  return {
    ...theirs,
    hooks: { ...hooks, ...Object.fromEntries(ours) },
    ...(command === undefined
      ? {}
      : { mcpServers: { ...member(theirs, 'mcpServers'), taco: { command, args, trust: true } } }),
    general: {
      ...member(theirs, 'general'),
      // TACO's keys require an input box in which letters are letters. Many agents at once must not each update the
      // CLI.
      vimMode: false,
      enableAutoUpdate: false,
      enableAutoUpdateNotification: false,
    },
    // TACO recognises the input box by its edges.
    ui: { ...member(theirs, 'ui'), useBackgroundColor: true },
    // Otherwise an `@word` of a message would become the path of any file whose name contains the word.
    context: {
      ...member(theirs, 'context'),
      fileFiltering: { ...member(member(theirs, 'context'), 'fileFiltering'), enableRecursiveFileSearch: false },
    },
  };
}

function member(object: Json, name: string): Json {
  const value = object[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/**
 * Reads settings as Gemini CLI does: JSON with comments. Invalid settings count as empty, because the CLI itself
 * reports their errors.
 */
function readJson(file: string): Json {
  try {
    const text = read(file).replace(
      /("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[^]*?\*\//g,
      (_match, string: string | undefined) => string ?? '',
    );
    return member({ value: JSON.parse(text) as unknown }, 'value');
  } catch {
    return {};
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

function listDirectory(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

/** The settings that Qwen Code gets from TACO: a layer below the user's own, whose hooks are added to the user's. */
import { readFileSync } from 'node:fs';
import type { LaunchContext } from '../../core/agents/agentProfile';
import { shellQuote } from '../shared/shellQuote';

/** Qwen Code's events, as Claude Code names them, with the timeout of each hook in seconds. */
const EVENTS: Readonly<Record<string, number>> = {
  SessionStart: 10,
  UserPromptSubmit: 10,
  PermissionRequest: 10,
  Notification: 10,
  Stop: 10,
  StopFailure: 10,
  SessionEnd: 5,
};
const MACHINE_DEFAULTS = '/etc/qwen-code/system-defaults.json';

type Json = Readonly<Record<string, unknown>>;

/** Returns the file for `QWEN_CODE_SYSTEM_DEFAULTS_PATH`: the machine's own defaults with TACO's hooks. */
export function qwenDefaults({ hookCommand, env }: Pick<LaunchContext, 'env' | 'hookCommand'>): string {
  const own = read(env?.['QWEN_CODE_SYSTEM_DEFAULTS_PATH'] || MACHINE_DEFAULTS);
  const theirs = member(own, 'hooks');
  const hooks = Object.entries(EVENTS).map(([event, timeout]) => {
    const hook = { hooks: [{ type: 'command', command: [...hookCommand, event].map(shellQuote).join(' '), timeout }] };
    const others = theirs[event];
    return [event, Array.isArray(others) ? [...(others as unknown[]), hook] : [hook]] as const;
  });
  const settings = {
    ...own,
    // Many agents at once must not each update the CLI.
    general: { ...member(own, 'general'), enableAutoUpdate: false },
    // A suggestion in the input box looks like a draft.
    ui: { ...member(own, 'ui'), enableFollowupSuggestions: false },
    hooks: { ...theirs, ...Object.fromEntries(hooks) },
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/** Reads settings; a missing or invalid file counts as empty, because the CLI itself reports its errors. */
function read(file: string): Json {
  try {
    return member({ value: JSON.parse(readFileSync(file, 'utf8')) as unknown }, 'value');
  } catch {
    return {};
  }
}

function member(object: Json, name: string): Json {
  const value = object[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MatteringSetting, SettingsPlace } from '../../core/agents/agentProfile';

/** Settings of an organisation; they win over every other one. */
const MANAGED = '/etc/claude-code/managed-settings.json';
/** Hooks of the user that can stop what TACO waits for. */
const BLOCKING_HOOKS = ['UserPromptSubmit', 'Stop'] as const;

type Fields = Readonly<Record<string, unknown>>;

/** Reads the user's settings of Claude Code and returns those that change what TACO can promise. Changes none. */
export function claudeUserSettings({ env, projectDir }: SettingsPlace): readonly MatteringSetting[] {
  const home = env['CLAUDE_CONFIG_DIR'] ?? join(env['HOME'] ?? '', '.claude');
  const files = [
    MANAGED,
    join(home, 'settings.json'),
    join(projectDir, '.claude', 'settings.json'),
    join(projectDir, '.claude', 'settings.local.json'),
  ];
  return [...files.flatMap((file) => inSettings(file)), ...inKeyBindings(join(home, 'keybindings.json'))];
}

function inSettings(file: string): readonly MatteringSetting[] {
  const settings = read(file);
  const own = fieldsOf(settings['hooks']);
  const policy = fieldsOf(settings['permissions'])['disableBypassPermissionsMode'];
  const found: readonly (MatteringSetting | false)[] = [
    settings['disableAllHooks'] === true && {
      file,
      setting: 'disableAllHooks',
      effect: 'states come from the screen, and delivered is the best proof',
    },
    settings['allowManagedHooksOnly'] === true && {
      file,
      setting: 'allowManagedHooksOnly',
      effect: 'states come from the screen, and delivered is the best proof',
    },
    policy === 'disable' && {
      file,
      setting: 'permissions.disableBypassPermissionsMode',
      effect: 'an agent that a plan starts in bypassPermissions runs in another mode, which TACO shows',
    },
    settings['editorMode'] === 'vim' && { file, setting: 'editorMode', effect: 'switched off for agents' },
    settings['axScreenReader'] === true && { file, setting: 'axScreenReader', effect: 'switched off for agents' },
    ...BLOCKING_HOOKS.map(
      (event): MatteringSetting | false =>
        own[event] !== undefined && {
          file,
          setting: `hooks.${event}`,
          effect: 'runs beside the hooks of TACO; a message that it blocks ends as dead',
        },
    ),
  ];
  return found.filter((each) => each !== false);
}

function inKeyBindings(file: string): readonly MatteringSetting[] {
  const { bindings } = read(file);
  const groups = Array.isArray(bindings) ? bindings.map((group) => fieldsOf(fieldsOf(group)['bindings'])) : [];
  return groups.some(({ enter }) => enter !== undefined && enter !== 'chat:submit')
    ? [{ file, setting: 'enter', effect: 'messages are held (not-submitting) until Enter submits' }]
    : [];
}

/** Returns the object in a JSON file; an empty one when there is none. */
function read(file: string): Fields {
  try {
    return fieldsOf(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** Settings of Claude Code's users, and how a scratch home gets a combination of them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { shellQuote } from '../../../src/profiles/shared/shellQuote';
import type { Combination, Factors } from './pairwise';

export const CLAUDE_FACTORS: Factors = {
  editor: ['normal', 'vim'],
  enter: ['submits', 'newline'],
  colours: ['default', 'NO_COLOR', 'FORCE_COLOR=0'],
  theme: ['dark', 'light', 'dark-ansi', 'light-daltonized'],
  screenReader: ['off', 'setting', 'variable'],
  renderer: ['default', 'fullscreen'],
  outputStyle: ['default', 'Explanatory', 'own'],
  statusLine: ['none', 'prompt and rule', 'six rows', 'esc to interrupt'],
  suggestions: ['default', 'off'],
  hooks: ['none', 'add context', 'refuse the first end', 'take 15 s'],
  hooksOff: ['no', 'disableAllHooks', 'managed'],
  mcp: ['none', 'approved', 'asks'],
  plugin: ['none', 'with hooks'],
  folder: ['home', 'CLAUDE_CONFIG_DIR'],
  start: ['direct', 'wrapper', 'npx'],
  mode: ['manual', 'acceptEdits'],
  features: ['on', 'off'],
};

/** Text that the hook of a message waits for; other prompts pass at once. */
export const SLOW = 'take your time';
const STATUS_LINES: Readonly<Record<string, string>> = {
  'prompt and rule': `❯ main ~/proj\\n${'─'.repeat(60)}\\n`,
  'six rows': '1\\n  ❯ 1. Yes\\n✻ Thinking…\\n4\\n5\\n$ 0.10\\n',
  'esc to interrupt': '✻ Thinking… (esc to interrupt)\\n',
};

export interface SettingsHome {
  /** Variables of the user. */
  readonly env: Readonly<Record<string, string>>;
  /** The setting `taco.agent.command`. */
  readonly command: string;
  /** Removes what keeps Enter from submitting, as a user would. */
  readonly repairEnter: () => void;
}

export interface SettingsPlaces {
  /** HOME of the agents; `.claude.json` is written into it afterwards, see `afterHome`. */
  readonly home: string;
  readonly project: string;
  readonly executable: string;
}

/** Writes the user's files of a combination. */
export function settingsHome(chosen: Combination, { home, project, executable }: SettingsPlaces): SettingsHome {
  const own = chosen['folder'] === 'CLAUDE_CONFIG_DIR' ? join(home, 'config') : join(home, '.claude');
  const put = (path: string, content: unknown): string => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o700 });
    return path;
  };
  const command = (path: string): { type: string; command: string; timeout: number } => ({
    type: 'command',
    command: shellQuote(path),
    timeout: 30,
  });
  const hooks = ownHooks(chosen['hooks'] ?? '', (name, script) => command(put(join(own, name), script)));
  const status = STATUS_LINES[chosen['statusLine'] ?? ''];
  put(join(own, 'settings.json'), {
    ...(chosen['editor'] === 'vim' ? { editorMode: 'vim' } : {}),
    ...(chosen['screenReader'] === 'setting' ? { axScreenReader: true } : {}),
    ...(chosen['renderer'] === 'default' ? {} : { tui: chosen['renderer'] }),
    ...(chosen['outputStyle'] === 'default' ? {} : { outputStyle: chosen['outputStyle'] }),
    ...(status ? { statusLine: command(put(join(own, 'status.sh'), `#!/bin/sh\nprintf '${status}'\n`)) } : {}),
    ...(chosen['suggestions'] === 'off' ? { promptSuggestionEnabled: false } : {}),
    ...(chosen['hooksOff'] === 'disableAllHooks' ? { disableAllHooks: true } : {}),
    ...(chosen['plugin'] === 'with hooks' ? plugin(join(own, 'market'), put) : {}),
    theme: chosen['theme'],
    hooks,
  });
  put(join(own, 'output-styles', 'own.md'), '---\nname: own\ndescription: Short\n---\nAnswer in one line.\n');
  const bindings = put(join(own, 'keybindings.json'), {
    bindings: chosen['enter'] === 'newline' ? [{ context: 'Chat', bindings: { enter: 'chat:newline' } }] : [],
  });
  if (chosen['mcp'] !== 'none') put(join(project, '.mcp.json'), { mcpServers: { own: { command: '/bin/cat' } } });
  if (chosen['mcp'] === 'approved')
    put(join(project, '.claude', 'settings.local.json'), { enabledMcpjsonServers: ['own'] });
  const managed = join(home, 'managed');
  if (chosen['hooksOff'] === 'managed') put(join(managed, 'managed-settings.json'), { allowManagedHooksOnly: true });
  return {
    env: {
      ...(chosen['colours'] === 'NO_COLOR' ? { NO_COLOR: '1' } : {}),
      ...(chosen['colours'] === 'FORCE_COLOR=0' ? { FORCE_COLOR: '0' } : {}),
      ...(chosen['screenReader'] === 'variable' ? { CLAUDE_AX_SCREEN_READER: '1' } : {}),
      ...(chosen['folder'] === 'CLAUDE_CONFIG_DIR' ? { CLAUDE_CONFIG_DIR: own } : {}),
      ...(chosen['hooksOff'] === 'managed' ? { CLAUDE_CODE_MANAGED_SETTINGS_PATH: managed } : {}),
      ...(chosen['features'] === 'on' ? { DISABLE_TELEMETRY: '', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '' } : {}),
    },
    command: startOf(chosen['start'] ?? '', home, executable, put),
    repairEnter: () => writeFileSync(bindings, '{"bindings":[]}'),
  };
}

/** Copies the CLI's state to the folder that `CLAUDE_CONFIG_DIR` names, and selects the theme. */
export function afterHome(chosen: Combination, home: string): void {
  const state = JSON.parse(readFileSync(join(home, '.claude.json'), 'utf8')) as Record<string, unknown>;
  const text = JSON.stringify({ ...state, theme: chosen['theme'] });
  writeFileSync(join(home, '.claude.json'), text);
  if (chosen['folder'] === 'CLAUDE_CONFIG_DIR') writeFileSync(join(home, 'config', '.claude.json'), text);
}

function ownHooks(kind: string, hook: (name: string, script: string) => object): Readonly<Record<string, unknown>> {
  const on = (event: string, script: string): Readonly<Record<string, unknown>> => ({
    [event]: [{ hooks: [hook(`${event}.sh`, script)] }],
  });
  if (kind === 'add context') return on('UserPromptSubmit', '#!/bin/sh\necho "The branch is main."\n');
  if (kind === 'take 15 s')
    return on('UserPromptSubmit', `#!/bin/sh\ncase "$(cat)" in *"${SLOW}"*) sleep 15 ;; esac\n`);
  if (kind !== 'refuse the first end') return {};
  const decision = JSON.stringify({ decision: 'block', reason: 'Check the tests.' });
  return on('Stop', `#!/bin/sh\ncase "$(cat)" in *'"stop_hook_active":true'*) ;; *) echo '${decision}' ;; esac\n`);
}

type Put = (path: string, content: unknown) => string;

/** A marketplace in a folder with one plugin that has hooks. */
function plugin(market: string, put: Put): Readonly<Record<string, unknown>> {
  put(join(market, '.claude-plugin', 'marketplace.json'), {
    name: 'market',
    owner: { name: 'me' },
    plugins: [{ name: 'own', source: './own', description: 'Mine' }],
  });
  put(join(market, 'own', '.claude-plugin', 'plugin.json'), { name: 'own', version: '1.0.0', description: 'Mine' });
  put(join(market, 'own', 'hooks', 'hooks.json'), {
    hooks: { SessionStart: [{ hooks: [{ type: 'command', command: 'echo "The plugin is loaded."' }] }] },
  });
  return {
    extraKnownMarketplaces: { market: { source: { source: 'directory', path: market } } },
    enabledPlugins: { 'own@market': true },
  };
}

function startOf(start: string, home: string, executable: string, put: Put): string {
  if (start === 'wrapper') return put(join(home, 'wrapper.sh'), `#!/bin/sh\nMINE=1 ${shellQuote(executable)} "$@"\n`);
  if (start !== 'npx') return executable;
  // A package as npm installs it; npx finds it without a registry.
  const folder = join(home, 'npx');
  put(join(folder, 'package.json'), { name: 'tools', version: '1.0.0', dependencies: { claude: '1.0.0' } });
  put(join(folder, 'node_modules', 'claude', 'package.json'), { name: 'claude', version: '1.0.0', bin: 'claude.sh' });
  const script = `#!/bin/sh\nexec ${shellQuote(executable)} "$@"\n`;
  put(join(folder, 'node_modules', 'claude', 'claude.sh'), script);
  put(join(folder, 'node_modules', '.bin', 'claude'), script);
  return put(join(home, 'npx.sh'), `#!/bin/sh\nexec npx --offline --prefix ${shellQuote(folder)} claude "$@"\n`);
}

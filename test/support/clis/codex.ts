/** The real Codex for tests: installed into the cache once, run with a scratch home against a mock of its model. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installed } from './npmPrograms';

export const CODEX_VERSION = '0.169.0';

/** Returns the path of the executable; installs it when it is missing (400 MB). */
export async function ensureCodex(version: string): Promise<string> {
  return installed({
    name: 'codex',
    version,
    specs: [`@openai/codex@${version}`],
    executable: 'node_modules/.bin/codex',
  });
}

export interface CodexHomeOptions {
  /** Scratch home folder; created when missing. */
  readonly home: string;
  /** Folders that the CLI trusts, as real paths. */
  readonly workspaces: readonly string[];
  /** URL of the mock model. */
  readonly modelUrl: string;
  /** Shell command of each hook, by event. */
  readonly hooks: Readonly<Record<string, string>>;
}

/**
 * Creates the scratch home and returns the whole environment for a launch. Give the CLI these variables and no others.
 */
export async function codexHome({
  home,
  workspaces,
  modelUrl,
  hooks,
}: CodexHomeOptions): Promise<Record<string, string>> {
  const folder = join(home, '.codex');
  await mkdir(folder, { recursive: true });
  const config = [
    'model = "stand-in"',
    'model_provider = "standin"',
    'check_for_update_on_startup = false',
    // A command that asks to leave the sandbox opens a dialog, whatever its effect.
    'approval_policy = "on-request"',
    'sandbox_mode = "read-only"',
    '[analytics]',
    'enabled = false',
    '[model_providers.standin]',
    'name = "A stand-in"',
    `base_url = ${JSON.stringify(`${modelUrl}/v1`)}`,
    'env_key = "STANDIN_KEY"',
    'wire_api = "responses"',
    ...workspaces.flatMap((workspace) => [`[projects.${JSON.stringify(workspace)}]`, 'trust_level = "trusted"']),
    '',
  ];
  await writeFile(join(folder, 'config.toml'), config.join('\n'), { mode: 0o600 });
  const entries = Object.entries(hooks).map(([event, command]) => [
    event,
    [{ hooks: [{ type: 'command', command, timeout: 20 }] }],
  ]);
  await writeFile(join(folder, 'hooks.json'), JSON.stringify({ hooks: Object.fromEntries(entries) as unknown }));
  return {
    HOME: home,
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    TERM: 'tmux-256color',
    LANG: 'C.UTF-8',
    STANDIN_KEY: 'none',
  };
}

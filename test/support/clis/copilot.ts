/**
 * The real GitHub Copilot CLI for tests: installed into the cache once, run with a scratch home against a mock of its
 * model.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installed } from './npmPrograms';

export const COPILOT_VERSION = '1.0.102';

/** Returns the path of the executable; installs it when it is missing (190 MB). */
export async function ensureCopilot(version: string): Promise<string> {
  return installed({
    name: 'copilot',
    version,
    specs: [`@github/copilot@${version}`],
    executable: 'node_modules/.bin/copilot',
  });
}

export interface CopilotHomeOptions {
  /** Scratch home folder; created when missing. */
  readonly home: string;
  /** Folders that the CLI trusts, as real paths. */
  readonly workspaces: readonly string[];
  /** URL of the mock model. */
  readonly modelUrl: string;
  /** Shell command of each hook, by Copilot's own event names. */
  readonly hooks: Readonly<Record<string, string>>;
}

/**
 * Creates the scratch home and returns the whole environment for a launch. Give the CLI these variables and no others.
 */
export async function copilotHome({
  home,
  workspaces,
  modelUrl,
  hooks,
}: CopilotHomeOptions): Promise<Record<string, string>> {
  const folder = join(home, '.copilot');
  await mkdir(join(folder, 'hooks'), { recursive: true });
  await writeFile(join(folder, 'config.json'), JSON.stringify({ trustedFolders: workspaces }), { mode: 0o600 });
  const entries = Object.entries(hooks).map(([event, bash]) => [event, [{ type: 'command', bash, timeoutSec: 20 }]]);
  await writeFile(
    join(folder, 'hooks', 'judge.json'),
    JSON.stringify({ version: 1, hooks: Object.fromEntries(entries) as unknown }),
  );
  return {
    HOME: home,
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    TERM: 'tmux-256color',
    LANG: 'C.UTF-8',
    COPILOT_OFFLINE: 'true',
    COPILOT_AUTO_UPDATE: 'false',
    COPILOT_PROVIDER_BASE_URL: `${modelUrl}/v1`,
    COPILOT_PROVIDER_API_KEY: 'none',
    COPILOT_MODEL: 'stand-in',
  };
}

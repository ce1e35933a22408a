/**
 * The real Gemini CLI for tests: installed into the cache once, run with a scratch home against a mock of its model.
 */
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { installed } from './npmPrograms';

export const GEMINI_VERSION = '0.61.0';
/** Header that names the conversation: the CLI's calls do not contain it. */
export const SESSION_HEADER = 'x-test-session';

/**
 * Returns the path of the executable; installs it when it is missing (100 MB). The executable is the real CLI, and also
 * sends the mock model the conversation of each call.
 */
export async function ensureGemini(version: string): Promise<string> {
  const script = await installed({
    name: 'gemini',
    version,
    specs: [`@google/gemini-cli@${version}`],
    executable: 'node_modules/@google/gemini-cli/bundle/gemini.js',
    flags: ['--ignore-scripts'],
  });
  const launcher = join(dirname(script), 'gemini-with-session');
  const draft = `${launcher}.${process.pid}`;
  await writeFile(
    draft,
    `#!/bin/sh
before=
for word in "$@"; do
  case "$before" in --session-id | --resume) GEMINI_CLI_CUSTOM_HEADERS="${SESSION_HEADER}: $word" ;; esac
  before=$word
done
export GEMINI_CLI_CUSTOM_HEADERS
exec '${process.execPath}' --no-warnings=DEP0040 '${script}' "$@"
`,
  );
  await chmod(draft, 0o755);
  await rename(draft, launcher);
  return launcher;
}

export interface GeminiHomeOptions {
  /** Scratch home folder; created when missing. */
  readonly home: string;
  readonly modelUrl: string;
  readonly trusted: boolean;
  /** Shell command of each hook, by Gemini CLI's own event names. */
  readonly hooks: Readonly<Record<string, string>>;
}

/**
 * Creates the scratch home and returns the whole environment for a launch. Give the CLI these variables and no others.
 */
export async function geminiHome({
  home,
  modelUrl,
  trusted,
  hooks,
}: GeminiHomeOptions): Promise<Record<string, string>> {
  const folder = join(home, '.gemini');
  await mkdir(folder, { recursive: true });
  const entries = Object.entries(hooks).map(([event, command]) => [
    event,
    [{ hooks: [{ type: 'command', command, timeout: 20_000 }] }],
  ]);
  const settings = {
    security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: true } },
    privacy: { usageStatisticsEnabled: false },
    hooks: Object.fromEntries(entries) as unknown,
  };
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings), { mode: 0o600 });
  return {
    HOME: home,
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    TERM: 'tmux-256color',
    LANG: 'C.UTF-8',
    GEMINI_API_KEY: 'none',
    GOOGLE_GEMINI_BASE_URL: modelUrl,
    ...(trusted ? { GEMINI_CLI_TRUST_WORKSPACE: 'true' } : {}),
  };
}

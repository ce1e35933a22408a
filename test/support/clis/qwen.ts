/** The real Qwen Code for tests: installed into the cache once, run with a scratch home against a mock of its model. */
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { installed } from './npmPrograms';

export const QWEN_VERSION = '0.24.4';
/** Qwen Code needs Node 22; npm's package of Node 24 contains the program. */
const NODE = '24';

/**
 * Returns the path of the executable; installs it when it is missing (150 MB). The executable is the real CLI, and its
 * calls to the mock model contain the conversation's id in their path.
 */
export async function ensureQwen(version: string): Promise<string> {
  const script = await installed({
    name: 'qwen',
    version,
    specs: [`@qwen-code/qwen-code@${version}`],
    executable: 'node_modules/@qwen-code/qwen-code/cli-entry.js',
    flags: ['--ignore-scripts'],
  });
  const node = await installed({
    name: 'node',
    version: NODE,
    specs: [`node@${NODE}`],
    executable: 'node_modules/.bin/node',
  });
  const launcher = join(dirname(script), 'qwen-with-session');
  const draft = `${launcher}.${process.pid}`;
  await writeFile(
    draft,
    `#!/bin/sh
before=
for word in "$@"; do
  case "$before" in --session-id | --resume) export OPENAI_BASE_URL="$OPENAI_BASE_URL/$word" ;; esac
  before=$word
done
exec '${node}' '${script}' "$@"
`,
  );
  await chmod(draft, 0o755);
  await rename(draft, launcher);
  return launcher;
}

export interface QwenHomeOptions {
  /** Scratch home folder; created when missing. */
  readonly home: string;
  readonly modelUrl: string;
  /** Shell command of each hook, by event. */
  readonly hooks: Readonly<Record<string, string>>;
}

/**
 * Creates the scratch home and returns the whole environment for a launch. Give the CLI these variables and no others.
 */
export async function qwenHome({ home, modelUrl, hooks }: QwenHomeOptions): Promise<Record<string, string>> {
  const folder = join(home, '.qwen');
  await mkdir(folder, { recursive: true });
  const entries = Object.entries(hooks).map(([event, command]) => [
    event,
    [{ hooks: [{ type: 'command', command, timeout: 20 }] }],
  ]);
  const settings = {
    security: { auth: { selectedType: 'openai' } },
    privacy: { usageStatisticsEnabled: false },
    hooks: Object.fromEntries(entries) as unknown,
  };
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings), { mode: 0o600 });
  return {
    HOME: home,
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    TERM: 'tmux-256color',
    LANG: 'C.UTF-8',
    OPENAI_API_KEY: 'none',
    OPENAI_BASE_URL: `${modelUrl}/v1`,
    OPENAI_MODEL: 'stand-in',
  };
}

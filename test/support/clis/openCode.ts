/** The real OpenCode for tests: installed into the cache once, run with a scratch home against a mock of its model. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installed } from './npmPrograms';

export const OPENCODE_VERSION = '1.18.33';

/**
 * Returns the path of the executable; installs it when it is missing (180 MB). It installs only the native package: the
 * launcher beside it only finds that one.
 */
export async function ensureOpenCode(version: string): Promise<string> {
  const native = `opencode-linux-${process.arch}`;
  return installed({
    name: 'opencode',
    version,
    specs: [`${native}@${version}`],
    executable: `node_modules/${native}/bin/opencode`,
  });
}

/** A CLI made from OpenCode: its configuration, the prefix of its variables, and the package that plugins may use. */
interface OpenCodeNames {
  readonly folder: string;
  readonly file: string;
  readonly prefix: string;
  readonly plugins: string;
  readonly version: string;
}

const OPENCODE: OpenCodeNames = {
  folder: 'opencode',
  file: 'opencode.json',
  prefix: 'OPENCODE',
  plugins: '@opencode-ai/plugin',
  version: OPENCODE_VERSION,
};

export interface OpenCodeHomeOptions {
  /** Scratch home folder; created when missing. */
  readonly home: string;
  readonly modelUrl: string;
  /** The test's own plugin. */
  readonly plugin?: string;
  readonly names?: OpenCodeNames;
}

/**
 * Creates the scratch home and returns the whole environment for a launch. Give the CLI these variables and no others.
 */
export async function openCodeHome({
  home,
  modelUrl,
  plugin,
  names = OPENCODE,
}: OpenCodeHomeOptions): Promise<Record<string, string>> {
  const folder = join(home, '.config', names.folder);
  await mkdir(join(folder, 'plugin'), { recursive: true });
  const provider = {
    npm: '@ai-sdk/openai-compatible',
    name: 'A stand-in',
    options: { baseURL: `${modelUrl}/v1`, apiKey: 'none' },
    models: { model: { name: 'Model' } },
  };
  await writeFile(
    join(folder, names.file),
    JSON.stringify({
      model: 'standin/model',
      small_model: 'standin/model',
      provider: { standin: provider },
      share: 'disabled',
      permission: { external_directory: 'allow' },
    }),
  );
  await markInstalled(folder, names);
  if (plugin !== undefined) await writeFile(join(folder, 'plugin', 'test.js'), plugin);
  return {
    HOME: home,
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    TERM: 'tmux-256color',
    LANG: 'C.UTF-8',
    [`${names.prefix}_DISABLE_AUTOUPDATE`]: '1',
    [`${names.prefix}_DISABLE_MODELS_FETCH`]: '1',
    [`${names.prefix}_DISABLE_LSP_DOWNLOAD`]: '1',
  };
}

/**
 * Lets the package for plugins count as installed. Otherwise each start in a new home downloads it from the registry,
 * with some 20 connections. No plugin of TACO or of the tests imports it.
 */
async function markInstalled(folder: string, { plugins, version }: OpenCodeNames): Promise<void> {
  const dependencies = { [plugins]: version };
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ dependencies }));
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': { dependencies } } }));
}

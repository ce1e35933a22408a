/**
 * Installs a real VS Code from npm alone. `code-server` contains VS Code's own server build, and the npm package
 * `node-<platform>` the Node (with its headers) for this VS Code. Nothing comes from any other source.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { cached, cachePath } from './cache';
import { run } from './processes';
import { ensureTools, tools } from './systemPackages';

interface Recipe {
  /** Version of the npm package `code-server`. */
  readonly codeServer: string;
  readonly nodeMajor: number;
  /** Packages with native code that npm has no prebuilt binary of. */
  readonly rebuild: readonly string[];
}

/** The tested VS Code versions: the newest that npm has, and the oldest that `engines.vscode` supports. */
export const VSCODE_VERSIONS = {
  '1.139': { codeServer: '4.139.1', nodeMajor: 24, rebuild: ['@vscode/spdlog', '@vscode/native-watchdog'] },
  '1.100': { codeServer: '4.100.3', nodeMajor: 20, rebuild: ['@vscode/spdlog', 'native-watchdog', 'node-pty'] },
} as const satisfies Record<string, Recipe>;
export type VsCodeVersion = keyof typeof VSCODE_VERSIONS;
export const NEWEST: VsCodeVersion = '1.139';
export const OLDEST: VsCodeVersion = '1.100';

export interface VsCodeInstall {
  readonly version: VsCodeVersion;
  /** Folder that contains `out/server-main.js`. */
  readonly root: string;
  /** The Node that runs it. */
  readonly node: string;
}

const NPM_QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

async function must(
  what: string,
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { code, output } = await run(command, args, { cwd, env });
  if (code !== 0)
    throw new Error(`${what} failed (${[command, ...args].join(' ')}):\n${output.split('\n').slice(-25).join('\n')}`);
  return output;
}

const nodePackage = () => `node-${process.platform}-${process.arch}`;
const nodeHome = (dir: string) => join(dir, 'node_modules', nodePackage());

/**
 * Installs a Node of the given major version from npm, with headers; returns its home folder (`bin/node`,
 * `include/node`).
 */
async function ensureNode(major: number): Promise<string> {
  const dir = await cached(
    cachePath('node', String(major)),
    async (at) => (await run(join(nodeHome(at), 'bin', 'node'), ['--version'])).output.startsWith(`v${major}.`),
    async (at) => {
      writeFileSync(join(at, 'package.json'), '{"private":true}');
      await must(
        `Installing Node ${major}`,
        'npm',
        ['install', ...NPM_QUIET, '--ignore-scripts', `${nodePackage()}@${major}`],
        at,
      );
    },
  );
  return nodeHome(dir);
}

/** Creates VS Code's server from the `code-server` package: installs its packages and builds its native parts. */
async function make(recipe: Recipe, node: string, dir: string): Promise<void> {
  // Only lib/vscode of `code-server` is needed, so its own dependencies are not installed.
  const tarball =
    (await must('Fetching VS Code', 'npm', ['pack', '--silent', `code-server@${recipe.codeServer}`], dir))
      .trim()
      .split('\n')
      .at(-1) ?? '';
  await must('Unpacking VS Code', 'tar', ['-xzf', tarball, '--no-same-owner', 'package/lib/vscode'], dir);
  rmSync(join(dir, tarball));
  renameSync(join(dir, 'package', 'lib', 'vscode'), join(dir, 'vscode'));
  rmSync(join(dir, 'package'), { recursive: true });

  const root = join(dir, 'vscode');
  // npm and its builds must run on VS Code's Node and against that Node's headers. node-pty's script calls npx, which
  // must not ask.
  const env = {
    ...process.env,
    PATH: [join(node, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
    npm_config_nodedir: node,
    npm_config_yes: 'true',
  };
  await must(
    'Installing what VS Code needs',
    'npm',
    ['install', ...NPM_QUIET, '--omit=dev', '--omit=optional', '--ignore-scripts'],
    root,
    env,
  );
  // The file watcher's native part is the one optional package that an extension needs.
  const { version } = JSON.parse(
    readFileSync(join(root, 'node_modules', '@parcel', 'watcher', 'package.json'), 'utf8'),
  ) as { version: string };
  const libc = process.platform === 'linux' ? '-glibc' : '';
  await must(
    'Installing the file watcher',
    'npm',
    [
      'install',
      ...NPM_QUIET,
      '--no-save',
      '--omit=dev',
      '--omit=optional',
      '--ignore-scripts',
      `@parcel/watcher-${process.platform}-${process.arch}${libc}@${version}`,
    ],
    root,
    env,
  );
  await must(
    'Building VS Code’s native parts',
    'npm',
    ['rebuild', ...NPM_QUIET, '--foreground-scripts', ...recipe.rebuild],
    root,
    env,
  );
}

/** Returns true when the server can print its version and its native parts load. */
async function works(version: VsCodeVersion, node: string, dir: string): Promise<boolean> {
  const root = join(dir, 'vscode');
  const { code, output } = await run(
    join(node, 'bin', 'node'),
    [
      '-e',
      'for (const part of ["@vscode/spdlog", "node-pty", "@parcel/watcher"]) require(part); process.stdout.write(require("./package.json").version)',
    ],
    { cwd: root, timeoutMs: 120_000 },
  );
  return code === 0 && output.startsWith(`${version}.`);
}

/**
 * Returns VS Code `version`, from the cache or freshly installed (about a minute). Throws NeedError when a compiler is
 * missing and may not be installed.
 */
export async function ensureVsCode(version: VsCodeVersion): Promise<VsCodeInstall> {
  const recipe = VSCODE_VERSIONS[version];
  const node = await ensureNode(recipe.nodeMajor);
  const dir = await cached(
    cachePath('vscode', recipe.codeServer),
    (at) => works(version, node, at),
    async (at) => {
      console.log(
        `Installing VS Code ${version} from npm into ${cachePath('vscode')} (once, 460 MB, about a minute) …`,
      );
      await ensureTools([tools.make, tools.compiler, tools.python]);
      await make(recipe, node, at);
    },
  );
  return { version, root: join(dir, 'vscode'), node: join(node, 'bin', 'node') };
}

/** Writes `contents` to `path`; creates the folders. */
export function writeJson(path: string, contents: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(contents, null, 2));
}

/** Returns the version of `engines.vscode` in the manifest, without the caret: `1.100`. */
export function promisedVersion(manifest: string): string {
  const { engines } = JSON.parse(readFileSync(manifest, 'utf8')) as { engines: { vscode: string } };
  return engines.vscode.replace(/^\^/, '').split('.').slice(0, 2).join('.');
}

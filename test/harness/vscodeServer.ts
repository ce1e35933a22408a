/** A running VS Code server with its own user-data folder, which is removed when the server is closed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SLOW_MACHINE_FACTOR } from '../support/slowMachine';
import { end, onEnd, run, start } from './processes';
import { ensureVsCode, writeJson, type VsCodeVersion } from './vscodeInstall';

const START_TIMEOUT_MS = 60_000 * SLOW_MACHINE_FACTOR;

/** Settings for a quiet VS Code: no trust question, no welcome page, no network. */
const QUIET_SETTINGS = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'terminal.integrated.gpuAcceleration': 'off',
};

export interface VsCodeOptions {
  readonly version: VsCodeVersion;
  /** Folder to open; none opens an empty window. */
  readonly workspace?: string;
  /** Load the extension from its source folder, in development mode: VS Code 1.139 then shows no notifications … */
  readonly extensionDir?: string;
  /** … or install it from its package, as a user does. */
  readonly vsix?: string;
  /** Mocha entry to run in the extension host, an absolute path to a `.js` file. */
  readonly testsPath?: string;
  /** User settings in addition to the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment of the server, and so of the extension host and its terminals. */
  readonly env?: NodeJS.ProcessEnv;
  /** Display language, as in `de`. VS Code's own texts stay English: no language pack is installed. */
  readonly language?: string;
}

export interface VsCodeServer {
  readonly version: VsCodeVersion;
  /** Address of the workbench; contains the folder and the extension. */
  readonly url: string;
  /** Folder of all its data, logs included; removed with the server. */
  readonly data: string;
  /** Returns the server's output so far. */
  log(): string;
  /** Resolves when the server has ended, for any reason. */
  readonly ended: Promise<void>;
  /** Ends the server and everything below it, and removes its data. Safe to call twice. */
  close(): Promise<void>;
}

/** Returns the environment without variables that would tie the new VS Code to one around this process. */
function cleanEnv(extra: NodeJS.ProcessEnv | undefined): NodeJS.ProcessEnv {
  const quiet = { EXTENSIONS_GALLERY: '{}' }; // no marketplace: no network request
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|TMUX)/.test(name) || name === 'TMUX_TMPDIR',
  );
  return { ...Object.fromEntries(inherited), ...quiet, ...extra };
}

function urlOf(port: number, options: VsCodeOptions): string {
  const remote = (path: string) => `vscode-remote://localhost:${port}${path}`;
  const payload: [string, string][] = [];
  if (options.extensionDir) payload.push(['extensionDevelopmentPath', remote(options.extensionDir)]);
  if (options.testsPath) payload.push(['extensionTestsPath', remote(options.testsPath)]);
  const query = new URLSearchParams();
  if (options.workspace) query.set('folder', options.workspace);
  else query.set('ew', 'true');
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `http://localhost:${port}/?${query.toString()}`;
}

/**
 * Starts VS Code and waits until it answers. The caller closes it; a signal or the end of this process closes it too.
 */
export async function startVsCode(options: VsCodeOptions): Promise<VsCodeServer> {
  const { root, node } = await ensureVsCode(options.version);
  const data = mkdtempSync(join(tmpdir(), 'taco-vsc-'));
  const removeData = () => rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  const forget = onEnd(removeData);
  const main = join(root, 'out', 'server-main.js');
  const env = cleanEnv(options.env);
  const common = ['--accept-server-license-terms', '--server-data-dir', data];
  // Settings of scope `machine` are read only from the machine's file.
  for (const scope of ['User', 'Machine'])
    writeJson(join(data, 'data', scope, 'settings.json'), { ...QUIET_SETTINGS, ...options.settings });

  if (options.vsix) {
    const { code, output } = await run(node, [main, ...common, '--install-extension', options.vsix, '--force'], {
      env,
      timeoutMs: START_TIMEOUT_MS,
    });
    if (code !== 0) {
      forget();
      removeData();
      throw new Error(`VS Code ${options.version} refused the package ${options.vsix}:\n${output}`);
    }
  }

  // Only with the driver does a built VS Code use the payload of the address; but the driver also hides notifications.
  const driver = options.extensionDir || options.testsPath ? ['--enable-smoke-test-driver'] : [];
  const server = start(
    node,
    [main, ...common, '--host', '127.0.0.1', '--port', '0', '--without-connection-token', ...driver],
    { env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  let output = '';
  const close = async () => {
    await end(server);
    forget();
    removeData();
  };
  try {
    const port = await new Promise<number>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`VS Code ${options.version} did not start:\n${output}`)),
        START_TIMEOUT_MS,
      );
      const read = (chunk: Buffer) => {
        output += chunk.toString('utf8');
        const match = /Extension host agent listening on (\d+)/.exec(output);
        if (!match) return;
        clearTimeout(timer);
        resolve(Number(match[1]));
      };
      server.stdout?.on('data', read);
      server.stderr?.on('data', read);
      server.once('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`VS Code ${options.version} ended at once (${code}):\n${output}`));
      });
    });
    return { version: options.version, url: urlOf(port, options), data, log: () => output, ended, close };
  } catch (error) {
    await close();
    throw error;
  }
}

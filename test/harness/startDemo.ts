/**
 * `npm start`: opens VS Code on a copy of the sample workspace with the extension, until the window closes, or Ctrl-C.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseAgents } from './chooseDemoAgents';
import { packVsix } from './packageSuite';
import { onEnd, start } from './processes';
import { copySampleWorkspace } from './sampleWorkspace';
import { which } from './systemPackages';
import { NEWEST, writeJson } from './vscodeInstall';
import { startVsCode } from './vscodeServer';

const NEXT_STEP = 'There: the TACO icon in the activity bar, then “TACO: Start…”.';

/** Returns the desktop's own VS Code where a display exists. As root it refuses to start. */
function desktopCode(): string | undefined {
  const hasScreen = process.platform === 'darwin' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
  return hasScreen && process.getuid?.() !== 0 ? which(['code', 'code-insiders', 'codium']) : undefined;
}

/** Opens `url` on the desktop; without a desktop the user opens the printed address. */
function openInBrowser(url: string): void {
  const opener = which([process.platform === 'darwin' ? 'open' : 'xdg-open']);
  if (!opener || (process.platform !== 'darwin' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'])) return;
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

/** Resolves with the exit code once VS Code is closed. Ctrl-C ends the served VS Code and removes the copy. */
export async function show(root: string): Promise<number> {
  const agents = await chooseAgents();
  console.log(agents.reason);
  const base = mkdtempSync(join(tmpdir(), 'taco-sample-'));
  const remove = () => rmSync(base, { recursive: true, force: true, maxRetries: 5 });
  const forget = onEnd(remove);
  try {
    const workspace = copySampleWorkspace(root, base);
    writeJson(join(workspace, '.vscode', 'settings.json'), { 'taco.agent.profile': agents.profile });
    const code = desktopCode();
    if (code) {
      console.log(`Opening ${code} on ${workspace}. ${NEXT_STEP}`);
      const window = start(code, ['--new-window', '--wait', `--extensionDevelopmentPath=${root}`, workspace], {
        stdio: 'inherit',
      });
      return await new Promise((resolve, reject) =>
        window.once('error', reject).once('exit', (exit) => resolve(exit ?? 1)),
      );
    }
    const { path } = await packVsix(root);
    const server = await startVsCode({ version: NEWEST, workspace, vsix: path });
    console.log(`\nVS Code ${NEWEST} runs at\n\n  ${server.url}\n\n${NEXT_STEP} Ctrl-C here ends it.`);
    openInBrowser(server.url);
    await server.ended;
    await server.close();
    return 0;
  } finally {
    forget();
    remove();
  }
}

/** The subjects of the figures in VS Code: TACO as shipped, and an extension that does nothing. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentVsix } from '../harness/packageSuite';

export const EMPTY = 'nothing-at-all';
export const EMPTY_PAGE = { command: 'Nothing: Open Page', title: 'Nothing', selector: '#nothing' } as const;

let built = false;

/** Builds the package from the current sources. */
export async function builtVsix(): Promise<string> {
  if (!built) execFileSync(process.execPath, ['esbuild.mjs']);
  built = true;
  return (await currentVsix(process.cwd())).path;
}

/**
 * Creates the folder of an extension that is activated like any other and does nothing; its one command opens an empty
 * page. The caller removes it.
 */
export function emptyExtension(): string {
  const dir = mkdtempSync(join(tmpdir(), 'taco-empty-'));
  writeFileSync(
    join(dir, 'package.json'),
    JSON.stringify({
      name: EMPTY,
      publisher: 'none',
      version: '1.0.0',
      engines: { vscode: '^1.100.0' },
      main: './main.js',
      activationEvents: ['onStartupFinished'],
      contributes: { commands: [{ command: 'nothing.page', title: EMPTY_PAGE.command }] },
    }),
  );
  writeFileSync(
    join(dir, 'main.js'),
    `const vscode = require('vscode');
exports.activate = () => {
  vscode.commands.registerCommand('nothing.page', () => {
    const { webview } = vscode.window.createWebviewPanel('nothing', '${EMPTY_PAGE.title}', vscode.ViewColumn.Active, { enableScripts: true, localResourceRoots: [] });
    webview.html = '<!DOCTYPE html><html><head><meta http-equiv="Content-Security-Policy" content="default-src \\'none\\'"></head><body><p id="nothing">Nothing</p></body></html>';
  });
};
`,
  );
  return dir;
}

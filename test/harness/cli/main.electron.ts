/** `npm run test:electron [-- VERSION]`: runs test/vscode in a desktop VS Code, where one can be downloaded. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { hostEntry } from '../extensionHostSuite';
import { onEnd } from '../processes';
import { copySampleWorkspace } from '../sampleWorkspace';

export async function main(args: readonly string[], root = process.cwd()): Promise<number> {
  const base = mkdtempSync(join(tmpdir(), 'taco-el-'));
  const remove = () => rmSync(base, { recursive: true, force: true, maxRetries: 5 });
  const forget = onEnd(remove);
  try {
    return await runTests({
      ...(args[0] ? { version: args[0] } : {}),
      extensionDevelopmentPath: root,
      extensionTestsPath: hostEntry(root),
      launchArgs: [
        copySampleWorkspace(root, base),
        '--disable-workspace-trust',
        '--disable-extensions',
        `--user-data-dir=${join(base, 'data')}`,
      ],
      extensionTestsEnv: { TACO_HOME: join(base, 'home'), TMUX_TMPDIR: base },
    });
  } finally {
    forget();
    remove();
  }
}

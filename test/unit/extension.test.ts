import assert from 'node:assert/strict';
import { build } from 'esbuild';

/** Files of ours, and packages, that VS Code waits for when it activates the extension. */
async function readAtActivation(): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: ['src/extension.ts'],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
    loader: { '.lua': 'text' },
    logLevel: 'silent',
  });
  return Object.keys(metafile.inputs);
}

describe('Activation', () => {
  it('reads no engine, no CLI profile, no Redis client, no package but the few lines that translate, and nothing of commands, pages and editors', async () => {
    const notYet =
      /node_modules\/(?!@vscode\/l10n\/)|^src\/(profiles|tmux|team|orchestrator|cli|vscode\/(commands|editor|webviews)\/)|^src\/environment\/(?!systemClock)|^src\/redis\/(?!client\/(endpoint|keys))|engineBundle|deferredFeatures/;
    const read = await readAtActivation();
    assert.deepEqual(
      read.filter((file) => notYet.test(file)),
      [],
    );
    assert.ok(read.includes('src/vscode/trees/treeView.ts'));
  });
});

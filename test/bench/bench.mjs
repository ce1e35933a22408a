/**
 * `npm run bench`: makes its own bundles below out/bench, so that no other build changes them, and runs the figures.
 */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, installPackages, requireNode } from '../harness/bootstrap.mjs';

try {
  requireNode();
  installPackages();
  const { build } = await import('esbuild');
  const common = {
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: true,
    logLevel: 'warning',
    loader: { '.lua': 'text' },
    absWorkingDir: ROOT,
  };
  const outdir = join('out', 'bench');
  const ours = (name) => join('test', 'bench', name);
  await Promise.all([
    // The product as shipped; the engine is also bundled whole, so that the measurement runs the same code.
    build({
      ...common,
      minifySyntax: true,
      outdir,
      external: ['vscode'],
      entryPoints: {
        taco: 'src/cli/main.ts',
        'taco-engine': 'src/cli/engineCommands.ts',
        extension: 'src/extension.ts',
        'extension-parts': 'src/vscode/activation/deferredFeatures.ts',
        'extension-engine': 'src/vscode/activation/engineBundle.ts',
        engineHost: ours('engineHost.ts'),
      },
    }),
    build({
      ...common,
      entryPoints: { main: ours('main.bench.ts'), agent: ours('directAgent.ts') },
      outdir,
      packages: 'external',
    }),
  ]);
  chmodSync(join(ROOT, outdir, 'agent.js'), 0o755);
  process.chdir(ROOT);
  const { main } = await import(join(ROOT, outdir, 'main.js'));
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.stack : error);
  process.exitCode = 1;
}

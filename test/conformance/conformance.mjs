/**
 * `npm run conformance`: makes its own bundles below out/conformance, so that no other build changes them, and runs the
 * suite.
 */
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
  const outdir = join('out', 'conformance');
  await Promise.all([
    build({
      ...common,
      entryPoints: {
        taco: 'src/cli/main.ts',
        'taco-engine': 'src/cli/engineCommands.ts',
        'taco-mcp': 'src/cli/mcp/serve.ts',
      },
      outdir,
      minifySyntax: true,
    }),
    build({
      ...common,
      entryPoints: { main: join('test', 'conformance', 'main.conformance.ts') },
      outdir,
      packages: 'external',
    }),
  ]);
  process.chdir(ROOT);
  const { main } = await import(join(ROOT, outdir, 'main.js'));
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

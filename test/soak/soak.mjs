/** `npm run soak`: makes bundles of its own below out/soak, so that nothing else that is built meanwhile changes them, and runs it. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, installPackages, requireNode } from '../harness/bootstrap.mjs';

try {
  requireNode();
  installPackages();
  const { build } = await import('esbuild');
  const outdir = join('out', 'soak');
  const common = {
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: true,
    logLevel: 'warning',
    loader: { '.lua': 'text' },
    absWorkingDir: ROOT,
    outdir,
  };
  const ours = (name) => join('test', 'soak', name);
  await Promise.all([
    // The product as it is shipped.
    build({
      ...common,
      minifySyntax: true,
      entryPoints: { taco: 'src/cli/main.ts', 'taco-engine': 'src/cli/engineCommands.ts' },
    }),
    // The extension's own classes, on the little of VS Code's API that they need.
    build({
      ...common,
      minifySyntax: true,
      alias: { vscode: join(ROOT, ours('vscodeStandIn.ts')), 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
      entryPoints: { window: ours('windowProcess.ts') },
    }),
    build({
      ...common,
      entryPoints: { main: ours('main.soak.ts'), agent: join('test', 'bench', 'directAgent.ts') },
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

/**
 * Runs a suite that is no part of `npm test`: makes its own bundles below out/NAME, so that no other build changes them,
 * and calls `main` of its bundle `main` with the arguments, the folder of TACO and the path of the command.
 */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, installPackages, requireNode } from '../bootstrap.mjs';

/**
 * @param name folder of the suite below test/
 * @param product entry points of TACO as it is shipped
 * @param tests entry points below test/
 * @param more further options of esbuild, each for bundles of its own
 * @param executables bundles that are started as programs
 */
export async function runOwnSuite(name, { product, tests, more = [], executables = [] }) {
  try {
    requireNode();
    installPackages();
    const { build } = await import('esbuild');
    const outdir = join('out', name);
    const make = (options) =>
      build({
        bundle: true,
        platform: 'node',
        target: 'node20',
        format: 'cjs',
        sourcemap: true,
        logLevel: 'warning',
        loader: { '.lua': 'text' },
        absWorkingDir: ROOT,
        outdir,
        ...options,
      });
    const ours = Object.fromEntries(Object.entries(tests).map(([bundle, path]) => [bundle, join('test', path)]));
    await Promise.all([
      make({ minifySyntax: true, external: ['vscode'], entryPoints: product }),
      make({ packages: 'external', entryPoints: ours }),
      ...more.map((options) => make({ minifySyntax: true, ...options })),
    ]);
    for (const bundle of executables) chmodSync(join(ROOT, outdir, `${bundle}.js`), 0o755);
    process.chdir(ROOT);
    const { main } = await import(join(ROOT, outdir, 'main.js'));
    process.exitCode = await main(process.argv.slice(2), ROOT, join(ROOT, outdir, 'taco.js'));
  } catch (error) {
    // The suite has something to say to the user, and no defect: see suiteOptions.ts.
    const isForUser = error instanceof Error && typeof error.exitCode === 'number';
    if (isForUser) console[error.exitCode === 0 ? 'log' : 'error'](error.message);
    else console.error(error instanceof Error ? error.stack : error);
    process.exitCode = isForUser ? error.exitCode : 1;
  }
}

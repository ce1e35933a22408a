/**
 * Makes the bundles: the extension and the `taco` command (each as a light part and the rest), and the webviews.
 * `--watch` rebuilds, `--tests` also bundles the tests.
 */
import { context, build } from 'esbuild';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const watch = process.argv.includes('--watch');
const tests = process.argv.includes('--tests');

const common = {
  bundle: true,
  sourcemap: true,
  minifySyntax: true,
  logLevel: 'warning',
  loader: { '.lua': 'text' },
  legalComments: 'none',
};
// Its other build requires its parts in a way that cannot be bundled.
const alias = { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' };
const node = { ...common, minifyWhitespace: true, platform: 'node', target: 'node20', format: 'cjs', alias };

const present = (entries) => Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file)));

/**
 * Lists the test entries: every `*.test.ts`, `*.story.ts` and `*.process.ts` below `test/` becomes its own file below
 * `out/`, so that mocha can run them in any order.
 */
function testEntries() {
  const files = readdirSync('test', { recursive: true }).map(String);
  return files
    .filter((file) => /\.(test|story|process)\.ts$/.test(file) || /(^|\/)main\.[a-z]+\.ts$/.test(file))
    .map((file) => join('test', file));
}

/** Removes the bundles below `out` whose source was removed or moved: they must not run as tests. */
function removeStale(out, from) {
  if (!existsSync(out)) return;
  for (const name of readdirSync(out, { recursive: true }).map(String)) {
    const source = name.replace(/\.js(\.map)?$/, '.ts');
    if (source !== name && !existsSync(join(from, source))) rmSync(join(out, name));
  }
}

const bundles = [
  {
    ...node,
    entryPoints: present({
      extension: 'src/extension.ts',
      'extension-parts': 'src/vscode/activation/deferredFeatures.ts',
      'extension-engine': 'src/vscode/activation/engineBundle.ts',
    }),
    outdir: 'dist',
    external: ['vscode'],
  },
  {
    ...node,
    entryPoints: present({ taco: 'src/cli/main.ts', 'taco-engine': 'src/cli/engineCommands.ts' }),
    outdir: 'dist',
  },
  // Contains the MCP SDK whole; only one command loads it, so it is minified.
  {
    ...node,
    minify: true,
    keepNames: true,
    entryPoints: present({ 'taco-mcp': 'src/cli/mcp/serve.ts' }),
    outdir: 'dist',
  },
  {
    ...common,
    platform: 'browser',
    target: 'chrome130',
    format: 'iife',
    minify: true,
    entryPoints: present({
      'webview/monitor': 'src/webview/monitor/main.ts',
      'webview/planReview': 'src/webview/planReview/main.ts',
    }),
    outdir: 'dist',
  },
  ...(tests
    ? [
        {
          ...node,
          entryPoints: testEntries(),
          outdir: 'out/test',
          outbase: 'test',
          alias: {},
          packages: 'external',
          external: ['vscode'],
        },
      ]
    : []),
].filter((options) => Object.keys(options.entryPoints).length > 0);

if (watch) {
  for (const options of bundles) await (await context(options)).watch();
} else {
  if (tests) removeStale('out/test', 'test');
  await Promise.all(bundles.map((options) => build(options)));
}

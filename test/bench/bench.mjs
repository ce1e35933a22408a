/** `npm run bench`. */
import { runOwnSuite } from '../harness/cli/ownSuite.mjs';

await runOwnSuite('bench', {
  product: {
    taco: 'src/cli/main.ts',
    'taco-engine': 'src/cli/engineCommands.ts',
    extension: 'src/extension.ts',
    'extension-parts': 'src/vscode/activation/deferredFeatures.ts',
    'extension-engine': 'src/vscode/activation/engineBundle.ts',
    // The engine as one bundle: the measurement runs the code that is shipped.
    engineHost: 'test/bench/engineHost.ts',
  },
  tests: { main: 'bench/main.bench.ts', agent: 'bench/directAgent.ts' },
  executables: ['agent'],
});

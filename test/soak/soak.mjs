/** `npm run soak`. */
import { join } from 'node:path';
import { ROOT } from '../harness/bootstrap.mjs';
import { runOwnSuite } from '../harness/cli/ownSuite.mjs';

await runOwnSuite('soak', {
  product: { taco: 'src/cli/main.ts', 'taco-engine': 'src/cli/engineCommands.ts' },
  tests: { main: 'soak/main.soak.ts', agent: 'bench/directAgent.ts' },
  more: [
    // The extension's own classes, on the little of VS Code's API that they need.
    {
      alias: { vscode: join(ROOT, 'test/soak/vscodeStandIn.ts'), 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
      entryPoints: { window: 'test/soak/windowProcess.ts' },
    },
  ],
  executables: ['agent'],
});

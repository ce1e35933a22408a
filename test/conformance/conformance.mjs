/** `npm run conformance`. */
import { runOwnSuite } from '../harness/cli/ownSuite.mjs';

await runOwnSuite('conformance', {
  product: { taco: 'src/cli/main.ts', 'taco-engine': 'src/cli/engineCommands.ts', 'taco-mcp': 'src/cli/mcp/serve.ts' },
  tests: { main: 'conformance/main.conformance.ts' },
});

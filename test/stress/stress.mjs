/** `npm run stress`. */
import { runOwnSuite } from '../harness/cli/ownSuite.mjs';

await runOwnSuite('stress', {
  product: { taco: 'src/cli/main.ts', 'taco-engine': 'src/cli/engineCommands.ts' },
  tests: { main: 'stress/main.stress.ts' },
});

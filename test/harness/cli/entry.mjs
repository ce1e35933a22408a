/** `node test/harness/cli/entry.mjs NAME [ARGS]`: installs, builds and runs `main.NAME.ts`. */
import { runEntry } from '../bootstrap.mjs';

const [name, ...args] = process.argv.slice(2);
try {
  process.exitCode = await runEntry(name, args);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

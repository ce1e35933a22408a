/** `npm test [-- SUITE [FILE PART]]`: installs, builds, runs every suite, ends with `N passed, N failed`. */
import { runEntry } from '../bootstrap.mjs';

try {
  process.exitCode = await runEntry('suites');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}

/** `node out/test/harness/cli/main.mocha.js TIMEOUT_MS FILE…`: one Mocha run in its own process. */
import { REPORT_VARIABLE, runMocha } from '../mocha';

const [timeout, ...files] = process.argv.slice(2);
void runMocha(files, { timeoutMs: Number(timeout), reportFile: process.env[REPORT_VARIABLE] }).then((failures) => {
  // Not process.exit: a process that does not end shows that a test left something running.
  process.exitCode = failures > 0 ? 1 : 0;
});

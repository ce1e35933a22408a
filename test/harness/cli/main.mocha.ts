/** `node out/test/harness/cli/main.mocha.js TIMEOUT_MS FILE…`: one Mocha run in a process of its own. */
import { REPORT_VARIABLE, runMocha } from '../mocha';

const [timeout, ...files] = process.argv.slice(2);
void runMocha(files, { timeoutMs: Number(timeout), reportFile: process.env[REPORT_VARIABLE] }).then((failures) => {
  // Not process.exit: a test that leaves something running is found out by the process that does not end.
  process.exitCode = failures > 0 ? 1 : 0;
});

/** Runs every `*.test.js` beside it in the extension host. The test harness or @vscode/test-electron starts it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { OUTPUT_VARIABLE, REPORT_VARIABLE, runMocha } from '../harness/mocha';

const TEST_TIMEOUT_MS = 60_000;

/** Runs the tests. VS Code calls this and reads a rejection as a failure. */
export async function run(): Promise<void> {
  const only = process.env['TACO_TEST_FILTER'] ?? '';
  const files = readdirSync(__dirname, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.test.js') && file.includes(only))
    .sort();
  const failures = await runMocha(
    files.map((file) => join(__dirname, file)),
    { timeoutMs: TEST_TIMEOUT_MS, reportFile: process.env[REPORT_VARIABLE], outputFile: process.env[OUTPUT_VARIABLE] },
  );
  if (failures > 0) throw new Error(`${failures} failed.`);
}

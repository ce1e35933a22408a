/** What the extension host runs, started by the test bed or by @vscode/test-electron: every `*.test.js` beside it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { OUTPUT_VARIABLE, REPORT_VARIABLE, runMocha } from '../harness/mocha';

const TEST_TIMEOUT_MS = 60_000;

/** VS Code calls this; a rejection is how it learns of failures. */
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

/** One Mocha run in a process of its own: its counts, or what became of it. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readReport } from './hostSuite';
import { REPORT_VARIABLE } from './mocha';
import { end, start } from './processes';

/** After the last test, how long a process may take to end by itself. */
const LINGER_MS = 10_000;
const POLL_MS = 250;

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface SuiteContext {
  readonly root: string;
  /** Parts that a file's name must contain. */
  readonly parts: readonly string[];
  /** The whole environment of the suite's processes. */
  readonly env: NodeJS.ProcessEnv;
  /** An empty folder, removed after the suite. */
  readonly scratch: string;
  readonly timeoutMs: number;
}

/** Runs the files; a crash, a time-out and a process that does not end each count as one failure more. `quiet` prints nothing. */
export async function mochaSuite(files: readonly string[], testTimeoutMs: number, context: SuiteContext, quiet = false): Promise<Outcome> {
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 };
  const reportFile = join(context.scratch, 'report.json');
  const child = start(process.execPath, ['--enable-source-maps', join(context.root, 'out', 'test', 'bed', 'main.mocha.js'), String(testTimeoutMs), ...files], {
    cwd: context.root,
    env: { ...context.env, [REPORT_VARIABLE]: reportFile },
    stdio: quiet ? 'ignore' : ['ignore', 'inherit', 'inherit'],
  });
  let exit: number | string | undefined;
  child.once('exit', (code, signal) => (exit = signal ?? code ?? 'nothing'));
  child.once('error', (error) => (exit = error.message));

  const deadline = Date.now() + context.timeoutMs;
  let completeSince: number | undefined;
  let problem = '';
  while (exit === undefined && !problem) {
    await sleep(POLL_MS);
    if (readReport(reportFile)?.complete) completeSince ??= Date.now();
    if (completeSince !== undefined && Date.now() > completeSince + LINGER_MS) problem = 'all tests ended, but something they left open keeps the process alive';
    else if (Date.now() > deadline) problem = `stopped after ${Math.round(context.timeoutMs / 1000)} s`;
  }
  await end(child);

  const report = readReport(reportFile);
  if (!problem && !report?.complete) problem = `crashed (${exit})`;
  const counts = { passed: report?.passed ?? 0, failed: report?.failed ?? 0, skipped: report?.skipped ?? 0 };
  if (!problem && counts.passed + counts.failed + counts.skipped === 0) problem = 'there are test files, but no test ran';
  if (!problem) return counts;
  if (!quiet) console.log(`  ✖ ${problem}`);
  return { ...counts, failed: counts.failed + 1 };
}

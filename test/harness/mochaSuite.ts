/** Runs Mocha in separate processes, and collects the results of their tests and of the processes themselves. */
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readReport } from './extensionHostSuite';
import { ownFolders } from './folders';
import { REPORT_VARIABLE } from './mocha';
import { end, start } from './processes';
import { inLanes, type Slots } from './runConcurrently';
import { StallWatch } from './stallWatch';
import { NOTHING, sumOf, failureText, type Outcome } from './testResult';

/** Time limit for a process to end by itself after the last test, on a loaded machine, milliseconds. */
const LINGER_MS = 60_000;
const POLL_MS = 250;

export interface SuiteContext {
  /** The suite's name, for its output. */
  readonly name: string;
  readonly root: string;
  /** Parts that a file's name must contain. */
  readonly parts: readonly string[];
  /** The whole environment of the suite's processes. */
  readonly env: NodeJS.ProcessEnv;
  /** An empty folder, removed after the suite. */
  readonly scratch: string;
  /**
   * Time limit without progress, beyond the limit of the running test, after which a suite is stopped, milliseconds.
   */
  readonly stallMs: number;
  /** Time limit for a process to end by itself after its last test, milliseconds; default `LINGER_MS`. */
  readonly lingerMs?: number;
  /** Places for processes of tests: each takes one. */
  readonly slots: Slots;
}

/** Destination of a run's output: this console, nowhere, or a file. */
type Output = 'inherit' | 'ignore' | number;

/**
 * Runs the files in one process. A crash, a stall and a process that does not end each count as one more failure.
 * `quiet` prints nothing.
 */
export async function mochaSuite(
  files: readonly string[],
  testTimeoutMs: number,
  context: SuiteContext,
  quiet = false,
): Promise<Outcome> {
  if (files.length === 0) return NOTHING;
  const output = quiet ? 'ignore' : 'inherit';
  return await context.slots.run(() => mochaRun('its process', files, testTimeoutMs, context, output));
}

/** Takes a place, runs one process, and prints its output as a whole when it has ended. */
async function printedRun(
  name: string,
  files: readonly string[],
  testTimeoutMs: number,
  context: SuiteContext,
  quiet: boolean,
): Promise<Outcome> {
  return await context.slots.run(async () => {
    const since = Date.now();
    const outputFile = join(context.scratch, 'output.txt');
    const output = openSync(outputFile, 'w');
    const result = await mochaRun(name, files, testTimeoutMs, context, output).finally(() => closeSync(output));
    const seconds = ((Date.now() - since) / 1000).toFixed(1);
    if (!quiet)
      console.log(`\n  ${context.name}: ${name} (${seconds} s)\n${readFileSync(outputFile, 'utf8').trimEnd()}`);
    return result;
  });
}

/**
 * Runs a process for each file, `lanes` of them concurrently. Prints a file's output as a whole when it has ended. Each
 * file has its own folders, so that two concurrent files do not share any.
 */
export async function mochaLanes(
  lanes: number,
  files: readonly string[],
  testTimeoutMs: number,
  context: SuiteContext,
  quiet = false,
): Promise<Outcome> {
  if (files.length <= 1) return await mochaSuite(files, testTimeoutMs, context, quiet);
  const base = join(context.root, 'out', 'test');
  return sumOf(
    await inLanes(lanes, files, async (file, index) => {
      const scratch = join(context.scratch, String(index));
      const env = { ...context.env, ...ownFolders(scratch) };
      return await printedRun(relative(base, file), [file], testTimeoutMs, { ...context, env, scratch }, quiet);
    }),
  );
}

/** Runs one Mocha process. `name` is the title of a failure of the process itself. */
async function mochaRun(
  name: string,
  files: readonly string[],
  testTimeoutMs: number,
  context: SuiteContext,
  output: Output,
): Promise<Outcome> {
  const reportFile = join(context.scratch, 'report.json');
  const child = start(
    process.execPath,
    [
      '--enable-source-maps',
      join(context.root, 'out', 'test', 'harness', 'cli', 'main.mocha.js'),
      String(testTimeoutMs),
      ...files,
    ],
    { cwd: context.root, env: { ...context.env, [REPORT_VARIABLE]: reportFile }, stdio: ['ignore', output, output] },
  );
  let exit: number | string | undefined;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => resolve(void (exit = signal ?? code ?? 'nothing')));
    child.once('error', (error) => resolve(void (exit = error.message)));
  });

  const stall = new StallWatch(context.stallMs);
  let completeSince: number | undefined;
  let problem = '';
  while (exit === undefined && !problem) {
    await Promise.race([gone, sleep(POLL_MS)]);
    const now = readReport(reportFile);
    if (now?.complete) completeSince ??= Date.now();
    if (completeSince !== undefined && Date.now() > completeSince + (context.lingerMs ?? LINGER_MS))
      problem = 'all tests ended, but something they left open keeps the process alive';
    else problem = stall.check(now);
  }
  await end(child);

  const report = readReport(reportFile);
  if (!problem && !report?.complete) problem = `crashed (${exit})`;
  const { passed, skipped, failures } = report ?? NOTHING;
  if (!problem && passed + failures.length + skipped === 0) problem = 'there are test files, but no test ran';
  if (!problem) return { passed, skipped, failures };
  const own = { title: name, reason: problem };
  if (output === 'inherit') console.log(failureText(own));
  return { passed, skipped, failures: [...failures, own] };
}

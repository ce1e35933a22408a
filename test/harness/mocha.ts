/**
 * Runs Mocha in this process, in plain Node or in VS Code's extension host. Writes its counts to a file during the run.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { format } from 'node:util';
import Mocha from 'mocha';
import { SLOW_MACHINE_FACTOR } from '../support/slowMachine';
import type { Failure, Outcome } from './testResult';

/** Path of the file that gets a `MochaReport` after every test. */
export const REPORT_VARIABLE = 'TACO_TEST_REPORT';

/** Path of the file that gets the printed results; unset: the console. */
export const OUTPUT_VARIABLE = 'TACO_TEST_OUTPUT';

export interface MochaReport extends Outcome {
  /** False while tests run: a report that stays false is evidence of a crash. */
  readonly complete: boolean;
  /** The running test or hook, and its own limit in milliseconds. */
  readonly running?: { readonly title: string; readonly limitMs: number } | undefined;
}

/**
 * Applies the factor where Mocha stores limits: each test and hook gets its limit here, from a suite, a call or the
 * default.
 */
function allowSlowMachines(): void {
  const setLimit = Reflect.get(Mocha.Runnable.prototype, 'timeout') as (
    this: Mocha.Runnable,
    ms?: string | number,
  ) => unknown;
  Mocha.Runnable.prototype.timeout = function (this: Mocha.Runnable, ms?: string | number): never {
    return setLimit.call(this, ...(ms === undefined ? [] : [Number(ms) * SLOW_MACHINE_FACTOR])) as never;
  };
}

export interface MochaOptions {
  readonly timeoutMs: number;
  readonly reportFile?: string | undefined;
  /** File for the output instead of the console, where other programs fill the console. */
  readonly outputFile?: string | undefined;
}

/** Lines of an error that contain the fault, the screens of a team and its place. */
const REASON_LINES = 120;

/** Returns the message with the difference of its values, then the place in TACO's files where it was thrown. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : format(error);
  return text
    .split('\n')
    .filter((line) => !/^ {4}at .*(node:internal|node_modules)/.test(line))
    .slice(0, REASON_LINES)
    .join('\n');
}

/** Prints Mocha's own `spec` output, and writes the counts after each test, so that a crash loses none. */
function reporterTo(reportFile: string | undefined): Mocha.ReporterConstructor {
  return class extends Mocha.reporters.Spec {
    constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
      super(runner, options);
      const failures: Failure[] = [];
      let running: MochaReport['running'];
      const write = (complete: boolean) => {
        const { passes: passed = 0, pending: skipped = 0 } = runner.stats ?? {};
        const report: MochaReport = { passed, skipped, failures, complete, running };
        if (reportFile) writeFileSync(reportFile, JSON.stringify(report));
      };
      // A failed hook is a failure too, so count failures here instead of using the statistics.
      runner.on('fail', (test, error) => void failures.push({ title: test.fullTitle(), reason: reasonOf(error) }));
      const begin = (step: Mocha.Runnable) => {
        running = { title: step.fullTitle(), limitMs: step.timeout() };
        write(false);
      };
      runner.on('test', begin);
      runner.on('hook', begin);
      runner.on('test end', () => write(false));
      runner.on('end', () => write(true));
      write(false);
    }
  };
}

/**
 * Loads and runs the files in order; resolves with the number of failures. Throws the error of a file that fails to
 * load.
 */
export async function runMocha(files: readonly string[], options: MochaOptions): Promise<number> {
  const { outputFile } = options;
  allowSlowMachines();
  if (outputFile)
    Mocha.reporters.Base.consoleLog = (...args: unknown[]) => appendFileSync(outputFile, `${format(...args)}\n`);
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: options.timeoutMs,
    slow: options.timeoutMs / 2,
    reporter: reporterTo(options.reportFile),
  });
  for (const file of files) mocha.addFile(file);
  return await new Promise((resolve) => mocha.run(resolve));
}

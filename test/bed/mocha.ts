/** Runs Mocha in this process, whichever it is: plain Node or VS Code's extension host. Its counts go to a file as they grow. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { format } from 'node:util';
import Mocha from 'mocha';

/** Path of the file that gets a `MochaReport` after every test. */
export const REPORT_VARIABLE = 'TACO_TEST_REPORT';

/** Path of the file that gets the printed results; unset: the console. */
export const OUTPUT_VARIABLE = 'TACO_TEST_OUTPUT';

export interface MochaReport {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** False while tests run: a report that stays so tells of a crash. */
  readonly complete: boolean;
  /** Full titles of the tests that failed. */
  readonly failures: readonly string[];
}

export interface MochaOptions {
  readonly timeoutMs: number;
  readonly reportFile?: string | undefined;
  /** Gets what would go to the console, where the console is full of other voices. */
  readonly outputFile?: string | undefined;
}

/** Mocha's own `spec` output, and the counts on disk after each test, so that a crash loses none. */
function reporterTo(reportFile: string | undefined): Mocha.ReporterConstructor {
  return class extends Mocha.reporters.Spec {
    constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
      super(runner, options);
      const failures: string[] = [];
      const write = (complete: boolean) => {
        const { passes: passed = 0, pending: skipped = 0 } = runner.stats ?? {};
        const report: MochaReport = { passed, failed: failures.length, skipped, complete, failures };
        if (reportFile) writeFileSync(reportFile, JSON.stringify(report));
      };
      // A failed hook is a failure too, so failures are counted here and not taken from the statistics.
      runner.on('fail', (test) => void failures.push(test.fullTitle()));
      runner.on('test end', () => write(false));
      runner.on('end', () => write(true));
      write(false);
    }
  };
}

/** Loads and runs the files in order; resolves with the number of failures. Throws what a file throws while it is loaded. */
export async function runMocha(files: readonly string[], options: MochaOptions): Promise<number> {
  const { outputFile } = options;
  if (outputFile) Mocha.reporters.Base.consoleLog = (...args: unknown[]) => appendFileSync(outputFile, `${format(...args)}\n`);
  const mocha = new Mocha({ ui: 'bdd', timeout: options.timeoutMs, slow: options.timeoutMs / 2, reporter: reporterTo(options.reportFile) });
  for (const file of files) mocha.addFile(file);
  return await new Promise((resolve) => mocha.run(resolve));
}

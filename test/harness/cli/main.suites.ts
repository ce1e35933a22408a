/**
 * `npm test`: runs the suites one after another, a few processes at a time, then prints all failures with their
 * reasons, each suite's count, and one closing line.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownFolders } from '../folders';
import type { SuiteContext } from '../mochaSuite';
import { MARK, endMarked, onEnd } from '../processes';
import { Slots } from '../runConcurrently';
import { SLOTS, STALL_MS, allSuites, type Suite } from '../suites';
import { MissingPackageError } from '../systemPackages';
import { NOTHING, counts, failure, sumOf, failureText, type Outcome } from '../testResult';

/** Splits `unit parser` into the suites whose name begins with `unit`, and the parts of file names. */
export function select(
  suites: readonly Suite[],
  args: readonly string[],
): { suites: readonly Suite[]; parts: readonly string[] } {
  const [first, ...parts] = args;
  if (first === undefined) return { suites, parts: [] };
  const named = suites.filter((suite) => suite.name.startsWith(first));
  if (named.length === 0)
    throw new Error(`There is no suite "${first}". Suites: ${suites.map((suite) => suite.name).join(', ')}.`);
  return { suites: named, parts };
}

/**
 * Returns the environment of the suite's processes: their own temporary folder, tmux server folder and TACO home, so
 * that they cannot touch the user's. It also contains a mark that identifies processes left running.
 */
function environment(scratch: string, mark: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(TACO_|TMUX)/.test(name));
  const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  return { ...Object.fromEntries(inherited), ...color, ...ownFolders(scratch), [MARK]: mark };
}

/** The state that all suites of a run share. */
type Run = Pick<SuiteContext, 'root' | 'parts' | 'slots'>;

async function runSuite(suite: Suite, run: Run): Promise<Outcome> {
  // Short: the paths of unix sockets below it are limited to 107 bytes.
  const scratch = mkdtempSync(join(tmpdir(), 'taco-'));
  const mark = `${process.pid}-${suite.name}`;
  const cleanUp = () => {
    const left = endMarked(mark, scratch);
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    return left;
  };
  const forget = onEnd(() => void cleanUp());
  try {
    const { name } = suite;
    return await suite.run({ ...run, name, env: environment(scratch, mark), scratch, stallMs: STALL_MS });
  } catch (error) {
    return failure('crashed', error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    forget();
    for (const command of cleanUp()) console.log(`  ${suite.name}: left running, ended now: ${command.slice(0, 160)}`);
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Returns why the suite cannot run; null when it can. In CI a missing program is a failure, elsewhere an excuse. */
async function obstacle(suite: Suite): Promise<Result | null> {
  try {
    await suite.prepare();
    return null;
  } catch (error) {
    if (error instanceof MissingPackageError && !process.env['CI'])
      return { outcome: { ...NOTHING, skipped: 1 }, excuse: error.message };
    return { outcome: failure('could not be prepared', messageOf(error)) };
  }
}

interface Result {
  readonly outcome: Outcome;
  /** Why the suite was skipped. */
  readonly excuse?: string;
}

/** Runs one suite; returns its line for the end of the output, and its failures under its name. */
async function report(suite: Suite, run: Run, unable: Result | null): Promise<{ outcome: Outcome; line: string }> {
  const since = Date.now();
  const { outcome, excuse }: Result = unable ?? { outcome: await runSuite(suite, run) };
  const seconds = Math.round((Date.now() - since) / 1000);
  if (excuse) console.log(`  ${suite.name}: skipped: ${excuse}`);
  const failures = outcome.failures.map(({ title, reason }) => ({ title: `${suite.name}: ${title}`, reason }));
  const end = excuse ? `  ${excuse.split('\n')[0]}` : '';
  return {
    outcome: { ...outcome, failures },
    line: `${suite.name.padEnd(14)} ${counts(outcome)}  (${seconds} s)${end}`,
  };
}

/** Resolves with the exit code. */
export async function main(args: readonly string[], root = process.cwd()): Promise<number> {
  const { suites, parts } = select(allSuites(root), args);
  const run: Run = { root, parts, slots: new Slots(SLOTS) };
  const unable: (Result | null)[] = [];
  for (const suite of suites) {
    console.log(`── ${suite.name}: ${suite.title}`);
    unable.push(await obstacle(suite));
  }
  const since = Date.now();
  const results = [];
  // One after another: a VS Code window or a real agent CLI beside another suite makes both late on a small machine.
  for (const [index, suite] of suites.entries()) results.push(await report(suite, run, unable[index] ?? null));
  const all = sumOf(results.map(({ outcome }) => outcome));
  const total = all.passed + all.skipped + all.failures.length > 0 ? all : failure('npm test', 'No test ran.');
  if (total.failures.length > 0)
    console.log(`\n── failed\n${total.failures.map((each) => `\n${failureText(each)}`).join('\n')}`);
  const seconds = Math.round((Date.now() - since) / 1000);
  console.log(`\n${results.map(({ line }) => line).join('\n')}\n\nAll suites took ${seconds} s.\n\n${counts(total)}`);
  return total.failures.length > 0 ? 1 : 0;
}

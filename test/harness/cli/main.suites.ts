/**
 * `npm test`: runs every suite in turn, then prints all failures with their reasons, each suite's count, and one
 * closing line.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownFolders } from '../folders';
import { MARK, endMarked, onEnd } from '../processes';
import { STALL_MS, allSuites, type Suite } from '../suites';
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

async function runSuite(root: string, suite: Suite, parts: readonly string[]): Promise<Outcome> {
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
    return await suite.run({ root, parts, env: environment(scratch, mark), scratch, stallMs: STALL_MS });
  } catch (error) {
    return failure('crashed', error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    forget();
    for (const command of cleanUp()) console.log(`  left running, ended now: ${command.slice(0, 160)}`);
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Runs a suite. In CI an unmet need is a failure; elsewhere the suite is skipped, with the reason in `excuse`. */
async function outcomeOf(
  root: string,
  suite: Suite,
  parts: readonly string[],
): Promise<{ readonly outcome: Outcome; readonly excuse?: string }> {
  try {
    await suite.prepare();
  } catch (error) {
    if (error instanceof MissingPackageError && !process.env['CI'])
      return { outcome: { ...NOTHING, skipped: 1 }, excuse: error.message };
    return { outcome: failure('could not be prepared', messageOf(error)) };
  }
  return { outcome: await runSuite(root, suite, parts) };
}

/** Resolves with the exit code. */
export async function main(args: readonly string[], root = process.cwd()): Promise<number> {
  const chosen = select(allSuites(root), args);
  const outcomes: Outcome[] = [];
  const lines: string[] = [];
  for (const suite of chosen.suites) {
    const since = Date.now();
    console.log(`\n── ${suite.name}: ${suite.title}`);
    const { outcome, excuse } = await outcomeOf(root, suite, chosen.parts);
    if (excuse) console.log(`  skipped: ${excuse}`);
    // Printed again at the end of the run, under the suite's name.
    outcomes.push({
      ...outcome,
      failures: outcome.failures.map(({ title, reason }) => ({ title: `${suite.name}: ${title}`, reason })),
    });
    const seconds = Math.round((Date.now() - since) / 1000);
    lines.push(
      `${suite.name.padEnd(14)} ${counts(outcome)}  (${seconds} s)${excuse ? `  ${excuse.split('\n')[0]}` : ''}`,
    );
  }
  const all = sumOf(outcomes);
  const total = all.passed + all.skipped + all.failures.length > 0 ? all : failure('npm test', 'No test ran.');
  if (total.failures.length > 0)
    console.log(`\n── failed\n${total.failures.map((each) => `\n${failureText(each)}`).join('\n')}`);
  console.log(`\n${lines.join('\n')}\n\n${counts(total)}`);
  return total.failures.length > 0 ? 1 : 0;
}

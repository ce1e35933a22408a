/** `npm test`: every suite one after another, each with its count, and one closing line. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownFolders } from './folders';
import type { Outcome } from './mochaSuite';
import { MARK, endMarked, onEnd } from './processes';
import { allSuites, type Suite } from './suites';
import { NeedError } from './tools';

const TOTAL_MS = 25 * 60_000;

/** `unit parser` → the suites whose name begins with `unit`, and the parts of file names. */
export function select(suites: readonly Suite[], args: readonly string[]): { suites: readonly Suite[]; parts: readonly string[] } {
  const [first, ...parts] = args;
  if (first === undefined) return { suites, parts: [] };
  const named = suites.filter((suite) => suite.name.startsWith(first));
  if (named.length === 0) throw new Error(`There is no suite "${first}". Suites: ${suites.map((suite) => suite.name).join(', ')}.`);
  return { suites: named, parts };
}

/**
 * What the suite's processes see: a temporary folder, a tmux server folder and a TACO home of their own, so that they can
 * not touch the person's, and a mark by which what they leave running is found.
 */
function environment(scratch: string, mark: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(TACO_|TMUX)/.test(name));
  const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  return { ...Object.fromEntries(inherited), ...color, ...ownFolders(scratch), [MARK]: mark };
}

async function runSuite(root: string, suite: Suite, parts: readonly string[], timeoutMs: number): Promise<Outcome> {
  // Short: unix sockets below it may have 107 bytes of path.
  const scratch = mkdtempSync(join(tmpdir(), 'taco-'));
  const mark = `${process.pid}-${suite.name}`;
  const cleanUp = () => {
    const left = endMarked(mark, scratch);
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    return left;
  };
  const forget = onEnd(() => void cleanUp());
  try {
    return await suite.run({ root, parts, env: environment(scratch, mark), scratch, timeoutMs });
  } catch (error) {
    console.log(`  ✖ ${suite.name} crashed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    forget();
    for (const command of cleanUp()) console.log(`  left running, ended now: ${command.slice(0, 160)}`);
  }
}

const describe = ({ passed, failed, skipped }: Outcome) => `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** Resolves with the exit code. In CI a need that can not be met is a failure, elsewhere the suite is skipped with the reason. */
export async function main(args: readonly string[], root = process.cwd()): Promise<number> {
  const began = Date.now();
  const chosen = select(allSuites(root), args);
  const lines: string[] = [];
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const suite of chosen.suites) {
    const since = Date.now();
    console.log(`\n── ${suite.name}: ${suite.title}`);
    let outcome: Outcome;
    let reason = '';
    try {
      await suite.prepare();
      const timeoutMs = Math.min(suite.timeoutMs, TOTAL_MS - (Date.now() - began));
      outcome = timeoutMs > 0 ? await runSuite(root, suite, chosen.parts, timeoutMs) : { passed: 0, failed: 1, skipped: 0 };
      if (timeoutMs <= 0) reason = 'no time was left for it';
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      const excused = error instanceof NeedError && !process.env['CI'];
      outcome = { passed: 0, failed: excused ? 0 : 1, skipped: excused ? 1 : 0 };
      console.log(`  ${excused ? 'skipped' : '✖ could not be prepared'}: ${reason}`);
    }
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += outcome[key];
    const seconds = Math.round((Date.now() - since) / 1000);
    lines.push(`${suite.name.padEnd(14)} ${describe(outcome)}  (${seconds} s)${reason ? `  ${reason.split('\n')[0]}` : ''}`);
  }
  if (total.passed + total.failed + total.skipped === 0) {
    lines.push('No test ran.');
    total.failed = 1;
  }
  console.log(`\n${lines.join('\n')}\n\n${describe(total)}`);
  return total.failed > 0 ? 1 : 0;
}

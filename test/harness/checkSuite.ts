/** The steps of `npm run check`, each counted. */
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { SuiteContext } from './mochaSuite';
import { run } from './processes';
import type { Failure, Outcome } from './testResult';

/** Time limit of a step; the slowest takes half a minute on a quiet machine. */
const STEP_TIMEOUT_MS = 15 * 60_000;

/** Read from the script itself, so that the two cannot differ. */
function steps(root: string): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  return (scripts['check'] ?? '')
    .split('&&')
    .map((step) => step.trim())
    .filter(Boolean);
}

export async function checkSuite(context: SuiteContext): Promise<Outcome> {
  const path = [join(context.root, 'node_modules', '.bin'), context.env['PATH'] ?? ''].join(delimiter);
  const failures: Failure[] = [];
  const all = steps(context.root);
  for (const step of all) {
    const [command = '', ...args] = step.split(/\s+/);
    const { code, output, timedOut } = await run(command, args, {
      cwd: context.root,
      env: { ...context.env, PATH: path },
      timeoutMs: STEP_TIMEOUT_MS,
    });
    console.log(`  ${code === 0 ? '✔' : '✖'} ${step}`);
    if (code === 0) continue;
    const reason = timedOut ? 'It took too long.' : output.trimEnd();
    failures.push({ title: step, reason });
    console.log(reason);
  }
  return { passed: all.length - failures.length, skipped: 0, failures };
}

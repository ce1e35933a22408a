/** The steps of `npm run check`, each counted. */
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { SuiteContext } from './mochaSuite';
import { run } from './processes';
import { inLanes } from './runConcurrently';
import { NOTHING, failure, sumOf, type Outcome } from './testResult';

/** Time limit of a step; the slowest takes half a minute on a quiet machine. */
const STEP_TIMEOUT_MS = 15 * 60_000;
/** Steps at once: one of them, eslint, takes as long as all others. */
const LANES = 2;

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
  const check = async (step: string): Promise<Outcome> => {
    const [command = '', ...args] = step.split(/\s+/);
    const env = { ...context.env, PATH: path };
    const { code, output, timedOut } = await run(command, args, { cwd: context.root, env, timeoutMs: STEP_TIMEOUT_MS });
    console.log(`  ${code === 0 ? '✔' : '✖'} ${step}`);
    if (code === 0) return { ...NOTHING, passed: 1 };
    const reason = timedOut ? 'It took too long.' : output.trimEnd();
    console.log(reason);
    return failure(step, reason);
  };
  return sumOf(await inLanes(LANES, steps(context.root), (step) => context.slots.run(() => check(step))));
}

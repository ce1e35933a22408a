/** `npm start [-- --headless [--goal TEXT] [--keep] [--timeout S]]`. */
import { parseArgs } from 'node:util';
import { SAMPLE_GOAL, runHeadless } from '../headless';
import { show } from '../startDemo';
import { ensureTools, tools } from '../systemPackages';

const USAGE = `npm start                      VS Code with the extension on a sample workspace
npm start -- --headless        the same job in this terminal; ends with its result
    --goal TEXT                what the team is to do
    --timeout S                give up after so many seconds (default 120)
    --merge                    the sample is a git repository, each agent has a worktree, its work is checked
                               with npm test, and the run ends once it is merged
    --keep                     leave the team and its workspace running`;

/** Resolves with the exit code. Throws a readable sentence when something is missing. */
export async function main(args: string[], root = process.cwd()): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      headless: { type: 'boolean', default: false },
      goal: { type: 'string', default: SAMPLE_GOAL },
      timeout: { type: 'string', default: '120' },
      keep: { type: 'boolean', default: false },
      merge: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const timeoutSeconds = Number(values.timeout);
  if (!(timeoutSeconds > 0)) throw new Error(`--timeout takes seconds, not "${values.timeout}".`);
  await ensureTools([tools.tmux, tools.redis]);
  return values.headless
    ? await runHeadless(root, { goal: values.goal, keep: values.keep, merge: values.merge, timeoutSeconds })
    : await show(root);
}

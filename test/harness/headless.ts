/**
 * `npm start -- --headless`: runs a whole team in this terminal, on a copy of the sample workspace, and leaves nothing
 * behind.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseAgents } from './chooseDemoAgents';
import { MARK, end, endMarked, onEnd, start } from './processes';
import { copySampleWorkspace, makeRepository } from './sampleWorkspace';

export const SAMPLE_GOAL =
  'Teach the greeter French and Spanish, and test it: one agent for the greetings, one for the tests, one to review both.';

export interface HeadlessOptions {
  readonly goal: string;
  /** Keep the team and the workspace at the end. */
  readonly keep: boolean;
  /** Work in worktrees of a repository, and end with the merged work. */
  readonly merge: boolean;
  readonly timeoutSeconds: number;
}

/** Runs `taco up` until every agent has reported done; resolves with its exit code. */
export async function runHeadless(root: string, options: HeadlessOptions): Promise<number> {
  const taco = join(root, 'dist', 'taco.js');
  if (!existsSync(taco)) throw new Error('dist/taco.js is missing: the build did not make the `taco` command.');
  const agents = await chooseAgents();
  console.log(agents.reason);

  const base = mkdtempSync(join(tmpdir(), 'taco-demo-'));
  const project = copySampleWorkspace(root, base);
  if (options.merge) makeRepository(project);
  const mark = `${process.pid}-headless`;
  // Use a separate home and tmux server, so that a team of the user is not touched.
  const where = ['--project', project, '--socket', `taco-demo-${process.pid}`];
  const env: NodeJS.ProcessEnv = { ...process.env, TACO_HOME: join(base, 'home') };
  if (!options.keep) env[MARK] = mark;

  const cleanUp = () => {
    // `taco up` stops its session. This ends Redis, and everything after Ctrl-C: nothing needs them later.
    endMarked(mark, base);
    rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  const forget = options.keep ? () => undefined : onEnd(cleanUp);
  console.log(`Project: ${project}\nGoal: ${options.goal}\n`);
  const up = start(
    process.execPath,
    [
      taco,
      'up',
      ...where,
      '--goal',
      options.goal,
      '--yes',
      '--profile',
      agents.profile,
      ...(options.merge ? ['--worktrees', '--check', 'npm test', '--merge-when-proven'] : []),
      '--until-done',
      '--timeout',
      String(options.timeoutSeconds),
    ],
    { cwd: project, env, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  // `taco up` has its own limit; this one is for a `taco up` that hangs.
  const timer = setTimeout(() => void end(up), (options.timeoutSeconds + 30) * 1000);
  const code = await new Promise<number>((resolve, reject) => {
    up.once('error', reject);
    up.once('exit', (exitCode) => resolve(exitCode ?? 1));
  });
  clearTimeout(timer);
  if (options.keep) {
    console.log(`\nKept. TACO_HOME=${join(base, 'home')} node ${taco} status ${where.join(' ')}`);
  } else {
    await end(up);
    forget();
    cleanUp();
  }
  console.log(
    code === 0 ? `\nSuccess. ${agents.reason}` : `\nThe team did not get done (exit code ${code}). ${agents.reason}`,
  );
  return code;
}

import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { writeShim } from '../../../src/orchestrator/launch/shim';
import { scripts } from '../../../src/redis/scripts/scripts';
import { BenchTeam } from '../benchTeam';
import { goal, number, type Figure } from '../figure';
import { interleaved, timed } from '../stats';

/** Runs a program to its end; throws when it fails. */
function whole(command: string, args: readonly string[], env: NodeJS.ProcessEnv, input = ''): Promise<number> {
  return timed(
    () =>
      new Promise<void>((done, reject) => {
        const child = spawn(command, args, { env, stdio: ['pipe', 'ignore', 'inherit'] });
        child.on('error', reject);
        child.on('close', (code) =>
          code === 0 ? done() : reject(new Error(`${command} ${args.join(' ')}: exit code ${code}`)),
        );
        child.stdin.on('error', () => undefined).end(input);
      }),
  );
}

/**
 * Runs `work` on a project with a session and an agent in Redis, without a leader: it measures only the short command
 * itself.
 */
async function withProject<T>(work: (bench: BenchTeam, env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
  const bench = await BenchTeam.open({ kind: 'scripted' });
  try {
    const { team, bed } = bench;
    await team.store.setSession({
      project_dir: team.projectDir,
      started_at: new Date().toISOString(),
      agent_count: 1,
      goal: '',
      tmux_session: 'team',
      phase: 'running',
      detail: '',
    });
    await team.store.setAgent(2, {
      window: 2,
      name: 'two',
      role: 'two',
      status: 'idle',
      workspace: team.projectDir,
      profile: 'scripted',
      pane: '%1',
      sessionId: 's',
      activity: '',
      done: false,
      spec: '',
      model: '',
      permissionMode: '',
      startedAt: Date.now(),
      changedAt: Date.now(),
      exitCode: '',
    });
    await team.writeProjectFile(bed.socket);
    await writeShim(bed.paths, [process.execPath, resolve('out/bench/taco.js')]);
    await team.redis.call('SCRIPT', 'LOAD', scripts.hookRaw.source); // as a leader does
    const env = {
      ...bed.env,
      TACO_PROJECT: team.projectDir,
      TACO_PROJECT_ID: team.projectId,
      TACO_REDIS: bed.paths.redisSocket,
      TACO_SOCKET: bed.socket,
    };
    return await work(bench, env);
  } finally {
    await bench.dispose();
  }
}

function shortCommand(
  name: string,
  title: string,
  args: readonly string[],
  more: NodeJS.ProcessEnv,
  input: string,
): Figure {
  return {
    name,
    title,
    run: ({ long }) =>
      withProject(async ({ bed }, env) => {
        const { floor, ours } = await interleaved(
          long ? 100 : 40,
          3,
          () => whole(process.execPath, ['-e', '0'], bed.env),
          () => whole(`${bed.paths.binDir}/taco`, args, { ...env, ...more }, input),
        );
        return {
          floor: `node -e 0: p50 ${number(floor.p50)} ms, p99 ${number(floor.p99)}`,
          runs: ours.n,
          measured: `p50 ${number(ours.p50)} ms, p99 ${number(ours.p99)}`,
          goals: [goal('p50', ours.p50 / floor.p50, 'at most', 2, '×')],
          data: { ours, floor },
        };
      }),
  };
}

const AGENT = { TACO_WINDOW: '2', TACO_PROFILE: 'claude' };

export const processFigures: readonly Figure[] = [
  shortCommand('send', '`taco send`, whole process', ['send', 'two', 'the schema is ready'], {}, ''),
  shortCommand(
    'hook',
    '`taco hook` of a prompt, whole process',
    ['hook', 'UserPromptSubmit'],
    AGENT,
    JSON.stringify({ session_id: 's', prompt: 'what a person typed' }),
  ),
  shortCommand(
    'hook-node',
    '`taco hook` where Node has to see it (a permission request)',
    ['hook', 'PermissionRequest'],
    AGENT,
    JSON.stringify({ session_id: 's', tool_name: 'Bash', tool_input: { command: 'ls' } }),
  ),
];

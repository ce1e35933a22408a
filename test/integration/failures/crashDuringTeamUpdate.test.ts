import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { AgentSpec, Plan } from '../../../src/core/models';
import type { Snapshot } from '../../../src/core/team/snapshot';
import { agent as planAgent } from '../../support/planBuilders';
import { TestTeam } from '../../support/team';

const agent = (window: number, name: string, more: Partial<AgentSpec> = {}): AgentSpec =>
  planAgent(window, name, { task: `Do the part of ${name}`, ...more });
const FIRST: Plan = { agents: [agent(2, 'stays'), agent(3, 'turns'), agent(4, 'leaves'), agent(5, 'again')] };
const SECOND: Plan = {
  agents: [
    agent(2, 'stays'),
    agent(3, 'turns', { task: 'Write the docs instead' }),
    agent(5, 'again', { model: 'opus' }),
    agent(6, 'later', { depends_on: ['soon'] }),
    agent(7, 'soon'),
  ],
};
/** A leader makes about a hundred steps. `TACO_TEST_EVERY_STEP=1` kills one at each. */
const STEPS = process.env['TACO_TEST_EVERY_STEP']
  ? Array.from({ length: 150 }, (_, step) => step)
  : [0, 4, 13, 21, 29, 41, 55, 80, 110];

describe('a leader killed while it carries out an approval', function () {
  this.timeout(60_000);
  let bed: TestTeam;
  let leader: string;

  before(async () => {
    leader = resolve('out/one/leader.process.js');
    await build({
      entryPoints: [resolve('test/support/processes/leader.process.ts')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      packages: 'external',
      loader: { '.lua': 'text' },
      outfile: leader,
      logLevel: 'error',
    });
  });
  beforeEach(() => {
    bed = new TestTeam();
  });
  afterEach(() => bed.dispose());

  /**
   * Runs a team, kills the leader of a change at `step`, and lets another leader continue. Returns false when the
   * first one had finished.
   */
  async function changedBy(
    step: number,
    before: Plan | null,
    after: Plan,
  ): Promise<{ died: boolean; starts: Record<string, number>; received: Record<string, string[]>; agents: string[] }> {
    const receivedFile = join(bed.dir, 'received.jsonl');
    const started = join(bed.dir, 'started');
    const preload = join(bed.dir, 'preload.cjs');
    writeFileSync(started, '');
    writeFileSync(
      preload,
      `if (/scripted-agent/.test(process.argv[1])) require('fs').appendFileSync(${JSON.stringify(started)}, process.env.TACO_AGENT + '\\n');`,
    );
    const settings = {
      profile: 'scripted',
      agentEnv: {
        TACO_SCRIPTED_QUIET: '1',
        TACO_SCRIPTED_RECEIVED: receivedFile,
        TACO_SCRIPTED_WORK_MS: '50',
        NODE_OPTIONS: `--require=${preload}`,
      },
    };
    const team = await bed.open();
    const first = await bed.engine(team, settings);
    await team.request({ kind: 'start', goal: 'test', plan: JSON.stringify(before ?? after) });
    await bed.until(
      team,
      'review',
      20,
      ({ session, agents }) => session?.phase === 'review' && agents[0]?.status === 'idle',
    );
    const quiet = ({ counters, agents, session }: Snapshot): boolean =>
      session?.phase === 'running' &&
      counters.pending + counters.processing === 0 &&
      agents.every(({ status }) => status === 'idle');
    if (before) {
      await team.request({ kind: 'approve', plan: before });
      await bed.until(team, 'the first team', 30, quiet);
    }
    await first.shutdown();

    const child = spawn(process.execPath, [leader, bed.project, bed.socket, String(step), JSON.stringify(settings)], {
      env: bed.env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const ended = new Promise<boolean>((done) => child.once('exit', (_code, signal) => done(signal === 'SIGKILL')));
    await team.request({ kind: 'approve', plan: after });
    const isMade = (snapshot: Snapshot): boolean =>
      quiet(snapshot) &&
      snapshot.plan?.approval?.made === true &&
      snapshot.plan.plan?.agents.length === after.agents.length;
    const made = bed.until(team, 'made', 30, isMade).then(
      () => false,
      () => false,
    );
    const died = await Promise.race([ended, made]);
    child.kill('SIGKILL');
    await ended;
    // Its lease expires.
    await team.redis.call('DEL', team.keys.lease);
    await bed.engine(team, settings);
    const { agents } = await bed.until(team, 'led on', 30, isMade);
    await made;
    const starts: Record<string, number> = {};
    for (const name of readFileSync(started, 'utf8').trim().split('\n')) starts[name] = (starts[name] ?? 0) + 1;
    const received: Record<string, string[]> = {};
    for (const line of readFileSync(receivedFile, 'utf8').trim().split('\n')) {
      const { agent: name, prompt = '' } = JSON.parse(line) as { agent: string; prompt?: string };
      (received[name] ??= []).push(prompt.trim());
    }
    return { died, starts, received, agents: agents.map(({ name, window }) => `${window} ${name}`) };
  }

  for (const step of STEPS) {
    it(`leaves the rest of a change to the next leader, who makes nothing twice: at step ${step}`, async function () {
      const { died, starts, received, agents } = await changedBy(step, FIRST, SECOND);
      if (!died) this.skip();
      assert.deepEqual(agents, ['0 mother', '2 stays', '3 turns', '5 again', '6 later', '7 soon']);
      assert.deepEqual(starts, { mother: 1, stays: 1, turns: 1, leaves: 1, again: 2, later: 1, soon: 1 });
      const count = (name: string, text: string): number =>
        (received[name] ?? []).filter((prompt) => prompt.includes(text)).length;
      assert.deepEqual(
        [
          count('stays', 'Your team has changed'),
          count('turns', 'Write the docs instead'),
          count('later', 'Do the part of later'),
          count('soon', 'Do the part of soon'),
          count('mother', 'The team was changed'),
        ],
        [1, 1, 1, 1, 1],
      );
      assert.deepEqual([received['stays']?.length, received['turns']?.length, received['again']?.length], [2, 2, 1]);
    });
  }

  for (const step of [1, 6, 22, 34]) {
    it(`leaves the rest of a launch to the next leader, who makes nothing twice: at step ${step}`, async function () {
      const { died, starts, received, agents } = await changedBy(step, null, FIRST);
      if (!died) this.skip();
      assert.deepEqual(agents, ['0 mother', '2 stays', '3 turns', '4 leaves', '5 again']);
      assert.deepEqual(starts, { mother: 1, stays: 1, turns: 1, leaves: 1, again: 1 });
      assert.deepEqual(
        ['mother', 'stays', 'turns', 'leaves', 'again'].map((name) => received[name]?.length),
        [1, 1, 1, 1, 1],
      );
    });
  }
});

import assert from 'node:assert/strict';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { newCommandId } from '../../../../src/core/messages/newCommand';
import type { Snapshot } from '../../../../src/core/team/snapshot';
import { removeHost } from '../../../../src/orchestrator/planning/removeHost';
import { HostKeys } from '../../../../src/redis/client/keys';
import { RedisCommandProducer } from '../../../../src/redis/queue/commandProducer';
import type { Team } from '../../../../src/team/team';
import { FlakyRedis } from '../../../support/flakyRedis';
import { TestHost } from '../../../support/hosts';
import { taco, type Ran } from '../../../support/tacoCommand';
import { TestTeam } from '../../../support/team';

const spec = (window: number, name: string, host?: string): object => ({
  window,
  name,
  role: `the ${name}`,
  depends_on: [],
  notifies: [],
  wait_for: [],
  ...(host === undefined ? {} : { host }),
});
const env = { TACO_SCRIPTED_WORK_MS: '50', TACO_SCRIPTED_QUIET: '1' };
const host =
  (name: string, there: boolean) =>
  ({ hosts = [] }: Snapshot): boolean =>
    hosts.some((each) => each.name === name && (each.awaySince === null) === there);

describe('a host that will not come back', function () {
  this.timeout(90_000);
  let bed: TestTeam;
  let team: Team;
  let build: TestHost;

  const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ran> =>
    taco(args, { env: { ...bed.env, ...more }, cwd: bed.project });
  const code = ({ stdout, stderr }: Ran): string =>
    (JSON.parse(stdout || stderr) as { error: { code: string } }).error.code;

  beforeEach(async () => {
    bed = new TestTeam();
    team = await bed.open();
    build = new TestHost(bed, 'build', env);
    await bed.engine(team, { profile: 'scripted', autoApprove: true, agentEnv: env });
    build.join();
    await bed.until(team, 'the host there', 20, host('build', true));
    await team.request({
      kind: 'start',
      goal: 'test',
      plan: JSON.stringify({ agents: [spec(2, 'near'), spec(3, 'far', 'build')] }),
    });
    await bed.until(team, 'running', 30, ({ session }) => session?.phase === 'running');
    await bed.until(
      team,
      'opening tasks received',
      30,
      ({ messages }) => messages.length > 0 && messages.every(({ state }) => state === 'received'),
    );
  });
  afterEach(async () => {
    await build.dispose();
    await bed.dispose();
  });

  it('is removed by the user: its agents leave, waiting messages become dead letters, its keys are deleted, and it can join again', async () => {
    const refused = await run(['host', '--forget', 'build', '--json']);
    assert.equal(code(refused), 'host-there');
    await build.kill();
    await bed.until(team, 'away', 15, host('build', false));
    const [waiting] = await team.send({ from: { kind: 'user' }, to: 'far', text: 'are you there?' });
    const { session } = await team.snapshot();
    const done = await run(['host', '--forget', 'build']);
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /build was removed\. far left the team/);

    const after = await bed.until(team, 'Mother told', 20, ({ messages }) =>
      messages.some(
        ({ target, message, state }) =>
          target.endsWith(':0') && message.includes('removed the host build') && state === 'received',
      ),
    );
    assert.deepEqual(
      [after.hosts, after.agents.map(({ name }) => name), after.session?.left, after.session?.agent_count],
      [undefined, ['mother', 'near'], '3', 1],
    );
    const dead = after.messages.find(({ id }) => id === waiting?.id);
    assert.deepEqual([dead?.state, dead?.reason], ['dead', 'its host build was removed']);
    assert.deepEqual([after.counters.dead, after.counters.pending], [1, 0]);
    const keys = new HostKeys(team.projectId, 'build');
    assert.equal(await team.redis.call('EXISTS', keys.queue, keys.requests, keys.lease), 0);
    assert.notEqual(await team.redis.call('GET', keys.epoch), null, 'who only slept there stays fenced');

    // Nothing may enter a queue that no process reads.
    const late = new RedisCommandProducer(team.redis, team.keys).enqueue({
      id: newCommandId(),
      type: 'tmux_message',
      target: `${session?.tmux_session ?? ''}@build:3`,
      message: '[USER → AGENT-3]: late',
      priority: 'normal',
      timestamp: new Date().toISOString(),
      sender: 'USER',
      secret: null,
    });
    await assert.rejects(late, (error) => isTacoError(error, 'unknown-host'));
    await assert.rejects(team.retry(waiting?.id ?? ''), (error) => isTacoError(error, 'unknown-host'));
    const unknown = await run(['host', '--forget', 'build', '--json']);
    assert.equal(code(unknown), 'unknown-host');

    assert.ok(
      build.windows().some((window) => window.endsWith(':far')),
      'what ran there runs on while it is away',
    );
    build.join();
    await bed.until(team, 'there anew', 20, host('build', true));
    await bed.until(
      team,
      'what ran there ended',
      20,
      () => build.windows().length > 0 && build.windows().every((window) => !window.endsWith(':far')),
    );
    await team.request({ kind: 'approve', plan: { agents: [spec(2, 'near'), spec(4, 'farther', 'build')] } });
    await bed.until(team, 'an agent there again', 30, ({ agents }) =>
      agents.some(({ name, status }) => name === 'farther' && status === 'idle'),
    );
    const [sent] = await team.send({ from: { kind: 'user' }, to: 'farther', text: 'welcome back' });
    assert.equal((await team.waitFor(sent?.id ?? '', 'received', 20_000)).state, 'received');
  });

  it('is not removed by an agent', async () => {
    await build.kill();
    await bed.until(team, 'away', 15, host('build', false));
    const refused = await run(['host', '--forget', 'build', '--json'], { TACO_WINDOW: '2', TACO_SECRET: 'x' });
    assert.equal(code(refused), 'type-refused');
    assert.ok(host('build', false)(await team.snapshot()));
  });

  it('has its sleeping executor fenced: it writes nothing any more, and joins again', async () => {
    const [pid = 0] = build.pids;
    process.kill(pid, 'SIGSTOP');
    await bed.until(team, 'away', 15, host('build', false));
    const [waiting] = await team.send({ from: { kind: 'user' }, to: 'far', text: 'asleep?' });
    const done = await run(['host', '--forget', 'build']);
    assert.equal(done.code, 0, done.stderr);
    process.kill(pid, 'SIGCONT');
    await bed.until(team, 'there anew', 20, host('build', true));
    await bed.until(
      team,
      'what ran there ended',
      20,
      () => build.windows().length > 0 && build.windows().every((window) => !window.endsWith(':far')),
    );
    const message = await team.message(waiting?.id ?? '');
    assert.deepEqual([message?.state, message?.reason], ['dead', 'its host build was removed']);
    assert.deepEqual(
      (await team.snapshot()).agents.map(({ name }) => name),
      ['mother', 'near'],
    );
  });

  it('keeps new messages when it joined again during its removal', async () => {
    await build.kill();
    await bed.until(team, 'away', 15, host('build', false));
    const keys = new HostKeys(team.projectId, 'build');
    const away = await bed.open();
    const line = new FlakyRedis(away.redis);
    let reached: () => void = () => undefined;
    const asleep = new Promise<void>((resolve) => (reached = resolve));
    let wake: () => void = () => undefined;
    const awake = new Promise<void>((resolve) => (wake = resolve));
    // After the last dead letter the leader sleeps for longer than its lease on the host's role lasts.
    line.holds = (call) => {
      if (!call.includes('UNLINK') || !call.includes(keys.queue)) return null;
      reached();
      return awake;
    };
    const forgetting = removeHost('build', { team: away, log: bed.log, onLeft: () => undefined });
    await asleep;
    await team.redis.call('INCR', keys.epoch);
    await team.redis.call('XADD', keys.queue, '*', 'id', 'cmd_anew01');
    wake();
    await assert.rejects(forgetting, (error) => isTacoError(error, 'not-leader'));
    assert.equal(await team.redis.call('XLEN', keys.queue), 1);
  });
});

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isTacoError } from '../../../src/core/errors/tacoError';
import type { Snapshot } from '../../../src/core/team/snapshot';
import type { SentMessage } from '../../../src/core/team/teamClient';
import type { Team } from '../../../src/team/team';
import { RemoteRedis } from '../../support/redisServers';
import { TestTeam } from '../../support/team';
import { waitUntil } from '../../support/waitUntil';

const run = promisify(execFile);
/** Length of the Redis outage, seconds; TACO_AWAY_SECONDS makes it minutes. */
const AWAY_SECONDS = Number(process.env['TACO_AWAY_SECONDS'] ?? 4);

interface Spec {
  readonly window: number;
  readonly name: string;
  readonly role: string;
  readonly [more: string]: unknown;
}

describe('degraded environments, with scripted agents on a real Redis and a real tmux', function () {
  this.timeout(90_000);
  let bed: TestTeam;
  let team: Team;
  let received: string;
  const { now } = Date;
  const disks: string[] = [];
  const servers: RemoteRedis[] = [];

  beforeEach(() => {
    bed = new TestTeam();
    received = join(bed.dir, 'received.jsonl');
  });
  afterEach(async () => {
    Date.now = now;
    try {
      // The bed stops before its disk is unmounted: it finds its Redis by a file there.
      await bed.stop();
    } finally {
      for (const disk of disks.splice(0)) execFileSync('umount', ['-l', disk]);
    }
    await bed.dispose();
    for (const server of servers.splice(0)) await server.close();
  });

  async function start(agents: readonly Spec[]): Promise<Snapshot> {
    team = await bed.open();
    await bed.engine(team, {
      profile: 'scripted',
      autoApprove: true,
      agentEnv: { TACO_SCRIPTED_QUIET: '1', TACO_SCRIPTED_RECEIVED: received, TACO_SCRIPTED_WORK_MS: '20' },
    });
    await team.request({ kind: 'start', goal: 'test', plan: JSON.stringify({ agents }) });
    await bed.until(team, 'running', 20, ({ session }) => session?.phase === 'running');
    return bed.until(
      team,
      'opening tasks received',
      30,
      ({ messages }) => messages.length > 0 && messages.every(({ state }) => state === 'received'),
    );
  }
  const one: Spec = { window: 2, name: 'one', role: 'takes messages' };
  const two: Spec = { window: 3, name: 'two', role: 'takes messages too' };
  const send = async (to: string, text: string, how: { readonly when?: 'idle' } = {}): Promise<SentMessage> =>
    (await team.send({ from: { kind: 'user' }, to, text, ...how }))[0] as SentMessage;
  /** The prompts that the agent's model got, oldest first. */
  function prompts(name: string): string[] {
    if (!existsSync(received)) return [];
    const lines = readFileSync(received, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { agent: string; prompt?: string });
    return lines.flatMap((line) => (line.agent === name && line.prompt !== undefined ? [line.prompt] : []));
  }
  const got = (name: string): string[] =>
    prompts(name)
      .filter((text) => text.startsWith('[USER'))
      .map((text) => text.replace(/^\[.*?\]: /, '').trim());
  const allGot = (name: string, texts: readonly string[]): Promise<unknown> =>
    waitUntil(
      () => got(name).length >= texts.length,
      60_000,
      `${name} got ${texts.length}; ${bed.log.lines.slice(-20).join('\n')}`,
    ).then(() => assert.deepEqual(got(name), texts));

  it('a full disk: messages wait in the spool or in Redis, and are received once, in order, afterwards', async function () {
    const disk = bed.paths.redisDir;
    mkdirSync(disk, { recursive: true, mode: 0o700 });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=700', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      return this.skip(); // only root may mount a small disk
    }
    disks.push(disk);
    await start([one]);
    const filler = join(disk, 'filler');
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(16 * 1024), { flag: 'a' });
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
    }
    const texts = Array.from({ length: 30 }, (_, n) => `number ${n}, ${'and some more words '.repeat(20)}`.trim());
    let spooled = 0;
    for (const text of texts) {
      if ((await send('one', text)).spooled) spooled += 1;
      await new Promise((done) => setTimeout(done, 60));
    }
    assert.ok(spooled > 0, 'the disk was full');
    rmSync(filler);
    await allGot('one', texts);
  });

  it('a clock that jumps by hours, forward and back: nothing is lost, duplicated or overtaken', async () => {
    await start([one]);
    const texts: string[] = [];
    for (const hours of [0, 5, -5, 48, 0]) {
      Date.now = () => now() + hours * 3_600_000;
      for (let n = 0; n < 3; n++) {
        texts.push(`at ${hours} h, number ${n}`);
        await send('one', texts.at(-1) ?? '');
      }
      await new Promise((done) => setTimeout(done, 400));
    }
    Date.now = now;
    await allGot('one', texts);
    await bed.until(team, 'a leader', 10, ({ leader }) => leader !== null);
  });

  it('10 MB of output per second in another window, and in an agent’s own terminal: the others get their messages', async () => {
    const { session } = await start([one, two]);
    const flood = 'while :; do head -c 1000000 /dev/zero | tr "\\0" x | fold -w 150; sleep 0.1; done';
    bed.tmux('new-window', '-d', '-t', `=${session?.tmux_session ?? ''}:9`, 'sh', '-c', flood);
    const pane = (await team.snapshot()).agents.find(({ name }) => name === 'two')?.pane ?? '';
    const tty = bed.tmux('display-message', '-p', '-t', pane, '#{pane_tty}').trim();
    bed.tmux(
      'new-window',
      '-d',
      '-t',
      `=${session?.tmux_session ?? ''}:8`,
      'sh',
      '-c',
      `while :; do head -c 1000000 /dev/zero | tr "\\0" y | fold -w 150 > ${tty}; sleep 0.1; done`,
    );
    const texts = Array.from({ length: 5 }, (_, n) => `through the noise ${n}`);
    for (const text of texts) await send('one', text);
    const held = await send('two', 'when it is quiet again');
    await allGot('one', texts);
    bed.tmux('kill-window', '-t', `=${session?.tmux_session ?? ''}:8`);
    // Its screen is full of foreign output: a relaunch draws it again.
    if ((await team.message(held.id))?.state !== 'received') await team.request({ kind: 'relaunch', window: 3 });
    await allGot('two', ['when it is quiet again']);
  });

  it('a flood for one agent is refused beyond its quota, and does not block messages to others', async () => {
    await start([one, two]);
    await team.request({ kind: 'stop-agent', window: 3 });
    await bed.until(team, 'two stopped', 10, ({ agents }) =>
      agents.some(({ name, status }) => name === 'two' && status === 'exited'),
    );
    let refused: unknown;
    let taken = 0;
    try {
      for (; taken < 1200; taken++) await send('two', `flood ${taken}`);
    } catch (error) {
      refused = error;
    }
    assert.ok(isTacoError(refused, 'quota-exceeded'), String(refused));
    assert.equal(taken, 1000);
    await send('one', 'still served');
    await allGot('one', ['still served']);
    assert.deepEqual(got('two'), []);
    assert.deepEqual(
      bed.log.lines.filter((line) => line.includes('still served') && !line.includes(' trace ')),
      [],
      'what is written stands in no log but at trace level',
    );
  });

  it('a Redis outage while the team runs: messages wait in the spool, and are received once, in order, afterwards', async function () {
    this.timeout((AWAY_SECONDS + 90) * 1000);
    const redis = await RemoteRedis.start(['--port', 'PORT']);
    servers.push(redis);
    bed = new TestTeam(`redis://127.0.0.1:${redis.port}`);
    received = join(bed.dir, 'received.jsonl');
    await start([one, two]);
    await redis.kill();
    const texts = ['away 1', 'away 2', 'away 3'];
    for (const text of texts) {
      const { stdout } = await run(process.execPath, [resolve('dist/taco.js'), 'send', 'one', text, '--json'], {
        cwd: bed.project,
        env: { ...bed.env, TACO_REDIS: `redis://127.0.0.1:${redis.port}` },
      });
      assert.match(stdout, /"spooled":\s*true/);
      await sleep((AWAY_SECONDS * 1000) / texts.length);
    }
    await redis.run();
    await allGot('one', texts);
    await send('two', 'and after');
    await allGot('two', ['and after']);
    await bed.until(team, 'all received', 20, ({ messages }) => messages.every(({ state }) => state === 'received'));
  });

  it('a Redis outage while Mother answers: her plan is read afterwards, at the first attempt', async () => {
    const redis = await RemoteRedis.start(['--port', 'PORT']);
    servers.push(redis);
    bed = new TestTeam(`redis://127.0.0.1:${redis.port}`);
    team = await bed.open();
    const answer = join(bed.dir, 'answer');
    await bed.engine(team, { profile: 'scripted', agentEnv: { TACO_SCRIPTED_WORK_FILE: answer } });
    await team.request({ kind: 'start', goal: 'a team' });
    await bed.until(
      team,
      'Mother at work',
      20,
      ({ agents, messages }) => agents[0]?.status === 'busy' && messages[0]?.state === 'received',
    );
    await redis.kill();
    writeFileSync(answer, '');
    await waitUntil(() => existsSync(join(bed.paths.hooksDir(team.projectId), '0')), 20_000, 'her answer, kept');
    await redis.run();
    const { plan } = await bed.until(team, 'a plan', 20, ({ session }) => session?.phase === 'review');
    assert.deepEqual([plan?.status, plan?.attempt], ['proposed', 1]);
  });

  it('a busy agent holds only its own messages, and an interrupt reaches it', async () => {
    await start([one, two]);
    await send('two', 'work for 600 seconds');
    await allGot('two', ['work for 600 seconds']);
    const held = await send('two', 'when you are through', { when: 'idle' });
    await send('one', 'are you free?');
    await allGot('one', ['are you free?']);
    await bed.until(team, 'held, with its reason', 5, ({ messages }) =>
      messages.some(({ id, state, reason }) => id === held.id && state === 'held' && reason === 'busy'),
    );
    await team.send({ from: { kind: 'user' }, to: 'two', text: 'stop that', type: 'tmux_interrupt' });
    await allGot('two', ['work for 600 seconds', 'stop that', 'when you are through']);
  });

  it('a hostile plan runs nothing: not by a shell, by tmux or by a format', async () => {
    const trap = join(bed.dir, 'trapped');
    const evil = `$(touch ${trap}) \`touch ${trap}\` #(touch ${trap}) #{socket_path} ; kill-server \\; run-shell "touch ${trap}" ' " \u001b[31m && touch ${trap}`;
    await start([
      { ...one, role: evil, task: `-t ${evil}` },
      { ...two, role: evil, model: evil.slice(0, 120) },
    ]);
    await send('one', evil);
    await waitUntil(() => got('one').length > 0, 20_000, 'the message');
    assert.ok(
      prompts('one').some((text) =>
        text.includes(`-t $(touch ${trap}) \`touch ${trap}\` #(touch ${trap}) #{socket_path} ; kill-server`),
      ),
      prompts('one').join('\n'),
    );
    assert.equal(existsSync(trap), false);
    await bed.killServer();
    await bed.until(team, 'lost', 10, ({ session }) => session?.phase === 'lost');
    await team.request({ kind: 'resume' });
    await bed.until(team, 'running', 20, ({ session }) => session?.phase === 'running');
    assert.equal(existsSync(trap), false);
  });
});

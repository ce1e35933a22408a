import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../../src/environment/systemClock';
import { RedisLease } from '../../../../src/redis/leadership/lease';
import { DeadLetters } from '../../../../src/redis/queue/deadLetters';
import { RedisCommandConsumer } from '../../../../src/redis/queue/redisQueue';
import { silentLogger } from '../../../support/loggers';
import { CliProject, TACO, taco } from '../../../support/tacoCommand';

interface ErrorJson {
  readonly error: { code: string; message: string; hint: string };
}

describe('the commands for views and requests', function () {
  this.timeout(120_000);
  let project: CliProject;
  before(async () => (project = await CliProject.start()));
  after(() => project.close());
  beforeEach(() => project.begin());

  const requests = async () => (await project.store.requests.read()).map(({ request }) => request);

  it('print exactly one JSON document each with --json', async () => {
    await project.asUser(['send', 'backend', 'hello']);
    for (const args of [
      ['status'],
      ['agents'],
      ['messages'],
      ['dead', 'list'],
      ['service', 'list'],
      ['port'],
      ['monitor'],
      ['plan', 'schema'],
      ['--help'],
      ['completion', 'bash'],
      ['plan', 'show'],
      ['frob'],
      [],
    ]) {
      const ran = await project.asUser([...args, '--json']);
      assert.doesNotThrow(() => ran.json(), `${args.join(' ')}: ${ran.stdout}`);
      assert.equal(ran.stderr, '', args.join(' '));
    }
  });

  it('show the session, its agents and its messages as text', async () => {
    await project.asUser(['send', 'backend', 'hello there']);
    const status = await project.asUser(['status']);
    assert.match(status.stdout, /Session: {2}taco-cli, running/);
    assert.match(status.stdout, /Messages: 1 pending/);
    assert.match((await project.asUser(['agents'])).stdout, /^2 +backend +idle/m);
    assert.match(
      (await project.asUser(['messages', '--state', 'open'])).stdout,
      /queued +\d+s +\[USER → AGENT-2\]: hello there/,
    );
    assert.match((await project.asUser(['messages', '--agent', 'frontend'])).stdout, /No such messages/);
  });

  it('follow one message through its states', async () => {
    const { messages } = (await project.asUser(['send', 'backend', 'hello', '--json'])).json<{
      messages: { id: string }[];
    }>();
    const ran = await project.asUser(['messages', messages[0]!.id, '--json']);
    assert.deepEqual(
      ran.json<{ history: { state: string }[] }>().history.map(({ state }) => state),
      ['queued'],
    );
    assert.equal(
      (await project.asUser(['messages', 'cmd_unknown', '--json'])).json<ErrorJson>().error.code,
      'unknown-command-id',
    );
  });

  it('retry and drop dead letters, and nothing else', async () => {
    const lease = new RedisLease(project.redis, project.keys, systemClock, silentLogger);
    await lease.acquire();
    const consumer = new RedisCommandConsumer(
      project.redis,
      project.keys,
      () => lease.epoch,
      systemClock,
      silentLogger,
    );
    const ids: string[] = [];
    for (const text of ['one', 'two', 'three'])
      ids.push(
        (await project.asUser(['send', 'backend', text, '--json'])).json<{ messages: { id: string }[] }>().messages[0]!
          .id,
      );
    for (const pending of await consumer.read(2, 0)) await consumer.uncertain(pending, 'the pane vanished');
    await lease.release();
    assert.match((await project.asUser(['dead', 'list'])).stdout, /uncertain \(the pane vanished\).*one\n.*two/);
    assert.equal((await project.asUser(['dead', 'retry', ids[0]!])).code, 0);
    assert.equal((await project.asUser(['dead', 'drop', ids[1]!])).code, 0);
    assert.equal((await project.asUser(['dead', 'retry', ids[2]!])).code, 2);
    assert.equal((await new DeadLetters(project.redis, project.keys, systemClock).list()).length, 0);
    assert.deepEqual(
      (await project.queue()).map((entry) => entry['message']),
      ['[USER → AGENT-2]: three', '[USER → AGENT-2]: one'],
    );
  });

  it('send requests to the leader, and report when no leader runs', async () => {
    assert.match((await project.asUser(['relaunch', 'frontend'])).stdout, /No leader is running/);
    await project.asUser(['relaunch', 'mother']);
    await project.agent(2, ['done', '42', 'tests pass']);
    assert.deepEqual(await requests(), [
      { kind: 'relaunch', window: 3 },
      { kind: 'relaunch', window: 0 },
      { kind: 'report-done', window: 2, text: '42 tests pass' },
    ]);
    assert.equal((await project.asUser(['done', 'x'])).code, 2);
    assert.equal((await project.asUser(['relaunch', 'all', '--json'])).json<ErrorJson>().error.code, 'unknown-agent');
  });

  it('submit plans to the leader, but no invalid ones', async () => {
    const plan = JSON.stringify({
      agents: [
        { window: 2, name: 'one', role: 'a role' },
        { window: 3, name: 'two', role: 'a role' },
      ],
    });
    assert.equal((await project.asUser(['plan', 'submit', '-'], plan)).code, 0);
    assert.deepEqual(await requests(), [{ kind: 'submit-plan', text: plan }]);
    const bad = await project.asUser(['plan', 'submit', '-', '--json'], plan.replace('"window":3', '"window":2'));
    assert.deepEqual([bad.code, bad.json<ErrorJson>().error.code], [1, 'plan-invalid']);
    assert.equal((await project.asUser(['plan', 'approve', '--json'])).json<ErrorJson>().error.code, 'plan-missing');
  });

  it('check plans without a session, and report every problem', async () => {
    const bad = {
      agents: [
        { window: 1, name: 'user', role: '' },
        { window: 2, name: 'b', role: 'x', depends_on: ['nobody'] },
        { window: 2, name: 'b', role: 'x' },
      ],
    };
    const ran = await taco(['plan', 'validate', '-', '--json'], { cwd: '/', input: JSON.stringify(bad) });
    assert.equal(ran.code, 1);
    const report = ran.json<{ valid: boolean; problems: { code: string }[]; error: { code: string } }>();
    assert.deepEqual([report.valid, report.error.code, report.problems.length >= 5], [false, 'plan-invalid', true]);
    const good = await taco(['plan', 'validate', '-'], {
      cwd: '/',
      input: JSON.stringify({ agents: [{ window: 2, name: 'b', role: 'x' }] }),
    });
    assert.deepEqual([good.code, /The plan is valid: 1 agent\./.test(good.stdout)], [0, true]);
    assert.equal((await taco(['plan', 'validate', '/nowhere/x.json'], { cwd: '/' })).code, 2);
  });

  it('register, list and remove services in the name of their owner', async () => {
    assert.equal((await project.agent(2, ['service', 'register', 'api', '3001', '--check', '/health'])).code, 0);
    const { services } = (await project.asUser(['service', 'list', '--json'])).json<{
      services: Record<string, unknown>[];
    }>();
    assert.deepEqual(
      [services[0]!['name'], services[0]!['port'], services[0]!['owner'], services[0]!['url'], services[0]!['check']],
      ['api', 3001, 'AGENT-2', 'http://localhost:3001', '/health'],
    );
    assert.equal((await project.asUser(['service', 'register', 'api', '99999'])).code, 2);
    assert.equal((await project.asUser(['service', 'remove', 'api'])).code, 0);
    assert.equal((await project.asUser(['service', 'remove', 'api'])).code, 2);
  });

  it('reserve a service for the agent that registered it, and the user', async () => {
    assert.equal((await project.agent(2, ['service', 'register', 'web', '3002'])).code, 0);
    for (const args of [
      ['service', 'register', 'web', '3003'],
      ['service', 'remove', 'web'],
    ]) {
      assert.equal((await project.agent(3, [...args, '--json'])).json<ErrorJson>().error.code, 'service-refused');
    }
    assert.equal((await project.agent(2, ['service', 'register', 'web', '3004'])).code, 0);
    assert.equal((await project.asUser(['service', 'register', 'web', '3005'])).code, 0);
    assert.equal(
      (await project.agent(2, ['service', 'remove', 'web', '--json'])).json<ErrorJson>().error.code,
      'service-refused',
    );
    assert.equal((await project.asUser(['service', 'remove', 'web'])).code, 0);
  });

  it('give each caller its own port, also at once', async () => {
    const all = await Promise.all(
      [2, 3, 2, 3].map((window) => project.agent(window, ['port', '--count', '3', '--json'])),
    );
    const ports = all.flatMap((ran) => ran.json<{ ports: number[] }>().ports);
    assert.equal(new Set(ports).size, 12);
    assert.equal((await project.asUser(['port', '--count', '0'])).code, 2);
  });

  it('draw the dashboard once when standard output is no terminal', async () => {
    const lines = (await project.asUser(['monitor'])).stdout.split('\n');
    assert.equal(lines[0], '═'.repeat(80));
    assert.match(
      lines.join('\n'),
      /Session: taco-cli\n[^]*Command Queue:\n[^]*Recent Activity:\n[^]*Service Registry:/,
    );
  });

  it('report the results of doctor, with a fix for a missing program', async () => {
    const ran = await taco(['doctor', '--json', '--agent-command', 'no-such-agent'], {
      cwd: '/',
      env: { TACO_HOME: project.server.paths.home },
    });
    const { ok, checks } = ran.json<{ ok: boolean; checks: { name: string; ok: boolean; found: string }[] }>();
    assert.deepEqual([ok, ran.code], [false, 1]);
    const programs = ['tmux', 'redis', 'node', 'home', 'git', 'agent'];
    assert.deepEqual(
      checks.filter((check) => check.ok && programs.includes(check.name)).map(({ name }) => name),
      ['tmux', 'redis', 'node', 'home', 'git'],
    );
    assert.ok(checks.some(({ name, ok: isSafe }) => name === 'home-safe' && isSafe));
    const bare = await taco(['doctor'], {
      cwd: '/',
      env: { TACO_HOME: project.server.paths.home, PATH: '/nonexistent' },
    });
    assert.match(bare.stdout, /To repair:\n(.*\n)*.*tmux/);
  });

  it('count a missing git as a warning, and an old tmux or Redis as an error', async () => {
    const bin = mkdtempSync(join(tmpdir(), 'taco-doctor-'));
    try {
      const program = (name: string, says: string): void =>
        writeFileSync(join(bin, name), `#!/bin/sh\necho '${says}'\n`, { mode: 0o755 });
      const readScreen = async () => {
        const ran = await taco(['doctor', '--json'], {
          cwd: '/',
          env: { TACO_HOME: project.server.paths.home, PATH: bin },
        });
        const { checks } = ran.json<{ checks: { name: string; level: string; repair: string }[] }>();
        return {
          code: ran.code,
          // The checks of the surroundings follow; they depend on the user's configuration.
          levels: checks.slice(0, 6).map(({ name, level }) => `${name} ${level}`),
          repairs: checks.map(({ repair }) => repair).filter(Boolean),
        };
      };
      program('claude', '2.1.331');
      program('tmux', 'tmux 3.2');
      program('redis-server', 'Redis server v=6.2.0');
      program('apt-get', '');
      assert.deepEqual(await readScreen(), {
        code: 0,
        levels: ['tmux ok', 'redis ok', 'node ok', 'home ok', 'git warning', 'agent ok'],
        repairs: ['sudo apt-get install -y git'],
      });
      program('tmux', 'tmux 3.1c');
      program('redis-server', 'Redis server v=6.0.16');
      const old = await readScreen();
      assert.deepEqual([old.code, old.levels.slice(0, 2), old.repairs.length], [1, ['tmux error', 'redis error'], 3]);
    } finally {
      rmSync(bin, { recursive: true, force: true });
    }
  });

  it('end without an error when the reader of their output closes', () => {
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', `"$0" "$1" completion fish | head -c 10; exit \${PIPESTATUS[0]}`, process.execPath, TACO],
      { encoding: 'utf8' },
    );
    assert.deepEqual([status, stderr], [0, '']);
  });
});

describe('the built command', () => {
  it('is executable', () => {
    assert.match(readFileSync(join(TACO), 'utf8'), /^#!\/usr\/bin\/env node\n/);
  });
});

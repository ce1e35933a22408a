import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SpooledHookReplayer } from '../../../../src/orchestrator/agents/spooledHooks';
import { writeShim } from '../../../../src/orchestrator/launch/shim';
import { HookSpool } from '../../../../src/redis/offline/hookSpool';
import { scripts } from '../../../../src/redis/scripts/scripts';
import { silentLogger } from '../../../support/loggers';
import { SLOW_MACHINE_FACTOR } from '../../../support/slowMachine';
import { CliProject, TACO } from '../../../support/tacoCommand';
import { waitUntil } from '../../../support/waitUntil';

const TEXT = '[AGENT-2 → AGENT-3]: the API is "ready", its specification is in docs/api.md \\ 日本 100%';

describe('an agent’s hook, through the taco command on its PATH', function () {
  this.timeout(30_000);
  let project: CliProject;
  let slow: string;

  before(async () => {
    project = await CliProject.start();
    slow = join(project.dir, 'slow');
    const node = join(project.dir, 'node-taco');
    await writeFile(node, `#!/bin/sh\necho >> '${slow}'\nexec '${process.execPath}' '${TACO}' "$@"\n`);
    await chmod(node, 0o700);
    await writeShim(project.server.paths, [node]);
  });
  after(() => project.close());
  beforeEach(async () => {
    await project.begin();
    await project.redis.call('SCRIPT', 'LOAD', scripts.hookRaw.source);
    rmSync(slow, { force: true });
  });

  const fly = (phase: string) =>
    project.redis.call('HSET', project.keys.inflight(3), 'id', 'cmd_000001', 'text', TEXT, 'phase', phase);
  const phase = () => project.redis.call('HGET', project.keys.inflight(3), 'phase');
  const reports = async () =>
    ((await project.redis.call('XRANGE', project.keys.hooks, '-', '+')) as [string, string[]][]).map(
      ([, fields]) => JSON.parse(fields[1] ?? '') as { data: { parents?: string } },
    );
  /** The reports without the processes above them. */
  const events = async () =>
    (await reports()).map(({ data: { parents, ...data }, ...report }) => {
      assert.match(parents ?? '', /^\d+( \d+)*$/);
      return { ...report, data };
    });

  const drain = () =>
    new SpooledHookReplayer(
      project.redis,
      project.keys,
      project.server.paths.hooksDir(project.keys.projectId),
      silentLogger,
    ).drain();

  function hook(
    event: string,
    input: string,
    env: Record<string, string> = {},
  ): Promise<{ code: number | null; out: string; ms: number }> {
    const since = performance.now();
    return new Promise((resolve, reject) => {
      const child = spawn(`${project.server.paths.binDir}/taco`, ['hook', event], {
        env: { PATH: process.env['PATH'] ?? '', ...project.agentEnv(3), ...env },
        stdio: 'pipe',
      });
      let out = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => (out += text));
      child.on('error', reject);
      child.stdin.on('error', () => undefined).end(input);
      child.on('close', (code) => resolve({ code, out, ms: performance.now() - since }));
    });
  }

  it('reports a receipt and the end of a turn without starting Node', async () => {
    await fly('entered');
    assert.deepEqual(
      { ...(await hook('UserPromptSubmit', JSON.stringify({ session_id: 's', prompt: TEXT, cwd: '/x' }))), ms: 0 },
      { code: 0, out: '', ms: 0 },
    );
    assert.equal(await phase(), 'received');
    await hook('Stop', JSON.stringify({ session_id: 's', last_assistant_message: 'a\n"b" \u0001 é' }));
    assert.deepEqual(await events(), [
      {
        kind: 'hook',
        window: 3,
        event: 'UserPromptSubmit',
        data: { sessionId: 's', prompt: TEXT, commandId: 'cmd_000001' },
      },
      { kind: 'hook', window: 3, event: 'Stop', data: { sessionId: 's', lastMessage: 'a\n"b" \u0001 é' } },
    ]);
    assert.equal(existsSync(slow), false);
  });

  it('reports the processes above it, the CLI first, by the shell and by Node', async () => {
    await hook('SessionStart', '{"session_id":"s"}');
    await hook('Notification', '{"session_id":"s"}');
    const own = `${process.pid} ${process.ppid}`;
    for (const { data } of await reports()) assert.ok(data.parents?.startsWith(own), `${data.parents} is not ${own} …`);
    assert.equal((await reports()).length, 2);
  });

  it('passes a prompt of the user when nothing is in flight, and when the last message has arrived', async () => {
    for (const state of ['', 'received']) {
      if (state) await fly(state);
      assert.deepEqual(
        { ...(await hook('UserPromptSubmit', '{"prompt":"run the tests"}')), ms: 0 },
        { code: 0, out: '', ms: 0 },
      );
    }
    assert.deepEqual(
      await events(),
      Array(2).fill({ kind: 'hook', window: 3, event: 'UserPromptSubmit', data: { prompt: 'run the tests' } }),
    );
    assert.equal(existsSync(slow), false);
  });

  it('leaves every text that differs from the text in flight to the prompt check', async () => {
    await fly('entered');
    const { code, out } = await hook(
      'UserPromptSubmit',
      JSON.stringify({ prompt: TEXT.slice(0, 30) + TEXT.slice(38) }),
    );
    assert.deepEqual(
      [code, (JSON.parse(out) as { decision: string }).decision, await phase(), existsSync(slow)],
      [0, 'block', 'refused', true],
    );
  });

  it('leaves other events, malformed input, and a Redis without the script or without TACO’s socket to Node', async () => {
    for (const [event, input, env] of [
      ['PermissionRequest', '{"tool_name":"Bash"}', {}],
      ['Stop', '{"cut of', {}],
      ['Stop', '[]', {}],
      ['Stop', '', {}],
      ['Stop', JSON.stringify({ last_assistant_message: 'x'.repeat(1_100_000) }), {}],
      ['Stop', '{}', { TACO_REDIS: `unix://${project.server.paths.redisSocket}` }],
      ['Stop', '{}', { TACO_WINDOW: '3; id' }],
      ['Stop', '{}', { TACO_PROJECT_ID: '$(id)' }],
    ] as const) {
      rmSync(slow, { force: true });
      const { code, out } = await hook(event, input, env);
      assert.deepEqual([code, out, existsSync(slow)], [0, '', true], `${event} ${input.slice(0, 20)}`);
    }
    await project.redis.call('SCRIPT', 'FLUSH');
    await project.redis.call('DEL', project.keys.hooks);
    rmSync(slow, { force: true });
    await hook('Stop', '{"last_assistant_message":"bye"}');
    assert.deepEqual(
      [await events(), existsSync(slow)],
      [[{ kind: 'hook', window: 3, event: 'Stop', data: { lastMessage: 'bye' } }], true],
    );
  });

  it('does not delay the agent while Redis hangs or is unreachable, and its report is published once afterwards', async () => {
    await project.server.signal('SIGSTOP');
    try {
      const { code, out, ms } = await hook('UserPromptSubmit', '{"prompt":"run the tests"}');
      assert.deepEqual([code, out], [0, '']);
      assert.ok(ms < 4000 * SLOW_MACHINE_FACTOR, `${ms} ms`);
    } finally {
      await project.server.signal('SIGCONT');
    }
    // The hanging call was carried out after all and was also spooled, since its result was unknown.
    await waitUntil(async () => (await events()).length === 1);
    await drain();
    assert.deepEqual(await events(), [
      { kind: 'hook', window: 3, event: 'UserPromptSubmit', data: { prompt: 'run the tests' } },
    ]);
    await project.server.kill();
    try {
      const { code, out, ms } = await hook('Stop', '{}');
      assert.deepEqual([code, out], [0, '']);
      assert.ok(ms < 2000 * SLOW_MACHINE_FACTOR, `${ms} ms`);
    } finally {
      await project.server.restart();
      await waitUntil(() =>
        project.redis.call('PING').then(
          () => true,
          () => false,
        ),
      );
    }
    await project.redis.call('DEL', project.keys.hooks);
    await drain();
    assert.deepEqual(await events(), [{ kind: 'hook', window: 3, event: 'Stop', data: {} }]);
  });

  it('queues behind spooled reports', async () => {
    const spool = new HookSpool(project.server.paths.hooksDir(project.keys.projectId));
    await spool.put(3, { id: 'kept', event: 'UserPromptSubmit', data: {}, profile: 'claude', at: 1 });
    await hook('Stop', '{}');
    assert.deepEqual([await events(), existsSync(slow)], [[], true]);
    await drain();
    assert.deepEqual(
      (await project.store.hooksAfter()).map(({ event }) => event),
      ['UserPromptSubmit', 'Stop'],
    );
    rmSync(slow, { force: true });
    await hook('Stop', '{}');
    assert.equal(existsSync(slow), false);
  });
});

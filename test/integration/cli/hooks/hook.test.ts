import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { SpooledHookReplayer } from '../../../../src/orchestrator/agents/spooledHooks';
import { silentLogger } from '../../../support/loggers';
import { SLOW_MACHINE_FACTOR } from '../../../support/slowMachine';
import { CliProject, taco, TACO } from '../../../support/tacoCommand';
import { waitUntil } from '../../../support/waitUntil';

const TEXT = '[AGENT-2 → AGENT-3]: the API is ready, its specification is in docs/api.md';

describe('taco hook', function () {
  this.timeout(30_000);
  let project: CliProject;
  before(async () => (project = await CliProject.start()));
  after(() => project.close());
  beforeEach(() => project.begin());

  const fly = (phase: string) =>
    project.redis.call('HSET', project.keys.inflight(3), 'id', 'cmd_000001', 'text', TEXT, 'phase', phase);
  const prompt = (text: string) =>
    project.agent(
      3,
      ['hook', 'UserPromptSubmit'],
      JSON.stringify({ session_id: 's', hook_event_name: 'UserPromptSubmit', prompt: text }),
    );
  const phase = async () => project.redis.call('HGET', project.keys.inflight(3), 'phase');

  it('records the receipt of exactly the text in flight, and lets it pass', async () => {
    await fly('entered');
    const ran = await prompt(TEXT);
    assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, '', '']);
    assert.equal(await phase(), 'received');
  });

  it('refuses a damaged text and records that', async () => {
    await fly('entered');
    const ran = await prompt(TEXT.slice(0, 30) + TEXT.slice(38));
    assert.equal(ran.code, 0);
    assert.equal(ran.json<{ decision: string }>().decision, 'block');
    assert.equal(await phase(), 'refused');
  });

  it('refuses at the first step and records at the second, never the other way round, for a CLI with two prompt steps', async () => {
    const damaged = TEXT.slice(0, 30) + TEXT.slice(38);
    const step = (event: string, text: string) =>
      project.agent(3, ['hook', event], JSON.stringify({ session_id: 's', prompt: text }));
    await fly('entered');
    assert.deepEqual(
      [(await step('PromptCheck', TEXT)).stdout, await phase()],
      ['', 'entered'],
      'taken, and not yet received',
    );
    assert.deepEqual(
      [(await step('PromptReached', damaged)).stdout, await phase()],
      ['', 'entered'],
      'too late to refuse anything',
    );
    assert.deepEqual([(await step('PromptReached', TEXT)).stdout, await phase()], ['', 'received']);
    await fly('entered');
    assert.equal((await step('PromptCheck', damaged)).json<{ decision: string }>().decision, 'block');
    assert.equal(await phase(), 'refused');
  });

  it('passes a prompt of the user and prints nothing', async () => {
    await fly('typing');
    const ran = await prompt('run the tests');
    assert.deepEqual([ran.code, ran.stdout, await phase()], [0, '', 'typing']);
  });

  it('publishes every event to subscribers and stores it', async () => {
    const seen: unknown[] = [];
    project.store.onEvent((event) => seen.push(event));
    await waitUntil(
      async () => Number(((await project.redis.call('PUBSUB', 'NUMSUB', project.keys.events)) as unknown[])[1]) > 0,
    );
    await project.agent(3, ['hook', 'Stop'], JSON.stringify({ last_assistant_message: 'bye' }));
    await waitUntil(() => seen.length > 0);
    assert.deepEqual(seen[0], { kind: 'hook', window: 3, event: 'Stop', data: { lastMessage: 'bye' } });
    assert.equal(((await project.redis.call('XRANGE', project.keys.hooks, '-', '+')) as unknown[]).length, 1);
  });

  it('prints nothing and exits with 0 for hostile input, and outside an agent’s window', async () => {
    for (const input of [
      '',
      '{',
      '[]',
      '\u0000\u0001',
      '{"prompt":"cut of',
      JSON.stringify({ prompt: 'x'.repeat(9_000_000) }),
    ]) {
      const ran = await project.agent(3, ['hook', 'UserPromptSubmit'], input);
      assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, '', ''], input.slice(0, 20));
    }
    for (const [args, env] of [
      [['hook', 'Stop'], {}],
      [['hook', '../../etc'], project.agentEnv(3)],
      [['hook', 'Stop', '--json'], { ...project.agentEnv(3), TACO_REDIS: 'nonsense:' }],
    ] as const) {
      const ran = await taco(args, { env, input: '{}' });
      assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, '', ''], args.join(' '));
    }
    assert.equal(((await project.redis.call('XRANGE', project.keys.hooks, '-', '+')) as unknown[]).length, 0);
  });

  it('ends by itself when its input never ends', async () => {
    const child = spawn(process.execPath, [TACO, 'hook', 'Stop'], {
      env: { ...process.env, ...project.agentEnv(3) },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    assert.equal(await new Promise((resolve) => child.on('close', resolve)), 0);
  });

  describe('while Redis is unreachable', () => {
    const reports = async () => (await project.store.hooksAfter()).map(({ event, data }) => ({ event, ...data }));
    const drain = () =>
      new SpooledHookReplayer(
        project.redis,
        project.keys,
        project.server.paths.hooksDir(project.keys.projectId),
        silentLogger,
      ).drain();
    const back = async () => {
      await project.server.restart();
      await waitUntil(() =>
        project.redis.call('PING').then(
          () => true,
          () => false,
        ),
      );
    };
    afterEach(drain);

    it('passes a prompt at once, whether Redis is unreachable or hangs, and spools the report', async () => {
      await fly('entered');
      await project.server.signal('SIGSTOP');
      try {
        const ran = await prompt(TEXT.slice(0, 40));
        assert.deepEqual([ran.code, ran.stdout], [0, '']);
        assert.ok(ran.ms < 2000 * SLOW_MACHINE_FACTOR, `${ran.ms} ms`);
      } finally {
        await project.server.signal('SIGCONT');
      }
      await project.server.kill();
      try {
        const ran = await prompt(TEXT);
        assert.deepEqual([ran.code, ran.stdout], [0, '']);
        assert.ok(ran.ms < 2000 * SLOW_MACHINE_FACTOR, `${ran.ms} ms`);
      } finally {
        await back();
      }
      await fly('entered');
      await drain();
      assert.deepEqual(await reports(), [
        { event: 'UserPromptSubmit', sessionId: 's', prompt: TEXT.slice(0, 40) },
        { event: 'UserPromptSubmit', sessionId: 's', prompt: TEXT, commandId: 'cmd_000001' },
      ]);
      assert.equal(await phase(), 'received');
    });

    it('lets no later report overtake, except a refusal', async () => {
      await project.server.kill();
      try {
        await project.agent(3, ['hook', 'UserPromptSubmit'], JSON.stringify({ prompt: 'one' }));
      } finally {
        await back();
      }
      await project.agent(3, ['hook', 'Stop'], '{}');
      await project.agent(2, ['hook', 'Stop'], '{}');
      assert.deepEqual(
        (await project.store.hooksAfter()).map(({ window }) => window),
        [2],
      );
      await fly('entered');
      assert.equal((await prompt(TEXT.slice(0, 30) + TEXT.slice(38))).json<{ decision: string }>().decision, 'block');
      assert.equal(await phase(), 'refused');
      await drain();
      assert.deepEqual(
        (await project.store.hooksAfter())
          .filter(({ window, data }) => window === 3 && !data.blockedId)
          .map(({ event }) => event),
        ['UserPromptSubmit', 'Stop'],
      );
    });

    it('spools nothing for the first check of a prompt that the model has not got', async () => {
      await project.server.kill();
      try {
        await project.agent(3, ['hook', 'PromptCheck'], JSON.stringify({ prompt: TEXT }));
        await project.agent(3, ['hook', 'PromptReached'], JSON.stringify({ prompt: TEXT }));
      } finally {
        await back();
      }
      await drain();
      assert.deepEqual(await reports(), [{ event: 'UserPromptSubmit', prompt: TEXT }]);
    });
  });

  it('handles ten at once separately', async () => {
    await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        project.agent(i % 2 === 0 ? 2 : 3, ['hook', 'PermissionRequest'], JSON.stringify({ tool_name: `tool-${i}` })),
      ),
    );
    const entries = JSON.stringify(await project.redis.call('XRANGE', project.keys.hooks, '-', '+'));
    for (let i = 0; i < 10; i++) assert.ok(entries.includes(`tool-${i}`), String(i));
  });
});

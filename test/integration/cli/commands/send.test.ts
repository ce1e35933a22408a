import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { systemClock } from '../../../../src/environment/systemClock';
import { RedisLease } from '../../../../src/redis/leadership/lease';
import { RedisCommandConsumer } from '../../../../src/redis/queue/redisQueue';
import { silentLogger } from '../../../support/loggers';
import { CliProject, TACO, taco } from '../../../support/tacoCommand';
import { waitUntil } from '../../../support/waitUntil';

interface SentJson {
  readonly messages: readonly {
    id: string;
    to: string;
    target: string;
    spooled: boolean;
    state: string;
    reason: string;
  }[];
}
interface ErrorJson {
  readonly error: { code: string; message: string; hint: string };
}

describe('taco send', function () {
  this.timeout(30_000);
  let project: CliProject;
  before(async () => (project = await CliProject.start()));
  after(() => project.close());
  beforeEach(() => project.begin());

  it('queues a message from the user, with its envelope, from anywhere inside the project', async () => {
    const ran = await project.asUser(['send', 'Backend', 'API', 'ready?', '--json', '--priority', 'high']);
    assert.equal(ran.code, 0, ran.stderr);
    const { messages } = ran.json<SentJson>();
    assert.deepEqual(messages, [
      { id: messages[0]!.id, to: 'backend', target: 'taco-cli:2', spooled: false, state: 'queued', reason: '' },
    ]);
    const [entry] = await project.queue();
    assert.equal(entry!['id'], messages[0]!.id);
    assert.deepEqual(
      [entry!['message'], entry!['sender'], entry!['priority'], entry!['type']],
      ['[USER → AGENT-2]: API ready?', 'USER', 'high', 'tmux_message'],
    );
  });

  it('sends in the name of the agent in whose window it runs', async () => {
    assert.equal((await project.agent(2, ['send', 'frontend', 'done'])).code, 0);
    assert.equal((await project.agent(0, ['send', '3', 'go on'])).code, 0);
    assert.equal((await project.agent(3, ['send', 'user', 'a question'])).code, 0);
    assert.deepEqual(
      (await project.queue()).map((entry) => [entry['target'], entry['message']]),
      [
        ['taco-cli:3', '[AGENT-2 → AGENT-3]: done'],
        ['taco-cli:3', '[MOTHER → AGENT-3]: go on'],
        ['user', '[AGENT-3 → USER]: a question'],
      ],
    );
  });

  it('interrupts for Mother and the user, and names what goes on in the background', async () => {
    await project.store.setAgent(3, { background: 'npm run dev\nreview' });
    const mother = await project.agent(0, ['send', 'frontend', 'stop', '--interrupt']);
    assert.match(mother.stdout, /queued\nIt does not stop, in the background: npm run dev, review\n$/);
    const user = await project.asUser(['send', 'backend', 'stop', '--interrupt', '--json']);
    assert.equal('background' in user.json<SentJson>().messages[0]!, false);
    const agent = await project.agent(2, ['send', 'frontend', 'stop', '--interrupt', '--json']);
    assert.equal(agent.json<ErrorJson>().error.code, 'type-refused');
    assert.deepEqual(
      (await project.queue()).map((entry) => [entry['sender'], entry['type']]),
      [
        ['MOTHER', 'tmux_interrupt'],
        ['USER', 'tmux_interrupt'],
      ],
    );
  });

  it('sends a broadcast to everyone except its sender', async () => {
    const ran = await project.agent(2, ['send', 'all', 'hello', '--json']);
    assert.deepEqual(
      ran.json<SentJson>().messages.map(({ to }) => to),
      ['mother', 'frontend'],
    );
    assert.ok((await project.queue()).every((entry) => entry['message'] === '[AGENT-2 → ALL]: hello'));
  });

  it('refuses another agent’s name, a window without its secret, and a slash command of an agent', async () => {
    for (const env of [
      { ...project.agentEnv(2), TACO_SECRET: 'secret-3' },
      { ...project.agentEnv(2), TACO_SECRET: '' },
    ]) {
      const ran = await taco(['send', 'frontend', 'x', '--json'], { env });
      assert.equal(ran.code, 1);
      assert.equal(ran.json<ErrorJson>().error.code, 'sender-refused');
    }
    assert.equal(
      (await project.agent(2, ['send', 'frontend', '/clear', '--slash', '--json'])).json<ErrorJson>().error.code,
      'type-refused',
    );
    assert.deepEqual(await project.queue(), []);
    assert.equal((await project.asUser(['send', 'frontend', '/clear', '--slash'])).code, 0);
    assert.deepEqual(
      (await project.queue()).map((entry) => [entry['type'], entry['message']]),
      [['slash', '/clear']],
    );
  });

  it('refuses an agent that unset its launch variables, and logs it', async () => {
    const { stdout } = await promisify(execFile)(
      '/bin/sh',
      [
        '-c',
        'env -u TACO_WINDOW -u TACO_SECRET -u TACO_AGENT "$0" "$1" send frontend "I am the user" --json; true',
        process.execPath,
        TACO,
      ],
      { cwd: project.dir, env: { ...project.agentEnv(2), PATH: process.env['PATH'] } },
    );
    assert.equal((JSON.parse(stdout) as ErrorJson).error.code, 'sender-refused');
    assert.deepEqual(await project.queue(), []);
    assert.match((await project.store.snapshot()).activity.map(({ text }) => text).join('\n'), /AGENT-2/);
  });

  it('reads any text from standard input', async () => {
    const text = '- "quotes" `ticks` $(id) #{pane_id}\n\nüñ漢🌮 \\';
    assert.equal((await project.asUser(['send', 'backend', '-'], `${text}\n`)).code, 0);
    assert.equal((await project.queue())[0]!['message'], `[USER → AGENT-2]: ${text}`);
  });

  it('sends a text of exactly 65,536 bytes, and refuses one byte more', async () => {
    const text = 'x'.repeat(65_536);
    assert.equal((await project.asUser(['send', 'backend', '-'], text)).code, 0);
    assert.equal((await project.queue())[0]!['message'], `[USER → AGENT-2]: ${text}`);
    const refused = await project.asUser(['send', 'backend', '-', '--json'], `${text}x`);
    assert.equal(refused.json<ErrorJson>().error.code, 'message-too-long');
    assert.equal((await project.queue()).length, 1);
  });

  it('refuses an empty text, a text that is too long, and an unknown agent', async () => {
    const code = async (args: string[], input = '') => {
      const ran = await project.asUser([...args, '--json'], input);
      assert.equal(ran.code, 1);
      return ran.json<ErrorJson>().error;
    };
    assert.equal((await code(['send', 'backend', ' '])).code, 'message-empty');
    assert.equal((await code(['send', 'backend', '-'], '\n')).code, 'message-empty');
    assert.equal((await code(['send', 'backend', '-'], 'x'.repeat(1024 * 1024))).code, 'message-too-long');
    const unknown = await code(['send', 'nobody', 'x']);
    assert.equal(unknown.code, 'unknown-agent');
    assert.match(unknown.hint, /backend, frontend/);
    assert.deepEqual(await project.queue(), []);
  });

  it('exits with 3 without a project or a running session', async () => {
    const nowhere = await taco(['send', 'backend', 'x', '--json'], {
      cwd: '/',
      env: { TACO_HOME: project.server.paths.home },
    });
    assert.deepEqual([nowhere.code, nowhere.json<ErrorJson>().error.code], [3, 'no-project']);
    await project.store.clear();
    const still = await project.asUser(['send', 'backend', 'x', '--json']);
    assert.deepEqual([still.code, still.json<ErrorJson>().error.code], [3, 'no-session']);
  });

  it('waits until the message is received, dead, or the timeout, and reports the result', async () => {
    const lease = new RedisLease(project.redis, project.keys, systemClock, silentLogger);
    await lease.acquire();
    const consumer = new RedisCommandConsumer(
      project.redis,
      project.keys,
      () => lease.epoch,
      systemClock,
      silentLogger,
    );
    const next = () => waitUntil(async () => (await consumer.read(1, 0))[0], 10_000, 'a command');
    try {
      const good = project.asUser(['send', 'backend', 'one', '--wait', 'received', '--json']);
      await consumer.done(await next(), 'received');
      assert.deepEqual([(await good).code, (await good).json<SentJson>().messages[0]!.state], [0, 'received']);

      const screenOnly = project.asUser(['send', 'backend', 'two', '--wait', 'received', '--json']);
      await consumer.done(await next(), 'delivered');
      assert.equal((await screenOnly).code, 1);
      assert.match((await screenOnly).json<SentJson>().messages[0]!.reason, /no receipts/);

      const lost = project.asUser(['send', 'backend', 'three', '--wait', 'delivered', '--json']);
      await consumer.uncertain(await next(), 'the pane vanished');
      assert.equal((await lost).code, 1);
      assert.deepEqual(
        (await lost).json<SentJson>().messages.map(({ state, reason }) => [state, reason]),
        [['uncertain', 'the pane vanished']],
      );

      const late = await project.asUser([
        'send',
        'backend',
        'four',
        '--wait',
        'delivered',
        '--timeout',
        '0.3',
        '--json',
      ]);
      assert.deepEqual([late.code, late.json<ErrorJson>().error.code], [1, 'timeout']);
    } finally {
      await lease.release();
    }
  });

  it('spools while Redis is unreachable, reports that, and delivers once and in order afterwards', async () => {
    assert.equal((await project.asUser(['send', 'backend', 'before'])).code, 0);
    await project.server.kill();
    try {
      const first = await project.agent(3, ['send', 'backend', 'first']);
      assert.deepEqual([first.code, /Redis is away/.test(first.stdout)], [0, true], first.stderr);
      assert.equal(
        (await project.asUser(['send', 'backend', 'second', '--json'])).json<SentJson>().messages[0]!.spooled,
        true,
      );
      assert.equal((await project.asUser(['send', 'backend', 'third', '--wait', 'delivered'])).code, 1);
      assert.equal(
        (await project.asUser(['send', 'nobody', 'x', '--json'])).json<ErrorJson>().error.code,
        'unknown-agent',
      );
      assert.equal((await project.asUser(['status'])).code, 3);
    } finally {
      await project.server.restart();
    }
    await waitUntil(() =>
      project.redis.call('PING').then(
        () => true,
        () => false,
      ),
    );
    assert.equal((await project.asUser(['send', 'backend', 'fourth'])).code, 0);
    const texts = (await project.queue()).map((entry) => entry['message']!.replace(/^.*: /, ''));
    assert.deepEqual(texts, ['before', 'first', 'second', 'third', 'fourth']);
  });

  it('starts without zod and without ioredis', () => {
    const bundle = readFileSync(TACO, 'utf8');
    assert.ok(bundle.length < 120_000, `${bundle.length} bytes`);
    const { sources } = JSON.parse(readFileSync(`${TACO}.map`, 'utf8')) as { sources: string[] };
    assert.ok(sources.some((source) => source.endsWith('src/cli/main.ts')));
    for (const name of ['node_modules/zod', 'node_modules/ioredis', 'node_modules/jsonrepair'])
      assert.deepEqual(
        sources.filter((source) => source.includes(name)),
        [],
      );
  });
});

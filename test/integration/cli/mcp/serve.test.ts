import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { systemClock } from '../../../../src/environment/systemClock';
import { CommandChecks } from '../../../../src/orchestrator/services/commandHealthCheck';
import { stopRedis } from '../../../../src/redis/server/redisServer';
import { HostStore } from '../../../../src/redis/state/hostStore';
import type { Team } from '../../../../src/team/team';
import { TestTeam } from '../../../support/team';

const SECRET = 's'.repeat(48);
const TOOLS = [
  'allocate_port',
  'ask_user',
  'broadcast',
  'list_agents',
  'list_services',
  'read_messages',
  'register_service',
  'report_done',
  'report_status',
  'send_message',
];
const HOSTILE = '-x; $(touch /tmp/never) "q" \'s\' \\\n  zwei\t🙂 «—»\n-';

describe("taco mcp with the SDK's own client", function () {
  this.timeout(30_000);
  let bed: TestTeam;
  let team: Team;
  const clients: Client[] = [];

  async function connect(env: Record<string, string>): Promise<Client> {
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [resolve('dist/taco.js'), 'mcp'],
        cwd: bed.project,
        env: { ...bed.env, TACO_PROJECT: bed.project, ...env },
        stderr: 'inherit',
      }),
    );
    clients.push(client);
    return client;
  }

  const asAgent = (window = '2', secret = SECRET): Promise<Client> =>
    connect({ TACO_WINDOW: window, TACO_SECRET: secret });

  async function call(
    client: Client,
    name: string,
    args: Record<string, unknown> = {},
  ): Promise<{ value: Record<string, unknown>; isError: boolean }> {
    const result = await client.callTool({ name, arguments: args });
    const [block] = result.content as { type: string; text: string }[];
    return { value: JSON.parse(block?.text ?? 'null') as Record<string, unknown>, isError: result.isError === true };
  }

  before(async () => {
    bed = new TestTeam();
    team = await bed.open();
    await team.writeProjectFile(bed.socket);
    await team.store.setSession({
      project_dir: bed.project,
      started_at: new Date().toISOString(),
      agent_count: 2,
      goal: 'x',
      tmux_session: 'team',
      phase: 'running',
    });
    const base = { status: 'idle' as const, workspace: bed.project, profile: 'scripted', startedAt: 1, changedAt: 1 };
    await team.store.setAgent(0, { window: 0, name: 'mother', role: 'Mother', ...base });
    await team.store.setAgent(2, { window: 2, name: 'api', role: 'Builds', ...base });
    await team.store.setAgent(3, { window: 3, name: 'qa', role: 'Tests', ...base });
    await team.store.registerSender('AGENT-2', SECRET);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
  });
  after(() => bed.dispose());

  it('offers the list of requests to Mother only', async () => {
    const { tools } = await (await asAgent('0')).listTools();
    assert.deepEqual(tools.map(({ name }) => name).sort(), [...TOOLS, 'list_requests'].sort());
    const { value } = await call(await asAgent('0'), 'list_requests');
    assert.deepEqual(value, { requests: [] });
  });

  it('offers its ten tools with descriptions, and connects to Redis only for a call', async () => {
    const client = await connect({ TACO_HOME: '/nowhere/at/all', TACO_PROJECT: '/nowhere' });
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map(({ name }) => name).sort(), TOOLS);
    for (const { description } of tools) assert.ok((description ?? '').length > 40);
    const { isError, value } = await call(client, 'list_agents');
    assert.ok(isError);
    assert.ok((value['error'] as { code: string }).code.length > 0);
  });

  it("sends any text in the agent's name", async () => {
    const { value, isError } = await call(await asAgent(), 'send_message', {
      to: 'qa',
      text: HOSTILE,
      priority: 'high',
    });
    assert.equal(isError, false, JSON.stringify(value));
    const [sent] = value['messages'] as { id: string }[];
    const message = await team.message(sent?.id ?? '');
    assert.deepEqual([message?.sender, message?.target, message?.priority], ['AGENT-2', 'team:3', 'high']);
    assert.equal(message?.message, `[AGENT-2 → AGENT-3]: ${HOSTILE.replace('\t', '    ')}`);
  });

  it('broadcasts to all except the sender, and submits questions to the user', async () => {
    const client = await asAgent();
    const all = (await call(client, 'broadcast', { text: 'stop' })).value['messages'] as { to: string }[];
    assert.deepEqual(all.map(({ to }) => to).sort(), ['mother', 'qa']);
    const asked = (await call(client, 'ask_user', { question: 'May I?' })).value['messages'] as {
      id: string;
      target: string;
    }[];
    assert.equal(asked[0]?.target, 'user');
    assert.equal((await team.message(asked[0]?.id ?? ''))?.message, '[AGENT-2 → USER]: May I?');
  });

  it('refuses a wrong secret, and texts that the command refuses', async () => {
    const impostor = await asAgent('2', 'wrong');
    for (const [name, args] of [
      ['send_message', { to: 'qa', text: 'x' }],
      ['report_status', { status: 'x' }],
    ] as const) {
      const { value, isError } = await call(impostor, name, args);
      assert.ok(isError);
      assert.equal((value['error'] as { code: string }).code, 'sender-refused', name);
    }
    const client = await asAgent();
    assert.equal(
      ((await call(client, 'send_message', { to: 'nobody', text: 'x' })).value['error'] as { code: string }).code,
      'unknown-agent',
    );
    assert.ok(!(await call(client, 'send_message', { to: 'qa', text: 'x'.repeat(65_536) })).isError);
    assert.equal(
      ((await call(client, 'send_message', { to: 'qa', text: 'x'.repeat(65_537) })).value['error'] as { code: string })
        .code,
      'message-too-long',
    );
    assert.equal(
      ((await call(client, 'register_service', { name: '../x', port: 80 })).value['error'] as { code: string }).code,
      'usage',
    );
  });

  it("lists the agents and the agent's own messages", async () => {
    const client = await asAgent();
    const { value } = await call(client, 'list_agents');
    assert.deepEqual(
      (value['agents'] as { name: string }[]).map(({ name }) => name),
      ['mother', 'api', 'qa'],
    );
    await team.send({ from: { kind: 'user' }, to: 'api', text: 'for you' });
    await team.send({ from: { kind: 'user' }, to: 'qa', text: 'not for you' });
    const messages = (await call(client, 'read_messages')).value['messages'] as { message: string }[];
    assert.equal(messages[0]?.message, '[USER → AGENT-2]: for you');
    assert.ok(messages.every(({ message }) => !message.includes('not for you')));
    const withUser = (await call(client, 'read_messages', { with: 'user', limit: 50 })).value['messages'] as {
      message: string;
    }[];
    assert.deepEqual(
      withUser.map(({ message }) => message),
      ['[USER → AGENT-2]: for you', '[AGENT-2 → USER]: May I?'],
    );
  });

  it('shows an agent of another host the messages to it', async () => {
    await new HostStore(team.redis, team.keys, systemClock, bed.log).set({
      name: 'build',
      machine: 'there',
      socket: 'taco',
      session: 'team@build',
      of: 'team',
    });
    await team.store.setAgent(4, {
      window: 4,
      name: 'far',
      role: 'Is far',
      host: 'build',
      status: 'idle',
      workspace: bed.project,
      profile: 'scripted',
      startedAt: 1,
      changedAt: 1,
    });
    await team.store.registerSender('AGENT-4', 'far'.repeat(16));
    try {
      await team.send({ from: { kind: 'user' }, to: 'far', text: 'over there' });
      const messages = (await call(await asAgent('4', 'far'.repeat(16)), 'read_messages', { with: 'user' })).value[
        'messages'
      ] as { message: string }[];
      assert.deepEqual(
        messages.map(({ message }) => message),
        ['[USER → AGENT-4]: over there'],
      );
    } finally {
      await team.store.removeAgent(4);
    }
  });

  it('gives ports, registers and lists services, shows a status and sends a report to the leader', async () => {
    const client = await asAgent();
    const ports = (await call(client, 'allocate_port', { count: 3 })).value['ports'] as number[];
    assert.equal(new Set(ports).size, 3);
    assert.equal(
      (await call(client, 'register_service', { name: 'web', port: ports[0], check: '/health' })).isError,
      false,
    );
    const services = (await call(client, 'list_services')).value['services'] as {
      name: string;
      owner: string;
      check: string;
    }[];
    assert.deepEqual(
      services.map(({ name, owner, check }) => [name, owner, check]),
      [['web', 'AGENT-2', '/health']],
    );
    assert.deepEqual((await call(client, 'report_status', { status: 'writing\nthe  routes' })).value, {
      status: 'writing the routes',
    });
    assert.equal((await team.store.agent(2))?.activity, 'writing the routes');
    await call(client, 'report_done', { summary: 'all green' });
    const requests = await team.store.requests.read();
    assert.deepEqual(
      requests.map(({ request }) => request),
      [{ kind: 'report-done', window: 2, text: 'all green' }],
    );
  });

  it('registers a check command only for an agent that may run anything without permission', async () => {
    const register = async (secret?: string): Promise<{ code: string; check: string; command: string[] }> => {
      const { value } = await call(await asAgent('2', secret), 'register_service', {
        name: 'db',
        port: 5432,
        check_command: ['pg_isready', '-h', 'a "b" c'],
      });
      return {
        code: (value['error'] as { code: string } | undefined)?.code ?? '',
        check: String(value['check']),
        command: value['command'] as string[],
      };
    };
    assert.equal((await register()).code, 'check-refused');
    await team.store.setAgent(2, { permissionMode: 'bypassPermissions' });
    assert.equal((await register()).code, 'check-refused', 'what hooks report grants nothing');
    await team.store.setAgent(2, { spec: JSON.stringify({ permission_mode: 'bypassPermissions' }) });
    assert.equal((await register('wrong')).code, 'sender-refused');
    assert.equal(
      (await team.store.services()).some(({ name }) => name === 'db'),
      false,
    );
    assert.deepEqual(await register(), { code: '', check: 'command', command: ['pg_isready', '-h', 'a "b" c'] });
    assert.deepEqual(await new CommandChecks(bed.paths.projectDir(team.projectId)).find('db', 'AGENT-2'), [
      'pg_isready',
      '-h',
      'a "b" c',
    ]);
  });

  it("acts as the user outside an agent's window, and refuses a report there", async () => {
    const client = await connect({});
    const { value } = await call(client, 'send_message', { to: 'api', text: 'hello' });
    assert.equal((await team.message((value['messages'] as { id: string }[])[0]?.id ?? ''))?.sender, 'USER');
    for (const name of ['report_done', 'report_status']) assert.ok((await call(client, name, { status: 'x' })).isError);
  });

  it('ends when its client disconnects', async () => {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [resolve('dist/taco.js'), 'mcp'],
      cwd: bed.project,
      env: bed.env,
    });
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(transport);
    // The SDK sends a signal to a server that has not ended in time, so the test closes standard input itself.
    const { _process: server } = transport as unknown as { _process: ChildProcess };
    const ended = once(server, 'exit');
    server.stdin?.end();
    assert.deepEqual(await ended, [0, null]);
    await client.close();
  });

  // This test must be the last: it stops Redis.
  it('spools a message while Redis is unreachable, as the command does', async () => {
    const client = await asAgent();
    await call(client, 'send_message', { to: 'qa', text: 'so that the roster is known' });
    team.dispose(); // it would start Redis again
    await stopRedis(bed.paths);
    const { value, isError } = await call(client, 'send_message', { to: 'qa', text: 'for later' });
    assert.equal(isError, false, JSON.stringify(value));
    assert.equal((value['messages'] as { spooled: boolean }[])[0]?.spooled, true);
  });
});

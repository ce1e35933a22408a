import assert from 'node:assert/strict';
import type { AgentRecord } from '../../../../src/core/agents/agentRecord';
import type { MonitorEvent } from '../../../../src/core/team/monitorEvent';
import { systemClock } from '../../../../src/environment/systemClock';
import type { RedisConnection } from '../../../../src/redis/client/connection';
import type { Keys } from '../../../../src/redis/client/keys';
import { RedisCommandProducer } from '../../../../src/redis/queue/commandProducer';
import { RedisStateStore } from '../../../../src/redis/state/stateStore';
import { recordingLogger } from '../../../support/loggers';
import { startTestRedis, type TestRedis } from '../../../support/redis';
import { leadingConsumer, newCommand } from '../../../support/redisQueue';
import { waitUntil } from '../../../support/waitUntil';

const agent = (patch: Partial<AgentRecord> = {}): Partial<AgentRecord> => ({
  name: 'frontend_dev',
  role: 'Builds the page',
  status: 'starting',
  workspace: '/w',
  profile: 'claude',
  ...patch,
});

describe('RedisStateStore', () => {
  let server: TestRedis;
  let redis: RedisConnection;
  let keys: Keys;
  let store: RedisStateStore;
  let logger: ReturnType<typeof recordingLogger>;
  before(async () => {
    server = await startTestRedis();
    redis = await server.connect();
  });
  after(() => server.close());
  beforeEach(() => {
    keys = server.newKeys();
    logger = recordingLogger();
    store = new RedisStateStore(redis, keys, systemClock, logger);
  });
  afterEach(() => store.dispose());

  const activeAgents = async (): Promise<number> => (await store.snapshot()).counters.activeAgents;

  it('is empty and valid at first', async () => {
    const { at, ...rest } = await store.snapshot();
    assert.ok(Math.abs(at - Date.now()) < 1000);
    assert.deepEqual(rest, {
      projectId: keys.projectId,
      session: null,
      agents: [],
      messages: [],
      services: [],
      activity: [],
      plan: null,
      needs: [],
      leader: null,
      counters: { pending: 0, processing: 0, held: 0, dead: 0, enqueued: 0, executed: 0, failed: 0, activeAgents: 0 },
    });
  });

  it('stores agents under the documented keys, and returns them unchanged', async () => {
    await store.setAgent(3, agent({ done: true, startedAt: 5, spec: '{"a":1}' }));
    const hash = (await redis.call('HMGET', keys.agent(3), 'name', 'role', 'status', 'workspace')) as string[];
    assert.deepEqual(hash, ['frontend_dev', 'Builds the page', 'starting', '/w']);
    await store.setAgent(3, { status: 'idle', activity: 'waits' });
    assert.deepEqual(await store.agent(3), {
      window: 3,
      name: 'frontend_dev',
      role: 'Builds the page',
      status: 'idle',
      workspace: '/w',
      profile: 'claude',
      pane: '',
      sessionId: '',
      activity: 'waits',
      done: true,
      spec: '{"a":1}',
      model: '',
      permissionMode: '',
      startedAt: 5,
      changedAt: 0,
      exitCode: '',
    });
    assert.equal(await store.agent(4), null);
  });

  it('counts running agents, each once and without Mother', async () => {
    await store.setAgent(0, agent({ name: 'mother' }));
    assert.equal(await activeAgents(), 0);
    await store.setAgent(3, agent({ status: 'exited' }));
    assert.equal(await activeAgents(), 0);
    for (const status of ['starting', 'idle', 'busy', 'idle', 'needs-input', 'done'] as const) {
      await store.setAgent(3, { status });
      assert.equal(await activeAgents(), 1);
    }
    await store.setAgent(4, agent({ name: 'b', status: 'busy' }));
    assert.equal(await activeAgents(), 2);
    await store.setAgent(3, { status: 'exited' });
    await store.setAgent(3, { status: 'exited' });
    assert.equal(await activeAgents(), 1);
    await store.removeAgent(4);
    await store.removeAgent(4);
    await store.removeAgent(3);
    assert.equal(await activeAgents(), 0);
    assert.deepEqual(
      (await store.agents()).map(({ window }) => window),
      [0],
    );
  });

  it('does not create an incomplete record when a late report arrives for a removed agent', async () => {
    await store.setAgent(3, agent());
    await store.removeAgent(3);
    await store.setAgent(3, { status: 'busy', activity: 'late' });
    assert.deepEqual([await store.agents(), await activeAgents()], [[], 0]);
  });

  it('reports a hash with a wrong shape, and shows the others', async () => {
    await store.setAgent(3, agent());
    await store.setAgent(5, agent({ name: 'b' }));
    await redis.call('HSET', keys.agent(3), 'status', 'rubbish');
    await redis.call('SADD', keys.agentWindows, '77', 'x');
    await redis.call('HSET', keys.session, 'phase', 'rubbish');
    await redis.call('SET', keys.plan, '{');
    const { agents, session, plan } = await store.snapshot();
    assert.deepEqual([agents.map(({ window }) => window), session, plan], [[5], null, null]);
    const problems = logger.lines.filter(({ event }) => event === 'state.invalid').map(({ fields }) => fields['kind']);
    assert.deepEqual(problems.sort(), ['agent', 'plan', 'session']);
  });

  it('stores session, services and plan', async () => {
    const session = {
      project_dir: '/p',
      started_at: '2025-01-09T12:34:56Z',
      agent_count: 2,
      goal: 'a page',
      tmux_session: 'taco-p',
      phase: 'planning',
      detail: '',
    } as const;
    await store.setSession(session);
    await store.setSession({ phase: 'review' });
    assert.deepEqual(await store.session(), { ...session, phase: 'review' });
    const service = {
      name: 'frontend',
      port: 3000,
      url: 'http://localhost:3000',
      health: 'healthy',
      owner: 'frontend_dev',
      check: 'tcp',
      checkedAt: 9,
    } as const;
    await store.setService(service);
    await store.setService({ ...service, name: 'backend', owner: '' });
    await store.setAgent(3, agent());
    assert.deepEqual((await store.services())[1], service);
    assert.deepEqual((await store.snapshot()).agents[0]?.services, ['frontend']);
    await store.setService({ ...service, name: 'frontend', owner: 'AGENT-3' });
    assert.deepEqual(
      (await store.snapshot()).agents[0]?.services,
      ['frontend'],
      'as an agent registers it, by its label',
    );
    await store.removeService('frontend');
    assert.deepEqual(
      (await store.services()).map(({ name }) => name),
      ['backend'],
    );
    const plan = {
      status: 'proposed',
      plan: null,
      problems: [],
      repaired: false,
      proposal: null,
      attempt: 1,
      at: 3,
    } as const;
    await store.setPlan({ ...plan, problems: [] });
    assert.deepEqual(await store.plan(), plan);
    await store.setPlan(null);
    assert.equal(await store.plan(), null);
  });

  it('shows messages in flight oldest first, then ended ones newest first, each with its waiting count', async () => {
    const producer = new RedisCommandProducer(redis, keys);
    const { consumer, lease } = await leadingConsumer(redis, keys);
    await store.setSession({ project_dir: '/p', started_at: '', agent_count: 1, goal: '', tmux_session: 'taco-test' });
    await store.setAgent(3, agent());
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      const command = newCommand();
      ids.push(command.id);
      await producer.enqueue(command);
      await systemClock.sleep(2);
    }
    const [a, b, c] = await consumer.read(3, 0);
    assert.ok(a && b && c);
    await consumer.done(a, 'received');
    await systemClock.sleep(2);
    await consumer.done(b, 'delivered');
    await consumer.phase(c.command.id, 'delivered');
    const { messages, agents, counters } = await store.snapshot();
    assert.deepEqual(
      messages.map(({ id }) => ids.indexOf(id)),
      [2, 3, 4, 1, 0],
    );
    assert.deepEqual(
      messages.map(({ endedAt }) => endedAt !== undefined),
      [false, false, false, true, true],
    );
    assert.deepEqual([agents[0]?.waiting, counters.pending, counters.processing, counters.executed], [3, 2, 1, 2]);
    lease.dispose();
  });

  it('limits the lists: 200 messages in flight, 100 ended, 50 lines of activity', async () => {
    const producer = new RedisCommandProducer(redis, keys);
    const { consumer, lease } = await leadingConsumer(redis, keys);
    for (let i = 0; i < 370; i++) await producer.enqueue(newCommand());
    for (const pending of await consumer.read(120, 0)) await consumer.done(pending, 'received');
    for (let i = 0; i < 60; i++) await store.note(`line ${i}`);
    const { messages, activity, counters } = await store.snapshot();
    assert.deepEqual(
      [
        messages.filter(({ endedAt }) => endedAt === undefined).length,
        messages.filter(({ endedAt }) => endedAt !== undefined).length,
      ],
      [200, 100],
    );
    assert.deepEqual([activity.length, activity[0]?.text, counters.pending], [50, 'line 59', 250]);
    lease.dispose();
  });

  it('reports valid events only', async () => {
    const heard: MonitorEvent[] = [];
    store.onEvent((event) => heard.push(event));
    await waitUntil(async () => ((await redis.call('PUBSUB', 'NUMSUB', keys.events)) as unknown[])[1] === 1);
    await redis.call('PUBLISH', keys.events, 'no JSON');
    await redis.call('PUBLISH', keys.events, '{"kind":"command","id":"x","state":"nonsense","target":""}');
    await store.publish({ kind: 'plan' });
    await store.setAgent(3, agent());
    await store.setService({ name: 'db', port: 1, url: '', health: 'unknown', owner: '', check: 'tcp', checkedAt: 0 });
    await waitUntil(() => heard.length === 3);
    assert.deepEqual(heard, [{ kind: 'plan' }, { kind: 'agent', window: 3 }, { kind: 'service', name: 'db' }]);
  });

  it('keeps requests to the leader until they are acknowledged', async () => {
    await store.postRequest({ kind: 'start', goal: 'a page' });
    await redis.call('XADD', keys.requests, '*', 'request', '{"kind":"format-disk"}');
    await store.postRequest({ kind: 'approve', plan: { agents: [1] } });
    const [start, approve] = await store.requests.read();
    assert.deepEqual(
      [start?.request, approve?.request],
      [
        { kind: 'start', goal: 'a page' },
        { kind: 'approve', plan: { agents: [1] } },
      ],
    );
    assert.deepEqual(await store.requests.read(start?.id), [approve]);
    await store.requests.acknowledge(start?.id ?? '');
    assert.deepEqual(await store.requests.read(), [approve]);
    assert.equal(await redis.call('XLEN', keys.requests), 1);
  });

  it('clears a whole session but no other project, and keeps the epoch', async () => {
    const other = server.newKeys();
    await redis.call('HSET', other.session, 'goal', 'stays');
    const { lease } = await leadingConsumer(redis, keys);
    await store.setAgent(3, agent());
    await store.note('x');
    for (let i = 0; i < 20; i++) await new RedisCommandProducer(redis, keys).enqueue(newCommand());
    await store.clear();
    const left: string[] = [];
    let cursor = '0';
    do {
      const [next, found] = (await redis.call('SCAN', cursor, 'MATCH', `*${keys.projectId}*`)) as [string, string[]];
      left.push(...found);
      cursor = next;
    } while (cursor !== '0');
    assert.deepEqual(left.sort(), [keys.epoch, keys.idsSince, keys.lease].sort());
    assert.equal(await redis.call('HGET', other.session, 'goal'), 'stays');
    lease.dispose();
  });

  it('returns at most 50 agents, 200 open and 100 ended messages, completely', async () => {
    const producer = new RedisCommandProducer(redis, keys);
    const { consumer, lease } = await leadingConsumer(redis, keys);
    for (let window = 2; window < 52; window++) await store.setAgent(window, agent({ name: `agent_${window}` }));
    for (let i = 0; i < 320; i++) await producer.enqueue(newCommand({ target: `taco-test:${2 + (i % 50)}` }));
    for (const pending of await consumer.read(110, 0)) await consumer.done(pending, 'received');
    const { agents, messages } = await store.snapshot();
    assert.deepEqual([agents.length, messages.length], [50, 300]);
    lease.dispose();
  });
});

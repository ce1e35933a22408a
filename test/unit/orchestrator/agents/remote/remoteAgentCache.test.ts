import assert from 'node:assert/strict';
import type { AgentRecord } from '../../../../../src/core/agents/agentRecord';
import type { HostRequest } from '../../../../../src/core/team/hosts';
import type { MonitorEvent } from '../../../../../src/core/team/monitorEvent';
import { systemClock } from '../../../../../src/environment/systemClock';
import { AgentRegistry } from '../../../../../src/orchestrator/agents/agentRegistry';
import { PendingPatches } from '../../../../../src/orchestrator/agents/remote/pendingPatches';
import { RemoteAgentCache } from '../../../../../src/orchestrator/agents/remote/remoteAgentCache';
import { silentLogger } from '../../../../support/loggers';

const record = (window: number, more: Partial<AgentRecord> = {}): AgentRecord =>
  ({ window, name: `agent${window}`, host: 'build', done: false, status: 'idle', ...more }) as AgentRecord;
const turns = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe('the cache of remote agents', () => {
  let cached: Map<number, AgentRecord>;
  let asked: string[];
  let say: (event: MonitorEvent) => void;
  let connect: (up: boolean) => void;
  let agents: AgentRegistry;
  let done: number;
  let pending: PendingPatches;
  /** Requests that the hosts have not acknowledged. */
  let waiting: HostRequest[];
  let mirror: RemoteAgentCache;

  function begin(meetsAll: boolean): void {
    agents = new AgentRegistry(meetsAll ? 'mine' : '', silentLogger);
    const nothing = { dispose: () => undefined };
    mirror = new RemoteAgentCache({
      store: {
        agents: async () => (asked.push('all'), [...cached.values()]),
        agent: async (window) => (asked.push(String(window)), cached.get(window) ?? null),
        onEvent: (listener) => ((say = listener), nothing),
      },
      onConnection: (listener) => ((connect = listener), nothing),
      agents,
      pending,
      clock: systemClock,
      log: silentLogger,
      meetsAll,
      onDone: () => (done += 1),
    });
  }

  beforeEach(() => {
    cached = new Map();
    asked = [];
    done = 0;
    waiting = [];
    pending = new PendingPatches(async () => waiting);
  });
  afterEach(() => mirror.dispose());

  it('reads only the changed agent, and once for many changes in a moment', async () => {
    begin(false);
    for (const window of [2, 3]) agents.upsert(record(window));
    agents.upsert(record(4, { host: '' }));
    cached.set(2, record(2, { status: 'busy' }));
    for (let n = 0; n < 50; n++) say({ kind: 'agent', window: 2 });
    say({ kind: 'agent', window: 4 });
    await turns();
    assert.deepEqual(asked, ['2']);
    assert.equal(agents.get(2)?.status, 'busy');
  });

  it('reports that an agent is done, and drops a removed one', async () => {
    begin(false);
    agents.upsert(record(2));
    agents.upsert(record(3));
    cached.set(2, record(2, { done: true }));
    say({ kind: 'agent', window: 2 });
    await turns();
    assert.equal(done, 1);
    say({ kind: 'agent', window: 3 });
    for (let tries = 0; tries < 100 && agents.get(3); tries++) await turns();
    assert.equal(agents.get(3), undefined);
  });

  it('keeps a change that its host has not carried out, whatever was read, and nothing of one that it has', async () => {
    begin(false);
    agents.upsert(record(2));
    cached.set(2, record(2, { activity: 'first' }));
    const patch = { done: true, report: 'built' };
    await pending.add('build', 2, patch, async () => void waiting.push({ kind: 'patch', window: 2, patch }));
    say({ kind: 'agent', window: 2 });
    await turns();
    const { report, activity, status } = agents.get(2)!;
    assert.deepEqual(
      { report, activity, status, done },
      { report: 'built', activity: 'first', status: 'done', done: 1 },
    );
    waiting = [];
    cached.set(2, record(2, { report: 'the host’s own' }));
    for (let tries = 0; tries < 100 && agents.get(2)?.report === 'built'; tries++) {
      say({ kind: 'agent', window: 2 });
      await turns();
    }
    assert.equal(agents.get(2)?.report, 'the host’s own');
    assert.equal(agents.get(2)?.done, false);
  });

  it('forgets a change that was never posted', async () => {
    const lost = pending.add('build', 2, { done: true }, () => Promise.reject(new Error('Redis is away')));
    await assert.rejects(lost, /away/);
    assert.equal(pending.apply(record(2)).done, false);
  });

  it('discovers unknown agents on a host, but not on the leader', async () => {
    begin(true);
    cached.set(5, record(5, { host: '' }));
    say({ kind: 'agent', window: 5 });
    await turns();
    assert.equal(agents.get(5)?.name, 'agent5');
    mirror.dispose();
    begin(false);
    say({ kind: 'agent', window: 5 });
    await turns();
    assert.equal(agents.get(5), undefined);
  });

  it('reads all agents when Redis is reachable again, since events in between were lost', async () => {
    begin(false);
    agents.upsert(record(2));
    cached.set(2, record(2, { done: true }));
    connect(true);
    await turns();
    assert.deepEqual([asked, done], [['all'], 1]);
  });
});

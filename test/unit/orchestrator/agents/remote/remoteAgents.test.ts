import assert from 'node:assert/strict';
import type { AgentRecord } from '../../../../../src/core/agents/agentRecord';
import type { HostRequest, LaunchRequest } from '../../../../../src/core/team/hosts';
import { RemoteAgents } from '../../../../../src/orchestrator/agents/remote/remoteAgents';
import type { HostStore } from '../../../../../src/redis/state/hostStore';

const ORDER: LaunchRequest = {
  window: 3,
  name: 'tester',
  role: 'Tests',
  spec: null,
  earlier: null,
  profile: 'scripted',
  systemPrompt: '',
  launch: 'launch-1',
};
const MINUTE = 60_000;

describe('RemoteAgents', () => {
  let now: number;
  let requests: { id: string; request: HostRequest; at: number }[];
  let record: Partial<AgentRecord> | null;
  let awaySince: number | null;
  let isCancelled: boolean;
  /** Runs at each poll of the leader. */
  let onPoll: () => void;
  let remote: RemoteAgents;

  beforeEach(() => {
    now = 0;
    requests = [];
    record = null;
    awaySince = null;
    isCancelled = false;
    onPoll = () => undefined;
    const stream = {
      post: async (request: HostRequest) => void requests.push({ id: String(requests.length), request, at: now }),
      read: async () => requests,
      acknowledge: async (id: string) => void (requests = requests.filter((each) => each.id !== id)),
    };
    const hosts = { requests: () => stream, list: async () => [{ name: 'build', awaySince }] } as unknown as HostStore;
    const clock = {
      now: () => now,
      sleep: async () => {
        now += MINUTE / 6;
        onPoll();
      },
    } as unknown as ConstructorParameters<typeof RemoteAgents>[2];
    remote = new RemoteAgents(hosts, { agent: async () => record as AgentRecord | null }, clock, () => isCancelled);
  });

  const begin = (): void => void (record = { launch: 'launch-1', status: 'starting' });
  const kinds = (): string[] => requests.map(({ request }) => request.kind);

  it('waits for a launch that the host has begun, as long as its workspace takes', async () => {
    begin();
    onPoll = () => {
      if (now >= 20 * MINUTE) requests = [];
    };
    assert.equal((await remote.launch('build', ORDER)).launch, 'launch-1');
    assert.ok(now >= 20 * MINUTE);
  });

  it('undoes a launch that the host does not begin', async () => {
    await assert.rejects(remote.launch('build', ORDER), { code: 'launch-failed' });
    assert.ok(now <= MINUTE);
    assert.deepEqual(kinds(), ['remove']);
  });

  it('undoes a launch that was begun when its host disconnects', async () => {
    begin();
    onPoll = () => void (awaySince = 0);
    await assert.rejects(remote.launch('build', ORDER), { code: 'launch-failed' });
    assert.deepEqual(kinds(), ['remove']);
  });

  it('withdraws a launch when the session is stopped meanwhile, and removes no agent of the next leader', async () => {
    begin();
    requests.push({ id: 'other', request: { kind: 'stop', window: 9 }, at: 0 });
    onPoll = () => void (isCancelled = true);
    await assert.rejects(remote.launch('build', ORDER), { code: 'cancelled' });
    assert.deepEqual(kinds(), ['stop']);
  });

  it('keeps an agent that ran before when its relaunch is undone', async () => {
    await assert.rejects(remote.launch('build', { ...ORDER, earlier: { window: 3 } as AgentRecord }));
    assert.deepEqual(kinds(), []);
  });
});

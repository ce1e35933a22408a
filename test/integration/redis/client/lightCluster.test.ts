import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../src/core/team/snapshot';
import { connectLight } from '../../../../src/redis/client/connectLight';
import { parseEndpoint } from '../../../../src/redis/client/endpoint';
import { Keys, projectIdOf } from '../../../../src/redis/client/keys';
import { isWhole, startCluster, type RemoteRedis } from '../../../support/redisServers';
import { taco } from '../../../support/tacoCommand';
import { TestTeam } from '../../../support/team';
import { waitUntil } from '../../../support/waitUntil';

describe('a Redis Cluster of three nodes', function () {
  this.timeout(90_000);
  let nodes: readonly RemoteRedis[];
  let bed: TestTeam;
  /** The node that serves the project's slot. */
  let owner: RemoteRedis;

  before(async () => {
    nodes = await startCluster();
    const [first] = nodes;
    const url = (each: readonly RemoteRedis[]): string =>
      `redis+cluster://${each.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
    bed = new TestTeam();
    const slot = Number(await first?.call('CLUSTER', 'KEYSLOT', new Keys(projectIdOf(bed.project)).queue));
    owner = nodes[Math.min(2, Math.floor(slot / 5461))] as RemoteRedis;
    // Only nodes that must redirect.
    Object.assign(bed, { redisUrl: url(nodes.filter((node) => node !== owner)) });
  });
  after(async () => {
    await bed.dispose();
    for (const node of nodes) await node.close();
  });

  it('has all keys of a project in one slot, so that each script runs', async () => {
    const keys = new Keys(projectIdOf(bed.project));
    const names = Object.getOwnPropertyNames(Keys.prototype)
      .filter((name) => !['constructor', 'key', 'pattern'].includes(name))
      .map((name) => {
        const member: unknown = Reflect.get(keys, name);
        return typeof member === 'function' ? String(Reflect.apply(member, keys, [7])) : String(member);
      });
    assert.ok(names.length > 25);
    const slots = await Promise.all(names.map((name) => owner.call('CLUSTER', 'KEYSLOT', name)));
    assert.deepEqual([...new Set(slots)].length, 1);
  });

  it('redirects short-lived commands from any node to the right one', async () => {
    const client = await connectLight(parseEndpoint(bed.redisUrl ?? ''), {
      connectTimeoutMs: 2000,
      commandTimeoutMs: 2000,
    });
    try {
      const key = new Keys('0123456789ab').dedupe('x');
      assert.equal(await client.call('SET', key, 'one'), 'OK');
      assert.equal(await client.call('GET', key), 'one');
      await client.call('DEL', key);
    } finally {
      client.dispose();
    }
  });

  it('delivers the messages of a whole team, recovers after its node was killed, and leaves no keys but the time of its end', async () => {
    const team = await bed.open();
    await bed.engine(team, { profile: 'scripted', autoApprove: true, agentEnv: { TACO_SCRIPTED_WORK_MS: '50' } });
    const agents = [
      { window: 2, name: 'one', role: 'Builds it', notifies: ['two'] },
      { window: 3, name: 'two', role: 'Checks it', wait_for: ['one'] },
    ];
    await team.request({ kind: 'start', goal: 'test', plan: JSON.stringify({ agents }) });
    const allDone = ({ agents: all, messages }: Snapshot): boolean =>
      all.length === 3 &&
      all.every(({ window, done }) => window === 0 || done) &&
      messages.every(({ state }) => state === 'received');
    const done = await bed.until(team, 'the whole team done', 40, allDone);
    assert.ok(
      done.messages.some(({ sender, target }) => sender === 'AGENT-2' && target.endsWith(':3')),
      'what an agent sent by its own taco command',
    );

    await owner.kill();
    await owner.run();
    await waitUntil(() => isWhole(nodes), 20_000, 'a whole cluster again');
    const ran = await taco(['send', 'one', 'still there?', '--wait', 'received', '--timeout', '30', '--json'], {
      cwd: bed.project,
      env: { TACO_HOME: bed.paths.home, HOME: bed.home },
    });
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);

    await team.request({ kind: 'stop' });
    await bed.until(team, 'no session', 20, ({ session }) => session === null);
    const left = (await owner.call('KEYS', 'taco:*')) as string[];
    assert.deepEqual(
      left.map((key) => key.replace(/^.*}:/, '')).filter((name) => !/^(lease:|control:requests)/.test(name)),
      ['ids:since'],
    );
  });
});

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Snapshot } from '../../../src/core/team/snapshot';
import type { Team } from '../../../src/team/team';
import { TestHost, whenThere } from '../../support/hosts';
import { Netns } from '../../support/networkNamespace';
import { RemoteRedis, startCluster } from '../../support/redisServers';
import { TestTeam } from '../../support/team';

const spec = (window: number, name: string, host?: string): object => ({
  window,
  name,
  role: `the ${name}`,
  depends_on: [],
  notifies: [],
  wait_for: [],
  ...(host === undefined ? {} : { host }),
});
const ended = ({ messages }: Snapshot): boolean =>
  messages.length > 0 && messages.every(({ state }) => state === 'received');
const isThere =
  (wanted: boolean) =>
  ({ hosts = [] }: Snapshot): boolean =>
    hosts.some(({ name, awaySince }) => name === 'build' && (awaySince === null) === wanted);

describe('hosts of a team over a network', function () {
  this.timeout(120_000);
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function running(
    redisUrl: string,
    inside: readonly string[],
  ): Promise<{ bed: TestTeam; team: Team; host: TestHost; got: () => string[] }> {
    const bed = new TestTeam(redisUrl);
    ends.push(() => bed.dispose());
    const received = join(bed.dir, 'received.jsonl');
    const env = { TACO_SCRIPTED_RECEIVED: received, TACO_SCRIPTED_WORK_MS: '50', TACO_SCRIPTED_QUIET: '1' };
    const team = await bed.open();
    const host = new TestHost(bed, 'build', env, [], inside);
    ends.push(() => host.dispose());
    await bed.engine(team, { profile: 'scripted', autoApprove: true, agentEnv: env });
    host.join();
    await bed.until(team, 'the host there', 20, isThere(true));
    await team.request({
      kind: 'start',
      goal: 'test',
      plan: JSON.stringify({ agents: [spec(2, 'near'), spec(3, 'far', 'build')] }),
    });
    await bed.until(team, 'running', 30, ({ session }) => session?.phase === 'running');
    await bed.until(team, 'opening tasks received', 30, ended);
    const got = (): string[] => {
      const lines = existsSync(received)
        ? readFileSync(received, 'utf8')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as { agent: string; prompt?: string })
        : [];
      return lines
        .filter(({ agent, prompt }) => agent === 'far' && prompt?.startsWith('[USER'))
        .map(({ prompt }) => prompt?.replace(/^\[.*?\]: /, '').trim() ?? '');
    };
    return { bed, team, host, got };
  }

  async function sendAll(
    team: Team,
    texts: readonly string[],
    between: (n: number) => Promise<void> | void,
  ): Promise<readonly string[]> {
    const ids: string[] = [];
    for (const [n, text] of texts.entries()) {
      await between(n);
      ids.push((await team.send({ from: { kind: 'user' }, to: 'far', text }))[0]?.id ?? '');
      await new Promise((done) => setTimeout(done, 150));
    }
    return ids;
  }

  it('share a Redis Cluster of three nodes, and lose, duplicate and overtake nothing when one is killed', async () => {
    const nodes = await startCluster();
    ends.push(() => Promise.all(nodes.map((node) => node.close())));
    const { bed, team, host, got } = await running(
      `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
      [],
    );
    const texts = Array.from({ length: 12 }, (_, n) => `message ${n}`);
    const ids = await sendAll(team, texts, async (n) => {
      if (n !== 4) return;
      await host.kill();
      host.join();
    });
    await bed.until(team, 'all received', 60, ({ messages }) =>
      ids.every((id) => messages.some((message) => message.id === id && message.state === 'received')),
    );
    assert.deepEqual(await whenThere(got, texts.length), texts);
  });

  it('reconnect after a cut: others do not wait, and nothing is lost, duplicated or overtaken', async function () {
    const netns = Netns.make();
    if (!netns) return this.skip();
    ends.push(() => netns.dispose());
    const redis = await RemoteRedis.start([
      '--port',
      'PORT',
      '--bind',
      '127.0.0.1',
      netns.here,
      '--protected-mode',
      'no',
    ]);
    ends.push(() => redis.close());
    const { bed, team, got } = await running(`redis://${netns.here}:${redis.port}`, netns.inside);
    const texts = Array.from({ length: 12 }, (_, n) => `message ${n}`);
    const ids = await sendAll(team, texts, (n) => (n === 4 ? netns.cut(true) : undefined));
    await bed.until(team, 'the host away', 15, isThere(false));
    const [near] = await team.send({ from: { kind: 'user' }, to: 'near', text: 'you are here' });
    assert.equal((await team.waitFor(near?.id ?? '', 'received', 20_000)).state, 'received');
    netns.cut(false);
    const all = ({ messages }: Snapshot): Snapshot['messages'] => messages.filter(({ id }) => ids.includes(id));
    const after = await bed.until(team, 'all ended', 60, (snapshot) =>
      all(snapshot).every(({ endedAt }) => endedAt !== undefined),
    );
    // The reports of hooks during the cut were spooled.
    assert.deepEqual(
      all(after).filter(({ state }) => state !== 'received'),
      [],
      bed.describe(after),
    );
    assert.deepEqual(await whenThere(got, texts.length), texts);
  });
});

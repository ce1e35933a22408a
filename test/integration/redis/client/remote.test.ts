import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import type { Snapshot } from '../../../../src/core/team/snapshot';
import { RedisConnection } from '../../../../src/redis/client/connection';
import { connectLight } from '../../../../src/redis/client/connectLight';
import { parseEndpoint } from '../../../../src/redis/client/endpoint';
import { silentLogger } from '../../../support/loggers';
import { RemoteRedis } from '../../../support/redisServers';
import { taco } from '../../../support/tacoCommand';
import { TestTeam } from '../../../support/team';

const PASSWORD = 'hush@:/ 1';
const TIMEOUTS = { connectTimeoutMs: 2000, commandTimeoutMs: 2000 };

/** Creates a certificate authority and a certificate of it for this machine. */
function makeCertificates(dir: string): { readonly ca: string; readonly cert: string; readonly key: string } {
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' });
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=TACO test authority',
  );
  openssl(
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    'server.key',
    '-out',
    'server.csr',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost,IP:127.0.0.1',
  );
  openssl(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '2',
    '-copy_extensions',
    'copy',
    '-out',
    'server.pem',
  );
  return { ca: join(dir, 'ca.pem'), cert: join(dir, 'server.pem'), key: join(dir, 'server.key') };
}

describe("the user's own Redis", function () {
  this.timeout(90_000);
  let dir: string;
  let server: RemoteRedis;
  let files: ReturnType<typeof makeCertificates>;
  const url = (query: string, user = 'taco', password = PASSWORD): string =>
    `rediss://${user}:${encodeURIComponent(password)}@localhost:${server.port}/0${query}`;

  before(async function () {
    dir = mkdtempSync(join(tmpdir(), 'taco-tls-'));
    try {
      files = makeCertificates(dir);
    } catch {
      this.skip(); // no openssl here that can create certificates
    }
    const tls = [
      '--port',
      '0',
      '--tls-port',
      'PORT',
      '--tls-ca-cert-file',
      files.ca,
      '--tls-cert-file',
      files.cert,
      '--tls-key-file',
      files.key,
    ];
    server = await RemoteRedis.start(
      [...tls, '--tls-auth-clients', 'optional', '--requirepass', 'admin'],
      `rediss://:admin@localhost:PORT?ca=${files.ca}`,
    );
    const documented = /^ACL (SETUSER taco .*)$/m.exec(readFileSync('docs/redis.md', 'utf8'))?.[1] ?? '';
    await server.call('ACL', ...documented.split(' ').map((word) => (word === '>PASSWORD' ? `>${PASSWORD}` : word)));
  });
  after(async () => {
    await server?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('is reached over TLS only with the authority that signed its certificate, and with the right password', async () => {
    for (const connect of [
      (text: string) => connectLight(parseEndpoint(text), TIMEOUTS),
      async (text: string) => {
        const redis = new RedisConnection({ endpoint: parseEndpoint(text), logger: silentLogger });
        try {
          await redis.ready(700);
          return redis;
        } catch (error) {
          redis.dispose();
          throw error;
        }
      },
    ]) {
      const known = await connect(url(`?ca=${files.ca}`));
      assert.equal(await known.call('PING'), 'PONG');
      known.dispose();
      await assert.rejects(connect(url('')), (error) => isTacoError(error, 'redis-unreachable'));
      await assert.rejects(
        connect(url(`?ca=${files.ca}`, 'taco', 'wrong')),
        (error) => isTacoError(error) && !JSON.stringify(error).includes('wrong'),
      );
      await assert.rejects(
        async () => connect(url(`?ca=${dir}/none.pem`)),
        (error) => isTacoError(error, 'redis-unreachable') && /none\.pem/.test(error.message),
      );
    }
  });

  it('serves a whole team with exactly the documented rights, and no log contains the password', async () => {
    const bed = new TestTeam(url(`?ca=${files.ca}`));
    try {
      const team = await bed.open();
      await bed.engine(team, { profile: 'scripted', autoApprove: true, agentEnv: { TACO_SCRIPTED_WORK_MS: '50' } });
      const agents = [
        { window: 2, name: 'one', role: 'Builds it', notifies: ['two'] },
        { window: 3, name: 'two', role: 'Checks it', wait_for: ['one'] },
      ];
      await team.request({ kind: 'start', goal: 'test', plan: JSON.stringify({ agents }) });
      const done = ({ agents: all, messages }: Snapshot): boolean =>
        all.length === 3 &&
        all.every((one) => one.window === 0 || one.done) &&
        messages.every(({ state }) => state === 'received');
      await bed.until(team, 'the whole team done', 40, done);
      const env = { TACO_HOME: bed.paths.home, HOME: bed.home };
      const run = (...args: string[]): ReturnType<typeof taco> => taco([...args, '--json'], { cwd: bed.project, env });
      for (const args of [
        ['send', 'one', 'hello', '--wait', 'received'],
        ['service', 'register', 'api', '4321'],
        ['service', 'remove', 'api'],
        ['port'],
        ['messages'],
        ['status'],
        ['doctor'],
      ]) {
        const ran = await run(...args);
        assert.ok(ran.code === 0 || args[0] === 'doctor', `${args.join(' ')}: ${ran.stdout}${ran.stderr}`);
        if (args[0] === 'doctor') assert.match(ran.stdout, new RegExp(`at rediss://localhost:${server.port}`));
      }
      assert.deepEqual([await team.calls.take('ask', 'a'), await team.calls.take('ask', 'b')], ['yours', 'theirs']);
      await team.calls.keep('ask', 'a');
      await team.calls.markShown('ask');
      assert.equal(await team.calls.take('ask', 'b'), 'told');
      await bed.killServer();
      await bed.until(team, 'lost', 10, ({ session }) => session?.phase === 'lost');
      await team.request({ kind: 'resume' });
      await bed.until(team, 'back', 20, ({ session }) => session?.phase === 'running');
      await team.request({ kind: 'stop-agent', window: 2 });
      await team.request({ kind: 'stop' });
      await bed.until(team, 'no session', 20, ({ session }) => session === null);
      const denied = (await server.call('ACL', 'LOG')) as string[][];
      assert.deepEqual(
        denied.filter((entry) => entry.includes('command') || entry.includes('key') || entry.includes('channel')),
        [],
      );
      assert.doesNotMatch(bed.log.lines.join('\n'), /hush/);
    } finally {
      await bed.dispose();
    }
  });
});

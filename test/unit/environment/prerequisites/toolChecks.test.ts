import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installCommand } from '../../../../src/environment/prerequisites/installCommands';
import {
  findAgentCommand,
  checkGit,
  checkRedis,
  checkTmuxVersion,
} from '../../../../src/environment/prerequisites/toolChecks';

describe('tool checks', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'looks-'))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  /** Creates a program that only prints its version. */
  function program(name: string, says: string): void {
    writeFileSync(join(dir, name), `#!/bin/sh\necho '${says}'\n`);
    chmodSync(join(dir, name), 0o755);
  }
  const env = (): Record<string, string> => ({ PATH: dir });
  const short = ({ state, version, where }: Awaited<ReturnType<typeof checkGit>>): readonly string[] => [
    state,
    version,
    where,
  ];

  it('report each missing program by its name', async () => {
    assert.deepEqual(short(await checkTmuxVersion('tmux', env())), ['missing', '', 'tmux']);
    assert.deepEqual(short(await checkRedis(undefined, env())), ['missing', '', 'redis-server, valkey-server']);
    assert.deepEqual(short(await checkGit(env())), ['missing', '', 'git']);
    assert.deepEqual(short(findAgentCommand('claude', { env: env(), projectDir: dir })), ['missing', '', 'claude']);
  });

  it('report an old program and its version', async () => {
    program('tmux', 'tmux 3.1c');
    program(
      'redis-server',
      'Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=a3fdef44459b3ad6',
    );
    assert.deepEqual(short(await checkTmuxVersion('tmux', env())), ['too-old', '3.1c', 'tmux']);
    assert.deepEqual(short(await checkRedis(undefined, env())), ['too-old', '6.0.16', 'redis-server']);
  });

  it("accept the oldest supported versions, Valkey's own numbers, and unknown versions", async () => {
    program('tmux', 'tmux next-3.6');
    program('redis-server', 'Redis server v=6.2.0 sha=00000000:0');
    assert.deepEqual(short(await checkTmuxVersion('tmux', env())), ['here', 'next-3.6', 'tmux']);
    assert.deepEqual(short(await checkRedis(undefined, env())), ['here', '6.2.0', 'redis-server']);
    rmSync(join(dir, 'redis-server'));
    program('valkey-server', 'Valkey server v=8.1.1 sha=00000000:0');
    assert.deepEqual(short(await checkRedis(undefined, env())), ['here', '8.1.1', 'valkey-server']);
    program('git', 'git version 2.39.5');
    assert.deepEqual(short(await checkGit(env())), ['here', '2.39.5', 'git']);
  });

  it('report why a Redis with a set URL cannot be used, also for an invalid URL', async () => {
    const away = await checkRedis('redis://127.0.0.1:1', env());
    assert.deepEqual([away.state, /does not answer/.test(away.error?.message ?? '')], ['failed', true]);
    const wrong = await checkRedis('http://x', env());
    assert.deepEqual([wrong.state, wrong.error !== null], ['failed', true]);
  });

  it('suggest the command of the installed package manager', async () => {
    assert.equal(await installCommand('git', dir, 'linux'), 'sudo apt-get install -y git');
    program('dnf', '');
    assert.equal(await installCommand('redis', dir, 'linux'), 'sudo dnf install -y redis');
    program('apt-get', '');
    assert.equal(await installCommand('redis', dir, 'linux'), 'sudo apt-get install -y redis-server');
    assert.equal(await installCommand('git', dir, 'darwin'), 'brew install git');
  });
});

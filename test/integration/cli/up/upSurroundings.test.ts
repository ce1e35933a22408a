import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eachOnOwnMachine, type Machine, type MachineProject } from '../../../support/machine';
import { RemoteRedis } from '../../../support/redisServers';
import { waitUntil } from '../../../support/waitUntil';

describe('taco up in unsafe surroundings', function () {
  this.timeout(180_000);
  let machine: Machine;
  let project: MachineProject;
  eachOnOwnMachine((...made) => ([machine, project] = made));

  it('warns of a Redis that evicts, and goes on', async () => {
    const redis = await RemoteRedis.start([
      ...['--port', 'PORT', '--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru'],
    ]);
    try {
      const url = `redis://127.0.0.1:${redis.port}`;
      const run = project.up(['--plan', 'plan.json', '--yes', '--redis', url]);
      await waitUntil(() => /qa \(window 3\): ready/.test(run.output()), 60_000, 'the team').catch((error: unknown) => {
        throw new Error(`${String(error)}\n${run.output()}`);
      });
      assert.match(run.output(), /allkeys-lru/);
      assert.match(run.output(), /noeviction/);
      assert.equal((await project.taco(['down'])).code, 0);
    } finally {
      await redis.close();
    }
  });

  it("takes the right to write in TACO_HOME away from other users before an agent's PATH has it", async () => {
    const { home, binDir } = machine.paths;
    mkdirSync(binDir, { recursive: true });
    chmodSync(home, 0o777);
    chmodSync(binDir, 0o777);
    await project.begin();
    assert.deepEqual([statSync(home).mode & 0o022, statSync(binDir).mode & 0o022], [0, 0]);
  });

  it('launches nothing where others could leave a program in TACO_HOME and one is there', async () => {
    const { home, binDir } = machine.paths;
    mkdirSync(binDir, { recursive: true });
    writeFileSync(join(binDir, 'git'), '#!/bin/sh\n', { mode: 0o755 });
    chmodSync(binDir, 0o777);
    const run = project.up(['--plan', 'plan.json', '--yes']);
    assert.equal(await run.ended, 1);
    assert.match(run.output(), /holds programs that TACO did not write \(git\)/);
    assert.match(run.output(), /Remove them/);
    assert.deepEqual(await project.processes(), []);
    assert.ok(!existsSync(join(home, 'redis', 'redis.sock')));
  });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stopRedis } from '../../../src/redis/server/redisServer';
import { Machine, type MachineProject } from '../../support/machine';
import { waitUntil } from '../../support/waitUntil';

describe('a disk that takes no more', function () {
  this.timeout(180_000);
  let machine: Machine;
  let project: MachineProject;
  let mounted: string[];
  beforeEach(() => {
    mounted = [];
    machine = new Machine();
    project = machine.project('app');
  });
  afterEach(async () => {
    await stopRedis(machine.paths);
    for (const dir of mounted) execFileSync('umount', ['-l', dir]);
    await machine.dispose();
  });

  /** Only root may mount; returns false without the right. */
  function mount(dir: string, options: string): boolean {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `${options},mode=700`, 'tmpfs', dir], { stdio: 'ignore' });
    } catch {
      return false;
    }
    mounted.push(dir);
    return true;
  }

  it('is named in one sentence when the home is on a read-only mount, and nothing is started', async function () {
    if (!mount(machine.paths.home, 'ro')) return this.skip();
    const up = await project.taco(['up', '--plan', 'plan.json', '--yes', '--profile', 'scripted']);
    assert.notEqual(up.code, 0);
    assert.match(up.text, /read-only file system/);
    assert.doesNotMatch(up.text, /\n +at |ENOENT/);
    assert.deepEqual(await project.processes(), []);
  });

  it('is reported by taco up, taco status and taco doctor while the team runs, and the team goes on afterwards', async function () {
    if (!mount(machine.paths.home, 'size=24m')) return this.skip();
    const run = await project.begin();
    const filler = join(machine.paths.home, 'filler');
    assert.throws(() => {
      for (;;) writeFileSync(filler, Buffer.alloc(4096), { flag: 'a' });
    }, /ENOSPC/);
    await waitUntil(
      async () => /ENOSPC|No space left|no space left/.test((await project.taco(['status'])).text),
      40_000,
      'taco status says so',
    );
    const doctor = await project.taco(['doctor']);
    assert.match(doctor.text, /ERROR +disk +0 MB free/);
    await waitUntil(() => /ENOSPC|[Nn]o space left/.test(run.output()), 20_000, `taco up says so: ${run.output()}`);
    rmSync(filler);
    await waitUntil(
      async () => (await project.taco(['send', 'api', 'go on', '--wait', 'received', '--timeout', '20'])).code === 0,
      60_000,
      'the team goes on',
    );
    await run.leave();
    assert.equal((await project.taco(['down'])).code, 0);
  });
});

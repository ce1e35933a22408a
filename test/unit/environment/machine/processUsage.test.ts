import assert from 'node:assert/strict';
import { cpuBetween, fromPsLine, processUsages, treeUsages } from '../../../../src/environment/machine/processUsage';

describe('what process trees use', () => {
  it('is the sum of a process and all below it', () => {
    const all = [
      { pid: 10, parent: 1, memory: 100, cpuMs: 5 },
      { pid: 11, parent: 10, memory: 20, cpuMs: 6 },
      { pid: 12, parent: 11, memory: 3, cpuMs: 7 },
      { pid: 20, parent: 1, memory: 1000, cpuMs: 8 },
    ];
    const trees = treeUsages(all, [10, 99]);
    assert.equal(trees.get(10)?.memory, 123);
    assert.equal(trees.get(99)?.memory, 0);
    const later = new Map([
      [10, 7],
      [12, 9],
      [13, 4],
    ]);
    // A process that ended counts no more, and one that began counts from its start.
    assert.equal(cpuBetween(trees.get(10)?.cpuMs ?? new Map(), later), 2 + 2 + 4);
  });

  it('is read from ps where there is no /proc', () => {
    assert.deepEqual(fromPsLine('  12   1  2048  1-02:03:04'), [
      { pid: 12, parent: 1, memory: 2048 * 1024, cpuMs: ((26 * 60 + 3) * 60 + 4) * 1000 },
    ]);
    assert.deepEqual(fromPsLine(' 12 1 10 0:01.25')[0]?.cpuMs, 1250);
    assert.deepEqual(fromPsLine('nonsense'), []);
  });

  it('is measured on this machine', async () => {
    const own = (await processUsages()).find(({ pid }) => pid === process.pid);
    assert.ok(own && own.memory > 5_000_000 && own.cpuMs > 0, JSON.stringify(own));
  });
});

import assert from 'node:assert/strict';
import { RoomWatch } from '../../../../src/orchestrator/vitals/roomWatch';

const MB = 1024 * 1024;

describe('the room that is left on a machine', () => {
  it('is reported to the user once before memory or disk is used up, and once more after it recovered', async () => {
    const said: string[] = [];
    const left = { memory: 2000, disk: 5000 };
    const watch = new RoomWatch({
      home: '/home/me/.taco',
      memoryFloorMb: 256,
      notifyUser: (text) => Promise.resolve(void said.push(text)),
      machine: {
        freeMemory: () => left.memory * MB,
        totalMemory: () => 8000 * MB,
        freeDisk: () => Promise.resolve(left.disk * MB),
      },
    });
    await watch.check();
    assert.deepEqual(said, []);
    Object.assign(left, { memory: 300, disk: 400 });
    await watch.check();
    await watch.check();
    assert.match(said[0] ?? '', /only 300 MB of memory left\. Below 256 MB/);
    assert.match(said[1] ?? '', /The disk of \/home\/me\/\.taco has only 400 MB left/);
    assert.equal(said.length, 2);
    left.memory = 1000;
    await watch.check();
    left.memory = 200;
    await watch.check();
    assert.equal(said.length, 3);
  });
});

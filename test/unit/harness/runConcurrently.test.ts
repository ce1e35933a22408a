import assert from 'node:assert/strict';
import { inLanes, Slots } from '../../harness/runConcurrently';

describe('lanes', () => {
  /** Runs pieces that end when they are told to. */
  function started(lanes: number, count: number) {
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const all = inLanes(
      lanes,
      Array.from({ length: count }, (_, item) => item),
      (item) => {
        begun.push(item);
        return new Promise<string>((resolve) => (ends[item] = () => resolve(`${item} done`)));
      },
    );
    const end = async (item: number) => {
      ends[item]?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { begun, end, all };
  }

  it('take the next piece when they are free, so that a long one holds up no other', async () => {
    const { begun, end, all } = started(2, 5);
    assert.deepEqual(begun, [0, 1]);
    for (const item of [1, 2, 3]) {
      await end(item);
      assert.deepEqual(begun.at(-1), item + 1);
    }
    assert.deepEqual(begun, [0, 1, 2, 3, 4]);
    await end(4);
    await end(0);
    assert.deepEqual(await all, ['0 done', '1 done', '2 done', '3 done', '4 done']);
  });

  it('begin nothing where there is nothing, and no more than there is', async () => {
    assert.deepEqual(await inLanes(2, [], () => Promise.reject(new Error('begun'))), []);
    const { begun, end, all } = started(3, 1);
    assert.deepEqual(begun, [0]);
    await end(0);
    assert.deepEqual(await all, ['0 done']);
  });

  it('begin nothing more when a piece throws', async () => {
    const begun: number[] = [];
    const failing = inLanes(2, [0, 1, 2, 3], async (item) => {
      begun.push(item);
      await new Promise((resolve) => setImmediate(resolve));
      if (item === 0) throw new Error('meant');
    });
    await assert.rejects(failing, /meant/);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(begun, [0, 1]);
  });
});

describe('the places of all suites', () => {
  it('are given to the work that waited longest, also after work that failed', async () => {
    const slots = new Slots(2);
    const begun: number[] = [];
    const ends: ((error?: Error) => void)[] = [];
    const works = [0, 1, 2, 3, 4].map((item) =>
      slots.run(() => {
        begun.push(item);
        return new Promise<void>((resolve, reject) => (ends[item] = (error) => (error ? reject(error) : resolve())));
      }),
    );
    assert.deepEqual(begun, [0, 1]);
    ends[1]?.(new Error('meant'));
    await assert.rejects(works[1] ?? Promise.resolve(), /meant/);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(begun, [0, 1, 2]);
    for (const item of [0, 2, 3, 4]) {
      ends[item]?.();
      await works[item];
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual(begun, [0, 1, 2, 3, 4]);
  });
});

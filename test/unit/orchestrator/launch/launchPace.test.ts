import assert from 'node:assert/strict';
import { LaunchPace } from '../../../../src/orchestrator/launch/launchPace';

/** A clock that only the test advances. */
class ManualClock {
  private time = 0;
  private readonly sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  now = (): number => this.time;
  sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((wake) => {
      this.sleepers.push({ until: this.time + ms, wake });
      signal?.addEventListener('abort', () => wake());
    });
  async pass(ms: number): Promise<void> {
    this.time += ms;
    for (const { until, wake } of this.sleepers) if (until <= this.time) wake();
    await settled();
  }
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the pace of launches', () => {
  let clock: ManualClock;
  let pace: LaunchPace;
  let begun: number[];
  const ask = (...windows: number[]): void => {
    for (const window of windows) void pace.turn(window).then(() => begun.push(window));
  };

  beforeEach(() => {
    clock = new ManualClock();
    pace = new LaunchPace(clock, 2);
    begun = [];
  });

  it('starts the maximum at once, and the next ones in order as earlier ones come up', async () => {
    ask(2, 3, 4, 5);
    await settled();
    assert.deepEqual(begun, [2, 3]);
    pace.cameUp(3);
    await settled();
    assert.deepEqual(begun, [2, 3, 4]);
    pace.cameUp(3);
    pace.cameUp(9);
    await settled();
    assert.deepEqual(begun, [2, 3, 4], 'one that came up before frees no second place');
    pace.cameUp(2);
    await settled();
    assert.deepEqual(begun, [2, 3, 4, 5]);
  });

  it('does not wait forever for an agent that never comes up', async () => {
    ask(2, 3, 4);
    await clock.pass(9_999);
    assert.deepEqual(begun, [2, 3]);
    await clock.pass(1);
    assert.deepEqual(begun, [2, 3, 4]);
  });

  it('gives a relaunched agent its own slot again, and not a second one', async () => {
    ask(2, 3);
    await settled();
    ask(2);
    await settled();
    assert.deepEqual(begun, [2, 3, 2]);
    ask(4);
    await settled();
    assert.equal(begun.length, 3);
  });

  describe('of a CLI whose first start is alone', () => {
    const askAlone = (...windows: number[]): void => {
      for (const window of windows) void pace.turn(window, 'opencode').then(() => begun.push(window));
    };

    it('starts the second one only after the first has drawn its screen, and then as many as any other', async () => {
      askAlone(2, 3, 4, 5);
      await settled();
      pace.cameUp(2);
      await settled();
      assert.deepEqual(begun, [2], 'a report of its hooks is no screen');
      pace.drew(2);
      await settled();
      assert.deepEqual(begun, [2, 3, 4]);
      pace.cameUp(4);
      await settled();
      assert.deepEqual(begun, [2, 3, 4, 5]);
    });

    it('starts another CLI beside it', async () => {
      askAlone(2);
      ask(3);
      await settled();
      assert.deepEqual(begun, [2, 3]);
    });

    it('starts the next one alone when the first ended or never drew its screen', async () => {
      askAlone(2, 3, 4, 5);
      await settled();
      pace.ended(2);
      await settled();
      assert.deepEqual(begun, [2, 3]);
      await clock.pass(59_999);
      assert.deepEqual(begun, [2, 3]);
      await clock.pass(1);
      assert.deepEqual(begun, [2, 3, 4]);
    });

    it('counts each installation by itself', async () => {
      askAlone(2);
      void pace.turn(3, 'kilo').then(() => begun.push(3));
      await settled();
      assert.deepEqual(begun, [2, 3]);
    });
  });

  it('reports that it is full', async () => {
    assert.equal(pace.isFull, false);
    ask(2, 3);
    await settled();
    assert.equal(pace.isFull, true);
  });
});

import assert from 'node:assert/strict';
import type { Clock } from '../../../../src/core/base/clock';
import { Throttle } from '../../../../src/core/base/throttle';

const EVERY = 100;

/** A clock that advances only when the test does so. */
class HandClock implements Clock {
  private at = 1_000_000;
  private sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.at;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((wake) => {
      this.sleepers.push({ until: this.at + ms, wake });
      signal?.addEventListener('abort', () => wake());
    });
  }

  async pass(ms: number): Promise<void> {
    this.at += ms;
    const due = this.sleepers.filter(({ until }) => until <= this.at);
    this.sleepers = this.sleepers.filter(({ until }) => until > this.at);
    for (const { wake } of due) wake();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('Throttle', () => {
  let clock: HandClock;
  let done: number[];
  let pace: Throttle;
  beforeEach(() => {
    clock = new HandClock();
    done = [];
    const begun = clock.now();
    pace = new Throttle(
      clock,
      () => EVERY,
      () => done.push(clock.now() - begun),
    );
  });

  it('runs the work at once after a quiet time', async () => {
    pace.ask();
    await clock.pass(EVERY);
    pace.ask();
    assert.deepEqual(done, [0, EVERY]);
  });

  it('runs repeated requests at its interval, the last one included', async () => {
    for (let ms = 0; ms < 250; ms += 10) {
      pace.ask();
      await clock.pass(10);
    }
    await clock.pass(EVERY);
    await clock.pass(EVERY);
    assert.deepEqual(done, [0, 100, 200, 350]);
  });

  it('does not run without a request', async () => {
    pace.ask();
    await clock.pass(10 * EVERY);
    assert.deepEqual(done, [0]);
  });

  it('does not wait for a clock that was set back', async () => {
    pace.ask();
    await clock.pass(-60_000);
    pace.ask();
    assert.equal(done.length, 2);
  });

  it('runs nothing after disposal', async () => {
    pace.ask();
    pace.ask();
    pace.dispose();
    await clock.pass(EVERY);
    pace.ask();
    assert.deepEqual(done, [0]);
  });
});

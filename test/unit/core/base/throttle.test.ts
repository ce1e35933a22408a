import assert from 'node:assert/strict';
import { Throttle } from '../../../../src/core/base/throttle';
import type { Clock } from '../../../../src/core/team/ports';

const EVERY = 100;

/** Time passes when the test says so. */
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

describe('A pace', () => {
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

  it('does at once what is asked for after a quiet time', async () => {
    pace.ask();
    await clock.pass(EVERY);
    pace.ask();
    assert.deepEqual(done, [0, EVERY]);
  });

  it('does what is asked for again and again at its interval, and the last of it too', async () => {
    for (let ms = 0; ms < 250; ms += 10) {
      pace.ask();
      await clock.pass(10);
    }
    await clock.pass(EVERY);
    await clock.pass(EVERY);
    assert.deepEqual(done, [0, 100, 200, 350]);
  });

  it('does nothing that nobody asked for', async () => {
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

  it('does nothing more once it is disposed of', async () => {
    pace.ask();
    pace.ask();
    pace.dispose();
    await clock.pass(EVERY);
    pace.ask();
    assert.deepEqual(done, [0]);
  });
});

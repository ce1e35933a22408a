import assert from 'node:assert/strict';
import { FrameScheduler } from '../../../../src/webview/monitor/frameScheduler';

describe('Drawing that may wait', () => {
  let time: number;
  let pending: (() => void)[];
  let drawn: string[];
  let frames: FrameScheduler;
  /** Draws for so long, milliseconds. */
  const draw = (name: string, ms: number) => (): void => {
    time += ms;
    drawn.push(name);
  };
  const frame = (): readonly string[] => {
    const runs = pending;
    pending = [];
    drawn = [];
    for (const run of runs) run();
    return drawn;
  };
  beforeEach(() => {
    time = 0;
    pending = [];
    drawn = [];
    frames = new FrameScheduler(
      (run) => void pending.push(run),
      () => time,
    );
  });

  it('is done in the next frame, in its order, as far as it fits; the rest in the frames after', () => {
    for (const name of ['a', 'b', 'c', 'd']) frames.put({}, draw(name, 3));
    assert.deepEqual([drawn, frame(), frame(), frame()], [[], ['a', 'b'], ['c', 'd'], []]);
  });

  it('is done even if it takes longer than a frame has', () => {
    frames.put({}, draw('long', 100));
    frames.put({}, draw('next', 1));
    assert.deepEqual([frame(), frame()], [['long'], ['next']]);
  });

  it('of one thing is done once, as it was asked for last', () => {
    const thing = {};
    frames.put(thing, draw('old', 1));
    frames.put({}, draw('other', 1));
    frames.put(thing, draw('new', 1));
    assert.deepEqual([frame(), frame()], [['new', 'other'], []]);
  });

  it('asks for no frame when there is nothing to do, and for one when there is again', () => {
    frames.put({}, draw('a', 1));
    frame();
    assert.equal(pending.length, 0);
    frames.put({}, draw('b', 1));
    assert.deepEqual([pending.length, frame()], [1, ['b']]);
  });
});

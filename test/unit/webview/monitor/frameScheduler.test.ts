import assert from 'node:assert/strict';
import { FrameScheduler } from '../../../../src/webview/monitor/frameScheduler';

describe('FrameScheduler', () => {
  let time: number;
  let pending: (() => void)[];
  let drawn: string[];
  let frames: FrameScheduler;
  /** Returns a drawing that takes `ms` milliseconds. */
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

  it('draws in order in the next frame as much as fits, and the rest in later frames', () => {
    for (const name of ['a', 'b', 'c', 'd']) frames.put({}, draw(name, 3));
    assert.deepEqual([drawn, frame(), frame(), frame()], [[], ['a', 'b'], ['c', 'd'], []]);
  });

  it('draws even if one drawing takes longer than a frame', () => {
    frames.put({}, draw('long', 100));
    frames.put({}, draw('next', 1));
    assert.deepEqual([frame(), frame()], [['long'], ['next']]);
  });

  it('draws one object once, with its latest drawing', () => {
    const thing = {};
    frames.put(thing, draw('old', 1));
    frames.put({}, draw('other', 1));
    frames.put(thing, draw('new', 1));
    assert.deepEqual([frame(), frame()], [['new', 'other'], []]);
  });

  it('requests a frame only while drawings wait', () => {
    frames.put({}, draw('a', 1));
    frame();
    assert.equal(pending.length, 0);
    frames.put({}, draw('b', 1));
    assert.deepEqual([pending.length, frame()], [1, ['b']]);
  });
});

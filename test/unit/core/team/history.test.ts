import assert from 'node:assert/strict';
import type { AgentState, MessageState } from '../../../../src/core/models';
import {
  HistoryLog,
  quantile,
  seriesOf,
  timelineOf,
  type AgentStep,
  type FinishedMessage,
} from '../../../../src/core/team/history';

const NOW = 1_000_000;
const STEP = 1000;
const end = (enqueuedAt: number, at: number, state: MessageState = 'received'): FinishedMessage => ({
  id: `cmd_${enqueuedAt}`,
  state,
  sender: 'USER',
  target: 's:2',
  enqueuedAt,
  at,
});
const series = (
  finished: readonly FinishedMessage[],
  open: readonly number[] = [],
  now = NOW,
  count = 5,
): ReturnType<typeof seriesOf> =>
  seriesOf(
    finished,
    open.map((enqueuedAt) => ({ enqueuedAt })),
    now,
    STEP,
    count,
  );

describe('The curves of a session', () => {
  it('begin at whole multiples of their stretch, so that they do not change their shape as time goes on', () => {
    assert.deepEqual(series([], [], NOW + 1).at, series([], [], NOW + 999).at);
    assert.deepEqual(series([]).at, [996_000, 997_000, 998_000, 999_000, 1_000_000]);
  });

  it('count what ended well, as messages a minute; what died or was dropped is not throughput', () => {
    const finished = [
      end(996_000, 996_100),
      end(996_000, 996_999, 'delivered'),
      end(996_000, 996_500, 'dead'),
      end(996_000, 996_500, 'dropped'),
    ];
    assert.deepEqual(series(finished).received, [120, 0, 0, 0, 0]);
  });

  it('do not let a stretch that has just begun look like a rush', () => {
    const [, , , , last] = series([end(999_900, NOW)], [], NOW + 10).received;
    assert.equal(last, 60);
  });

  it('leave the latency out where nothing was received, instead of calling it zero', () => {
    const { p50, p95 } = series([end(996_000, 996_300), end(996_000, 996_400), end(994_000, 996_900)]);
    assert.deepEqual([p50[0], p95[0]], [400, 2900]);
    assert.deepEqual(p50.slice(1), [null, null, null, null]);
  });

  it('show the most that were on their way at once, also for less than a stretch', () => {
    const finished = [end(996_100, 996_300), end(996_200, 996_400), end(996_400, 998_500)];
    assert.deepEqual(series(finished, [999_500]).depth, [2, 1, 1, 1, 1]);
  });

  it('count a message that has waited since before the curve began', () => {
    assert.deepEqual(series([end(1, 997_500)], [2]).depth, [2, 2, 1, 1, 1]);
  });

  it('never call a clock that went back a negative latency', () => {
    assert.equal(series([end(999_000, 998_000)]).p50[2], 0);
  });

  it('have no quantile of nothing', () => {
    assert.equal(quantile([], 0.5), null);
    assert.equal(quantile([7], 0.99), 7);
  });

  it('keep the newest of ten thousand and more', () => {
    const log = new HistoryLog();
    log.add({ finished: Array.from({ length: 9000 }, (_, index) => end(index, index)), steps: [] });
    log.add({ finished: Array.from({ length: 2000 }, (_, index) => end(9000 + index, 9000 + index)), steps: [] });
    assert.deepEqual([log.finished.length, log.finished[0]?.at, log.finished.at(-1)?.at], [10_000, 1000, 10_999]);
  });
});

describe('The time line of an agent', () => {
  const step = (status: AgentState, at: number): AgentStep => ({ window: 2, status, at });
  const line = (steps: readonly AgentStep[], status: AgentState = 'idle', since = 0): string =>
    timelineOf(steps, { status, since }, NOW, STEP, 6);

  it('is one letter a stretch, unknown before the first step', () => {
    assert.equal(line([step('starting', 997_000), step('idle', 998_000), step('busy', 1_000_000)]), '..ssib');
  });

  it('shows in a stretch the state that concerns a person most, however short it was', () => {
    assert.equal(
      line([step('idle', 1), step('needs-input', 998_200), step('busy', 998_210), step('idle', 999_000)]),
      'iiinbi',
    );
  });

  it('goes on in the state of long ago', () => {
    assert.equal(line([step('busy', 5)]), 'bbbbbb');
  });

  it('of an agent whose steps are not kept begins with what is known of it now', () => {
    assert.equal(line([], 'failed', 998_500), '...fff');
    assert.equal(line([]), '......');
  });
});

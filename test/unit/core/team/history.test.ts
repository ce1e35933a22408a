import assert from 'node:assert/strict';
import type { AgentState } from '../../../../src/core/agents/agentState';
import type { MessageState } from '../../../../src/core/messages/messageState';
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

describe('seriesOf', () => {
  it('begins intervals at whole multiples of their length, so that charts keep their shape', () => {
    assert.deepEqual(series([], [], NOW + 1).at, series([], [], NOW + 999).at);
    assert.deepEqual(series([]).at, [996_000, 997_000, 998_000, 999_000, 1_000_000]);
  });

  it('counts successful messages per minute, without dead and dropped ones', () => {
    const finished = [
      end(996_000, 996_100),
      end(996_000, 996_999, 'delivered'),
      end(996_000, 996_500, 'dead'),
      end(996_000, 996_500, 'dropped'),
    ];
    assert.deepEqual(series(finished).received, [120, 0, 0, 0, 0]);
  });

  it('does not exaggerate an interval that has just begun', () => {
    const [, , , , last] = series([end(999_900, NOW)], [], NOW + 10).received;
    assert.equal(last, 60);
  });

  it('returns no latency where nothing was received', () => {
    const { p50, p95 } = series([end(996_000, 996_300), end(996_000, 996_400), end(994_000, 996_900)]);
    assert.deepEqual([p50[0], p95[0]], [400, 2900]);
    assert.deepEqual(p50.slice(1), [null, null, null, null]);
  });

  it('returns the maximum in flight, also for less than an interval', () => {
    const finished = [end(996_100, 996_300), end(996_200, 996_400), end(996_400, 998_500)];
    assert.deepEqual(series(finished, [999_500]).depth, [2, 1, 1, 1, 1]);
  });

  it('counts a message queued before the first interval', () => {
    assert.deepEqual(series([end(1, 997_500)], [2]).depth, [2, 2, 1, 1, 1]);
  });

  it('returns no negative latency when the clock was set back', () => {
    assert.equal(series([end(999_000, 998_000)]).p50[2], 0);
  });

  it('returns no quantile of an empty list', () => {
    assert.equal(quantile([], 0.5), null);
    assert.equal(quantile([7], 0.99), 7);
  });

  it('keeps the newest 10,000 finished messages', () => {
    const log = new HistoryLog();
    log.add({ finished: Array.from({ length: 9000 }, (_, index) => end(index, index)), steps: [] });
    log.add({ finished: Array.from({ length: 2000 }, (_, index) => end(9000 + index, 9000 + index)), steps: [] });
    assert.deepEqual([log.finished.length, log.finished[0]?.at, log.finished.at(-1)?.at], [10_000, 1000, 10_999]);
  });
});

describe('timelineOf', () => {
  const step = (status: AgentState, at: number): AgentStep => ({ window: 2, status, at });
  const line = (steps: readonly AgentStep[], status: AgentState = 'idle', since = 0): string =>
    timelineOf(steps, { status, since }, NOW, STEP, 6);

  it('returns one letter per interval, unknown before the first step', () => {
    assert.equal(line([step('starting', 997_000), step('idle', 998_000), step('busy', 1_000_000)]), '..ssib');
  });

  it('shows the most important state of an interval, however short it was', () => {
    assert.equal(
      line([step('idle', 1), step('needs-input', 998_200), step('busy', 998_210), step('idle', 999_000)]),
      'iiinbi',
    );
  });

  it('continues the state from before the first interval', () => {
    assert.equal(line([step('busy', 5)]), 'bbbbbb');
  });

  it('begins with the present state of an agent without stored steps', () => {
    assert.equal(line([], 'failed', 998_500), '...fff');
    assert.equal(line([]), '......');
  });
});

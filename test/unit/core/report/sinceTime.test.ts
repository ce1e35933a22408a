import * as assert from 'node:assert/strict';
import { sinceTime } from '../../../../src/core/report/sinceTime';

const at = (text: string): number => new Date(text).getTime();
const NOW = at('2026-11-30T07:30:00');

describe('the start of a report', () => {
  it('is the last time at which clocks showed a time of day', () => {
    assert.equal(sinceTime('22:00', NOW), at('2026-11-29T22:00:00'));
    assert.equal(sinceTime('07:30', NOW), NOW);
    assert.equal(sinceTime('7:00', NOW), at('2026-11-30T07:00:00'));
  });

  it('is a duration before now, or a date', () => {
    assert.equal(sinceTime('8h', NOW), NOW - 8 * 3_600_000);
    assert.equal(sinceTime('90m', NOW), NOW - 90 * 60_000);
    assert.equal(sinceTime('2d', NOW), NOW - 48 * 3_600_000);
    assert.equal(sinceTime('2026-11-29', NOW), at('2026-11-29T00:00:00'));
    assert.equal(sinceTime('2026-11-29T22:00', NOW), at('2026-11-29T22:00:00'));
  });

  it('is refused when it is no time, or in the future', () => {
    for (const text of ['', 'yesterday', '25:00', '12:60', '8 hours ago', '2026-12-24', '2026-13-40', '-3h'])
      assert.equal(sinceTime(text, NOW), null, text);
  });
});

import assert from 'node:assert/strict';
import { NO_USAGE } from '../../../../src/core/agents/usage';
import { spendingText } from '../../../../src/core/vitals/formatVitals';
import { Trend } from '../../../../src/core/vitals/trend';

const HOUR = 60 * 60_000;
const AT = new Date(2025, 0, 9, 1, 10).getTime();
const spent = (cost: number, budget: string, costPerHour: number): Parameters<typeof spendingText>[0] => ({
  at: AT,
  session: { budget },
  usage: { ...NO_USAGE, cost },
  agents: [{ vitals: { window: 2, memory: 1, cpu: 0, costPerHour } }, {}],
});

describe('the end of a budget', () => {
  it('is foretold at the rate of the last half hour', () => {
    assert.equal(spendingText(spent(1, '5', 2)), '$2.00 per hour; at this rate the budget ends at 03:10');
  });

  it('is not foretold without a budget, without spending, or when it is days away', () => {
    assert.deepEqual(
      [spent(1, '0', 2), spent(1, '5', 0), spent(1, '500', 2), spent(6, '5', 2)].map((input) => spendingText(input)),
      ['$2.00 per hour', '', '$2.00 per hour', '$2.00 per hour'],
    );
  });

  it('needs a rate that was seen for some time, and forgets what is older than its span', () => {
    const trend = new Trend(2 * 60_000, HOUR / 2);
    trend.add(0, 10);
    assert.equal(trend.perHour(60_000, 11), undefined);
    for (let minute = 1; minute <= 60; minute++) trend.add(minute * 60_000, 10 + minute);
    assert.equal(trend.perHour(HOUR, 70), 60);
  });
});

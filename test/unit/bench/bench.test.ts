import assert from 'node:assert/strict';
import { drawCurve } from '../../bench/draw';
import { goal, isMet } from '../../bench/figure';
import { costsOf } from '../../bench/figures/profile';
import { interleaved, statsOf } from '../../bench/stats';

describe('the measurements', () => {
  it('take percentiles by nearest rank and refuse to make something of nothing', () => {
    const { p50, p99, min, max, n } = statsOf(Array.from({ length: 200 }, (_, i) => 200 - i));
    assert.deepEqual({ p50, p99, min, max, n }, { p50: 100, p99: 198, min: 1, max: 200, n: 200 });
    assert.equal(statsOf([3]).p99, 3);
    assert.throws(() => statsOf([]), /nothing was measured/);
  });

  it('let the floor and ours go first in turn, and keep each in its own list', async () => {
    const order: string[] = [];
    const { floor, ours } = await interleaved(4, 1, (i) => (order.push('f'), i), (i) => (order.push('o'), 100 + i));
    assert.equal(order.join(''), 'fooffooffo');
    assert.deepEqual([floor.min, floor.max, floor.n, ours.min, ours.max], [1, 4, 4, 101, 104]);
  });

  it('hold a value that is the limit itself to have met it, in either direction', () => {
    assert.deepEqual([isMet(goal('a', 2, 'at most', 2, '×')), isMet(goal('a', 2.1, 'at most', 2, '×')), isMet(goal('a', 90, 'at least', 90, '%')), isMet(goal('a', 89, 'at least', 90, '%'))], [true, false, true, false]);
  });

  it('count only the time in which the engine was not idle', () => {
    const frame = (functionName: string) => ({ functionName, url: '' });
    const nodes = [{ id: 1, callFrame: frame('(idle)') }, { id: 2, callFrame: frame('read') }, { id: 3, callFrame: frame('write') }];
    assert.deepEqual(costsOf({ nodes, samples: [1, 2, 3, 2], timeDeltas: [1000, 10, 60, 30] }), [{ name: 'write', share: 60 }, { name: 'read', share: 40 }]);
  });

  it('draw a curve without what a logarithm cannot show, and with its words escaped', () => {
    const svg = drawCurve({ file: 'x.svg', title: 'a < b', x: 'agents', y: 'ms', series: [{ name: 'one', points: [[1, 0], [10, 5], [100, 50]] }] });
    assert.match(svg, /a &lt; b/);
    assert.equal(/points="([^"]*)"/.exec(svg)?.[1]?.split(' ').length, 2);
    assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
  });
});

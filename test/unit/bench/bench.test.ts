import assert from 'node:assert/strict';
import { measured } from '../../bench/docs';
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
    const { floor, ours } = await interleaved(
      4,
      1,
      (i) => (order.push('f'), i),
      (i) => (order.push('o'), 100 + i),
    );
    assert.equal(order.join(''), 'fooffooffo');
    assert.deepEqual([floor.min, floor.max, floor.n, ours.min, ours.max], [1, 4, 4, 101, 104]);
  });

  it('hold a value that is the limit itself to have met it, in either direction', () => {
    assert.deepEqual(
      [
        isMet(goal('a', 2, 'at most', 2, '×')),
        isMet(goal('a', 2.1, 'at most', 2, '×')),
        isMet(goal('a', 90, 'at least', 90, '%')),
        isMet(goal('a', 89, 'at least', 90, '%')),
      ],
      [true, false, true, false],
    );
  });

  it('count only the time in which the engine was not idle', () => {
    const frame = (functionName: string) => ({ functionName, url: '' });
    const nodes = [
      { id: 1, callFrame: frame('(idle)') },
      { id: 2, callFrame: frame('read') },
      { id: 3, callFrame: frame('write') },
    ];
    assert.deepEqual(costsOf({ nodes, samples: [1, 2, 3, 2], timeDeltas: [1000, 10, 60, 30] }), [
      { name: 'write', share: 60 },
      { name: 'read', share: 40 },
    ]);
  });

  it('draw a curve without what a logarithm cannot show, and with its words escaped', () => {
    const svg = drawCurve({
      file: 'x.svg',
      title: 'a < b',
      x: 'agents',
      y: 'ms',
      series: [
        {
          name: 'one',
          points: [
            [1, 0],
            [10, 5],
            [100, 50],
          ],
        },
      ],
    });
    assert.match(svg, /a &lt; b/);
    assert.equal(/points="([^"]*)"/.exec(svg)?.[1]?.split(' ').length, 2);
    assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
  });

  it('write into the docs what was measured, and leave what was not', () => {
    const before =
      '\nMeasured on a machine.\n\n| head |\n|---|\n| `taco send`, whole process `send` | 1 ms | – | – | 1 | 2026-01-01 |\n| Idle `idle` | 2 ms | – | – | 1 | 2026-01-01 |\n\n![Old](performance/a.svg)\n![Kept](performance/b.svg)\n';
    const figure = {
      name: 'send',
      title: '`taco send`, whole process',
      floor: 'nothing',
      runs: 3,
      measured: '5 ms',
      goals: [goal('p50', 5, 'at most', 4, 'ms')],
      data: null,
    };
    const text = measured(
      before,
      { at: '2026-02-02T00:00:00.000Z', machine: 'another', figures: [figure] },
      ['![New](performance/a.svg)'],
      ['parse', 'send', 'idle'],
    );
    assert.deepEqual(
      text
        .split('\n')
        .filter((line) => /^[|!]/.test(line))
        .slice(2),
      [
        '| `taco send`, whole process `send` | 5 ms | nothing | ✖ p50 5 ms (at most 4) | 3 | 2026-02-02 |',
        '| Idle `idle` | 2 ms | – | – | 1 | 2026-01-01 |',
        '![Kept](performance/b.svg)',
        '![New](performance/a.svg)',
      ],
    );
  });
});

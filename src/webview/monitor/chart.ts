import * as l10n from '@vscode/l10n';
import uPlot from 'uplot';
import { timeOfDay } from '../../core/base/duration';
import { h, setText } from '../shared/dom';
import { onThemeChange, themeColor } from '../shared/theme';

const HEIGHT = 118;

interface Curve {
  readonly label: string;
  readonly color: string;
  readonly bars?: boolean;
  readonly steps?: boolean;
  /** Pixels of line and gap; distinguishes the curve without colour. */
  readonly dash?: readonly [number, number];
}

export interface ChartOptions {
  readonly title: string;
  readonly curves: readonly Curve[];
  /** Formats a value for users: `42 a minute`. */
  readonly say: (value: number) => string;
  /** Formats a value on the axis. */
  readonly mark: (value: number) => string;
  /** Text while no point is selected; absent: the last point with a value. */
  readonly summary?: (values: readonly (readonly (number | null)[])[], stretchMs: number) => string;
  /** Minimum end of the axis, so that small values do not look large. */
  readonly least: number;
}

export interface Chart {
  readonly element: HTMLElement;
  /** `at`: starts of the intervals, milliseconds; one list of values per curve. */
  show(at: readonly number[], values: readonly (readonly (number | null)[])[]): void;
}

/** Creates a small time chart. The arrow keys read it point by point, like the pointer. */
export function chart({ title, curves, say, mark, least, summary }: ChartOptions): Chart {
  const reading = h('span', { class: 'reading' });
  const plot = h('div', {
    class: 'plot',
    tabindex: 0,
    role: 'slider',
    'aria-label': title,
    'aria-orientation': 'horizontal',
    'aria-valuemin': 0,
    'aria-valuemax': 0,
    'aria-valuenow': 0,
  });
  const keys =
    curves.length > 1 &&
    h(
      'p',
      { class: 'curve-keys' },
      ...curves.flatMap(({ label, dash }) => [h('span', { class: dash ? 'curve-key dashed' : 'curve-key' }), label]),
    );
  const element = h('figure', {}, h('figcaption', {}, h('h3', {}, title), reading), plot, keys);
  let at: readonly number[] = [];
  let values: readonly (readonly (number | null)[])[] = [];
  let picked: number | null = null;
  let u: uPlot | null = null;

  const stretch = (): number => (at[1] ?? 0) - (at[0] ?? 0);
  const describe = (index: number): string =>
    curves
      .map(({ label }, which) => {
        const value = values[which]?.[index] ?? null;
        const said = value === null ? l10n.t('none') : say(value);
        return curves.length > 1 ? `${label} ${said}` : said;
      })
      .join(', ');
  const read = (): void => {
    const index = picked ?? Math.max(0, values[0]?.findLastIndex((value) => value !== null) ?? 0);
    setText(
      reading,
      at.length === 0
        ? ''
        : picked === null
          ? (summary?.(values, stretch()) ?? describe(index))
          : `${timeOfDay(at[index] ?? 0)}: ${describe(index)}`,
    );
    plot.setAttribute('aria-valuemax', String(Math.max(0, at.length - 1)));
    plot.setAttribute('aria-valuenow', String(Math.max(0, index)));
    plot.setAttribute(
      'aria-valuetext',
      at.length === 0 ? l10n.t('nothing yet') : `${timeOfDay(at[index] ?? 0)}: ${describe(index)}`,
    );
  };
  const moveTo = (index: number | null): void => {
    picked = index === null || at.length === 0 ? null : Math.min(at.length - 1, Math.max(0, index));
    u?.setCursor(
      picked === null ? { left: -10, top: -10 } : { left: u.valToPos((at[picked] ?? 0) / 1000, 'x'), top: 10 },
      false,
    );
    read();
  };
  plot.addEventListener('keydown', (event) => {
    const here = picked ?? at.length - 1;
    const to = {
      ArrowLeft: here - 1,
      ArrowDown: here - 1,
      ArrowRight: here + 1,
      ArrowUp: here + 1,
      Home: 0,
      End: at.length - 1,
      PageUp: here + 10,
      PageDown: here - 10,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    moveTo(to);
  });
  plot.addEventListener('blur', () => moveTo(null));

  const make = (): uPlot =>
    new uPlot(
      {
        width: Math.max(120, plot.clientWidth),
        height: HEIGHT,
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
        // The last interval is as wide as the others.
        scales: {
          x: { range: (_, min, max) => [min, max + stretch() / 1000] },
          y: { range: (_, __, max) => [0, Math.max(least, (max ?? 0) * 1.1)] },
        },
        series: [{}, ...curves.map((curve) => seriesOf(curve))],
        axes: [
          axis({
            space: 60,
            size: 24,
            values: (_, marks) => marks.map((value) => timeOfDay(value * 1000).slice(0, 5)),
            incrs: [60, 120, 300, 600, 900, 1800, 3600],
          }),
          axis({ space: 34, size: 44, values: (_, marks) => marks.map((value) => mark(value)) }),
        ],
        hooks: {
          setCursor: [
            (self: uPlot) => {
              const index = self.cursor.left !== undefined && self.cursor.left >= 0 ? (self.cursor.idx ?? null) : null;
              picked = index;
              read();
            },
          ],
        },
      },
      data(),
      plot,
    );
  const data = (): uPlot.AlignedData => [at.map((time) => time / 1000), ...values.map((list) => [...list])];

  new ResizeObserver(() => {
    if (u && plot.clientWidth > 0 && plot.clientWidth !== u.width)
      u.setSize({ width: plot.clientWidth, height: HEIGHT });
  }).observe(plot);
  onThemeChange(() => u?.redraw());
  return {
    element,
    show: (times, lists) => {
      at = times;
      values = lists;
      if (u) u.setData(data());
      else if (plot.clientWidth > 0) u = make();
      if (document.activeElement !== plot && !plot.matches(':hover')) picked = null;
      read();
    },
  };
}

function seriesOf({ label, color, bars, steps, dash }: Curve): uPlot.Series {
  const stroke = (): string => themeColor(color, 'foreground');
  const paths = bars
    ? uPlot.paths.bars?.({ size: [0.8, 12], align: 1 })
    : steps
      ? uPlot.paths.stepped?.({ align: 1 })
      : undefined;
  return {
    label,
    stroke,
    width: 1.5,
    points: { show: !bars && !steps, size: 4, width: 1, fill: stroke },
    ...(bars || steps ? { fill: stroke } : {}),
    ...(dash ? { dash: [...dash] } : {}),
    ...(paths ? { paths } : {}),
    spanGaps: !bars && !steps,
  };
}

function axis(more: uPlot.Axis): uPlot.Axis {
  const faint = (): string => themeColor('panel-border', 'descriptionForeground');
  return {
    stroke: () => themeColor('descriptionForeground', 'foreground'),
    grid: { stroke: faint, width: 1, dash: [2, 4] },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
    ...more,
  };
}

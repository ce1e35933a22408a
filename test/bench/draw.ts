import { number, type Curve } from './figure';

const WIDTH = 560;
const HEIGHT = 300;
const LEFT = 62;
const RIGHT = 110;
const TOP = 34;
const BOTTOM = 44;
const COLOURS = ['#0969da', '#8b949e', '#bc4c00', '#1a7f37', '#8250df'];

/** Draws a curve as SVG with both axes logarithmic: a straight line at 45° means proportional growth. Omits zeroes. */
export function drawCurve({ title, x, y, series }: Curve): string {
  const points = series.flatMap((one) => one.points).filter(([, value]) => value > 0);
  const xs = points.map(([value]) => Math.log10(value));
  const ys = points.map(([, value]) => Math.log10(value));
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.floor(Math.min(...ys)), Math.ceil(Math.max(...ys))];
  const px = (value: number): number => LEFT + ((Math.log10(value) - x0) / (x1 - x0 || 1)) * (WIDTH - LEFT - RIGHT);
  const py = (value: number): number =>
    HEIGHT - BOTTOM - ((Math.log10(value) - y0) / (y1 - y0 || 1)) * (HEIGHT - TOP - BOTTOM);
  const ticks = [...new Set(points.map(([value]) => value))].sort((a, b) => a - b);
  const decades = Array.from({ length: y1 - y0 + 1 }, (_, i) => 10 ** (y0 + i));
  let lowest = Number.NEGATIVE_INFINITY;
  // Names at the ends of the lines, moved apart where they would overlap.
  const ends = series
    .flatMap(({ name, points: own }, i) => {
      const last = own.filter(([, value]) => value > 0).at(-1);
      return last ? [{ name, i, at: py(last[1]), value: last[1] }] : [];
    })
    .sort((a, b) => a.at - b.at)
    .map((end) => ({ ...end, at: (lowest = Math.max(end.at, lowest + 14)) }));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="11">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="18" font-size="13" fill="#1f2328">${escape(title)}, ${escape(y)}</text>`,
    ...decades.map(
      (value) =>
        `<path d="M${LEFT} ${py(value).toFixed(1)}H${WIDTH - RIGHT}" stroke="#d8dee4"/><text x="${LEFT - 6}" y="${(py(value) + 4).toFixed(1)}" text-anchor="end" fill="#59636e">${number(value)}</text>`,
    ),
    ...ticks.map(
      (value) =>
        `<text x="${px(value).toFixed(1)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle" fill="#59636e">${number(value)}</text>`,
    ),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle" fill="#59636e">${escape(x)}</text>`,
    ...series.map(({ points: own }, i) => {
      const line = own
        .filter(([, value]) => value > 0)
        .map(([a, b]) => `${px(a).toFixed(1)},${py(b).toFixed(1)}`)
        .join(' ');
      return `<polyline points="${line}" fill="none" stroke="${COLOURS[i % COLOURS.length] ?? ''}" stroke-width="2"/>`;
    }),
    ...ends.map(
      ({ name, i, at, value }) =>
        `<text x="${WIDTH - RIGHT + 6}" y="${(at + 4).toFixed(1)}" fill="${COLOURS[i % COLOURS.length] ?? ''}">${escape(name)} ${number(value)}</text>`,
    ),
    '</svg>',
    '',
  ].join('\n');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

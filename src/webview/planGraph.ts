import type { Plan } from '../core/models';
import { svg } from './dom';
import { layout } from './graphLayout';

const WIDTH = 150;
const HEIGHT = 40;
const GAP_X = 70;
const GAP_Y = 18;
const MARGIN = 8;

/** The team as a picture: solid lines for the order of launch, dashed for who waits for whom, dotted for who tells whom. */
export function planGraph(plan: Plan, marked: ReadonlySet<string>): SVGElement {
  const names = new Map(plan.agents.map((agent) => [agent.name.toLowerCase(), agent.name]));
  const known = (list: readonly string[]): string[] => list.flatMap((name) => names.get(name.toLowerCase()) ?? []);
  // Work flows to the right: also from who tells to who is told, as far as that makes no circle.
  const tellers = (name: string): string[] => plan.agents.filter((other) => known(other.notifies).includes(name)).map((other) => other.name);
  const placed = layout(plan.agents.map((agent) => ({ name: agent.name, after: [...known([...agent.depends_on, ...agent.wait_for]), ...tellers(agent.name)] })));
  const at = new Map(placed.map((node) => [node.name, { x: MARGIN + node.column * (WIDTH + GAP_X), y: MARGIN + node.row * (HEIGHT + GAP_Y) }]));
  const width = Math.max(...placed.map((node) => node.column)) * (WIDTH + GAP_X) + WIDTH + 2 * MARGIN;
  const height = Math.max(...placed.map((node) => node.row)) * (HEIGHT + GAP_Y) + HEIGHT + GAP_Y + 2 * MARGIN;

  const edge = (from: string, to: string, kind: string): SVGElement | null => {
    const [a, b] = [at.get(from), at.get(to)];
    if (!a || !b || from === to) return null;
    return svg('path', { d: a.x < b.x ? toTheRight(a, b) : back(a, b), class: `edge ${kind}`, 'marker-end': 'url(#arrow)' });
  };
  const edges = plan.agents.flatMap((agent) => [
    // Who waits for the work of another is launched after it as a rule: the stronger of the two is drawn.
    ...known(agent.depends_on).filter((name) => !known(agent.wait_for).includes(name)).map((name) => edge(name, agent.name, 'depends')),
    ...known(agent.wait_for).map((name) => edge(name, agent.name, 'waits')),
    ...known(agent.notifies).filter((name) => !isAfter(plan, name, agent.name)).map((name) => edge(agent.name, name, 'notifies')),
  ]);
  const nodes = plan.agents.map((agent) => {
    const { x, y } = at.get(agent.name) ?? { x: 0, y: 0 };
    return svg('g', { transform: `translate(${x},${y})`, class: marked.has(agent.name) ? 'node bad' : 'node' },
      svg('rect', { width: WIDTH, height: HEIGHT, rx: 4 }),
      svg('text', { x: 10, y: 17, class: 'name' }, shorten(agent.name, 19)),
      svg('text', { x: 10, y: 32, class: 'role' }, shorten(agent.role, 22)));
  });
  // The table beside it says the same in words, so a screen reader is told only what this is.
  return svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': `Graph of ${plan.agents.length} agents; the table below says the same` },
    svg('defs', {}, svg('marker', { id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto-start-reverse' }, svg('path', { d: 'M0,0 L8,4 L0,8 z', class: 'head' }))),
    ...edges, ...nodes);
}

interface Corner {
  readonly x: number;
  readonly y: number;
}

/** From the right side of one box to the left side of the next. */
function toTheRight(a: Corner, b: Corner): string {
  const [from, to, y] = [a.x + WIDTH, b.x, HEIGHT / 2];
  return `M${from},${a.y + y} C${from + GAP_X / 2},${a.y + y} ${to - GAP_X / 2},${b.y + y} ${to},${b.y + y}`;
}

/** Within a column, or to an earlier one: below both boxes, so that it hides behind none. */
function back(a: Corner, b: Corner): string {
  const [from, to, low] = [a.x + WIDTH / 2, b.x + WIDTH / 2 + 12, Math.max(a.y, b.y) + HEIGHT + GAP_Y * 1.6];
  return `M${from},${a.y + HEIGHT} C${from},${low} ${to},${low} ${to},${b.y + HEIGHT}`;
}

/** True when a line from `before` to `name` is drawn already, and a second one would only hide it. */
function isAfter(plan: Plan, name: string, before: string): boolean {
  const agent = plan.agents.find((candidate) => candidate.name === name);
  return agent !== undefined && [...agent.depends_on, ...agent.wait_for].some((other) => other.toLowerCase() === before.toLowerCase());
}

function shorten(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

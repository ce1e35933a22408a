import * as l10n from '@vscode/l10n';
import { nameKey } from '../../core/base/agentName';
import { shortened } from '../../core/base/truncate';
import type { DraftAgent } from '../../core/plan/planDraft';
import { svg } from '../shared/dom';
import { layout } from './graphLayout';

const WIDTH = 168;
const HEIGHT = 40;
const GAP_X = 70;
const GAP_Y = 18;
const MARGIN = 8;

/**
 * Draws the team as a graph: solid lines for the launch order, dashed for `wait_for`, dotted for `notifies`. Agents are
 * identified by their index, since names can be duplicate while the user edits. `onPick` serves the mouse; the table
 * offers the same to the keyboard.
 */
export function planGraph(
  agents: readonly DraftAgent[],
  marked: ReadonlySet<number>,
  onPick: (index: number) => void,
): SVGElement {
  const places = new Map([...agents.entries()].reverse().map(([index, agent]) => [nameKey(agent.name), index]));
  const known = (list: readonly string[]): number[] => list.flatMap((name) => places.get(nameKey(name)) ?? []);
  // Work flows to the right, also from a notifying to a notified agent, as far as that closes no cycle.
  const tellers = (index: number): number[] =>
    agents.flatMap((other, at) => (known(other.notifies).includes(index) ? [at] : []));
  const placed = layout(
    agents.map((agent, index) => ({
      name: `${index}`,
      after: [...known([...agent.depends_on, ...agent.wait_for]), ...tellers(index)].map(String),
    })),
  );
  const at = new Map(
    placed.map((node) => [
      Number(node.name),
      { x: MARGIN + node.column * (WIDTH + GAP_X), y: MARGIN + node.row * (HEIGHT + GAP_Y) },
    ]),
  );
  const width = Math.max(0, ...placed.map((node) => node.column)) * (WIDTH + GAP_X) + WIDTH + 2 * MARGIN;
  const height = Math.max(0, ...placed.map((node) => node.row)) * (HEIGHT + GAP_Y) + HEIGHT + GAP_Y + 2 * MARGIN;

  const edge = (from: number, to: number, kind: string): SVGElement | null => {
    const [a, b] = [at.get(from), at.get(to)];
    if (!a || !b || from === to) return null;
    return svg('path', {
      d: a.x < b.x ? toTheRight(a, b) : back(a, b),
      class: `edge ${kind}`,
      'marker-end': 'url(#arrow)',
    });
  };
  const edges = agents.flatMap((agent, index) => {
    const waits = known(agent.wait_for);
    return [
      // An agent that waits for another is normally launched after it; only the stronger relation is drawn.
      ...known(agent.depends_on)
        .filter((other) => !waits.includes(other))
        .map((other) => edge(other, index, 'depends')),
      ...waits.map((other) => edge(other, index, 'waits')),
      // A second line between the same agents would only hide the first.
      ...known(agent.notifies)
        .filter((other) => !known([...agents[other]!.depends_on, ...agents[other]!.wait_for]).includes(index))
        .map((other) => edge(index, other, 'notifies')),
    ];
  });
  const nodes = agents.map((agent, index) => {
    const { x, y } = at.get(index) ?? { x: 0, y: 0 };
    const node = svg(
      'g',
      { transform: `translate(${x},${y})`, class: marked.has(index) ? 'node bad' : 'node' },
      // Tooltip with the full text.
      svg('title', {}, `${agent.name || `#${index + 1}`}\n${agent.role}`),
      svg('rect', { width: WIDTH, height: HEIGHT, rx: 4 }),
      // A nested svg clips wide text at the box's edge.
      svg(
        'svg',
        { width: WIDTH - 6, height: HEIGHT },
        svg(
          'text',
          { x: 10, y: 17, class: 'name' },
          `${marked.has(index) ? '✕ ' : ''}${shortened(agent.name || `#${index + 1}`, marked.has(index) ? 18 : 20)}`,
        ),
        svg('text', { x: 10, y: 32, class: 'role' }, shortened(agent.role, 24)),
      ),
    );
    node.addEventListener('click', () => onPick(index));
    return node;
  });
  // The table below has the same content, so a screen reader only gets this label.
  return svg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': l10n.t('Graph of the agents; the table below has the same content'),
    },
    svg(
      'defs',
      {},
      svg(
        'marker',
        {
          id: 'arrow',
          viewBox: '0 0 8 8',
          refX: 7,
          refY: 4,
          markerWidth: 7,
          markerHeight: 7,
          orient: 'auto-start-reverse',
        },
        svg('path', { d: 'M0,0 L8,4 L0,8 z', class: 'head' }),
      ),
    ),
    ...edges,
    ...nodes,
  );
}

interface Corner {
  readonly x: number;
  readonly y: number;
}

/** Returns the path from the right side of one box to the left side of the next. */
function toTheRight(a: Corner, b: Corner): string {
  const [from, to, y] = [a.x + WIDTH, b.x, HEIGHT / 2];
  return `M${from},${a.y + y} C${from + GAP_X / 2},${a.y + y} ${to - GAP_X / 2},${b.y + y} ${to},${b.y + y}`;
}

/** Returns a path within a column or to an earlier one; it passes below both boxes, so that none hides it. */
function back(a: Corner, b: Corner): string {
  const [from, to, low] = [a.x + WIDTH / 2, b.x + WIDTH / 2 + 12, Math.max(a.y, b.y) + HEIGHT + GAP_Y * 1.6];
  return `M${from},${a.y + HEIGHT} C${from},${low} ${to},${low} ${to},${b.y + HEIGHT}`;
}

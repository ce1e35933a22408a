import * as l10n from '@vscode/l10n';
import type { HistoryPost, MonitorMessage } from '../../core/webviews/monitorProtocol';
import { h } from '../shared/dom';
import { decimal } from '../shared/l10n';
import { chart } from './chart';
import type { FrameScheduler } from './frameScheduler';
import { formatElapsed } from './hostClock';
import { RANGES, type Minutes } from './viewState';

export interface Charts {
  readonly element: HTMLElement;
  /** Time range selector for the heading. */
  readonly range: HTMLElement;
  show(post: HistoryPost): void;
}

/** Creates the charts of throughput, latency and messages in flight over the selected time range. */
export function charts(
  send: (message: MonitorMessage) => void,
  first: Minutes,
  keep: (minutes: Minutes) => void,
  frames: FrameScheduler,
): Charts {
  const rounded = (value: number): string =>
    decimal(value, value >= 10 || Number.isInteger(Math.round(value * 10) / 10) ? 0 : 1);
  const throughput = chart({
    title: l10n.t('Messages received'),
    curves: [{ label: l10n.t('received'), color: 'charts-blue', bars: true }],
    say: (value) => l10n.t('{0} a minute', rounded(value)),
    summary: ([received = []], stretchMs) => l10n.t('{0} a minute', rounded(lately(received, stretchMs))),
    mark: rounded,
    least: 4,
  });
  const latency = chart({
    title: l10n.t('Delivery latency'),
    curves: [
      { label: l10n.t('p50'), color: 'charts-green' },
      { label: l10n.t('p95'), color: 'editorWarning-foreground', dash: [5, 3] },
    ],
    say: formatElapsed,
    mark: (value) => l10n.t('{0} s', rounded(value / 1000)),
    least: 1000,
  });
  const depth = chart({
    title: l10n.t('Messages in flight (peak)'),
    curves: [{ label: l10n.t('in flight'), color: 'charts-purple', steps: true }],
    say: (value) => `${value}`,
    mark: (value) => (Number.isInteger(value) ? `${value}` : ''),
    least: 4,
  });
  const range = h(
    'select',
    { 'aria-label': l10n.t('How far back'), onchange: () => choose(Number(range.value)) },
    ...RANGES.map(([minutes, label]) => h('option', { value: minutes }, label())),
  );
  range.value = String(first);
  const choose = (value: number): void => {
    const minutes = RANGES.find(([each]) => each === value)?.[0] ?? 5;
    keep(minutes);
    send({ type: 'range', minutes });
  };
  if (first !== 5) send({ type: 'range', minutes: first });
  return {
    element: h('div', { class: 'charts' }, throughput.element, latency.element, depth.element),
    range,
    show: ({ series: { at, received, p50, p95, depth: peak } }) => {
      frames.put(throughput, () => throughput.show(at, [received]));
      frames.put(latency, () => latency.show(at, [p50, p95]));
      frames.put(depth, () => depth.show(at, [peak]));
    },
  };
}

/** Returns the mean of the last minute, or of the last interval if that is longer. */
function lately(perMinute: readonly (number | null)[], stretchMs: number): number {
  const last = perMinute.slice(-Math.max(1, Math.round(60_000 / Math.max(1, stretchMs))));
  return last.reduce<number>((sum, value) => sum + (value ?? 0), 0) / Math.max(1, last.length);
}

import * as l10n from '@vscode/l10n';
import type { HistoryPost, MonitorAgent, MonitorMessage } from '../../core/webviews/monitorProtocol';
import { h, KeyedList, setText } from '../shared/dom';
import { ElapsedLabels } from './elapsedLabels';
import type { FrameScheduler } from './frameScheduler';
import type { HostClock } from './hostClock';
import { timelineStrip } from './timeline';
import { VisibleTimelines } from './visibleTimelines';

export interface AgentTable {
  readonly element: HTMLElement;
  show(agents: readonly MonitorAgent[]): void;
  showTimelines(timelines: HistoryPost['timelines']): void;
  /** Updates the elapsed times. */
  tick(): void;
}

/** Creates the table of agents, each with buttons to message it and to open its terminal. */
export function agentTable(
  send: (message: MonitorMessage) => void,
  time: HostClock,
  frames: FrameScheduler,
): AgentTable {
  const body = h('tbody', {});
  const ages = new ElapsedLabels(time);
  const strips = new VisibleTimelines(frames);
  // Another agent in the same window is another row: a new team reuses window numbers.
  const list = new KeyedList<MonitorAgent>(
    body,
    (agent) => `${agent.window} ${agent.name}`,
    ({ window, name }) => {
      // In a narrow layout, rows have no headings above them.
      const labelled = (label: string, kind: string): HTMLElement => h('td', { class: kind, 'data-label': label });
      const [title, state, age, doing] = [
        h('th', { scope: 'row' }),
        h('span', {}),
        h('td', { class: 'num' }),
        h('td', { class: 'text', dir: 'auto' }),
      ];
      const [waiting, services, cost] = [
        labelled(l10n.t('Waiting'), 'num'),
        labelled(l10n.t('Services'), 'owned'),
        labelled(l10n.t('Cost'), 'cost'),
      ];
      const strip = timelineStrip(name);
      strips.set(window, strip);
      const element = h(
        'tr',
        {},
        h('td', { class: 'num' }, String(window)),
        title,
        h('td', {}, state),
        age,
        h('td', {}, strip.element),
        doing,
        waiting,
        services,
        cost,
        h(
          'td',
          { class: 'buttons' },
          h(
            'button',
            { 'aria-label': l10n.t('Message {0}', name), onclick: () => send({ type: 'message-agent', window }) },
            l10n.t('Message'),
          ),
          h(
            'button',
            {
              'aria-label': l10n.t('Open terminal of {0}', name),
              onclick: () => send({ type: 'open-terminal', window }),
            },
            l10n.t('Terminal'),
          ),
        ),
      );
      return {
        element,
        update: (agent) => {
          setText(title, name);
          title.title = agent.role;
          setText(state, agent.stateWord);
          state.className = `state ${agent.state}`;
          ages.set(age, agent.changedAt);
          setText(doing, agent.activity);
          setText(waiting, agent.waiting ? String(agent.waiting) : '');
          setText(services, agent.services);
          setText(cost, agent.cost ?? '');
        },
      };
    },
  );
  const columns = [
    l10n.t('Window'),
    l10n.t('Agent'),
    l10n.t('State'),
    l10n.t('For'),
    l10n.t('Over time'),
    l10n.t('Activity'),
    l10n.t('Waiting'),
    l10n.t('Services'),
  ];
  const heading = (name: string, kind = ''): HTMLElement => h('th', { scope: 'col', class: kind }, name);
  const table = h(
    'table',
    {},
    h('thead', {}, h('tr', {}, ...columns.map((name) => heading(name)), heading(l10n.t('Cost'), 'cost'), h('td', {}))),
    body,
  );
  return {
    element: h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': l10n.t('Agents table') }, table),
    show: (agents) => {
      list.show(agents);
      table.classList.toggle(
        'without-cost',
        agents.every(({ cost }) => !cost),
      );
    },
    showTimelines: (timelines) => {
      for (const { window, letters } of timelines) strips.show(window, letters);
    },
    tick: () => ages.tick(),
  };
}

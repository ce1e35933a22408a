import * as l10n from '@vscode/l10n';
import type { HistoryPost, MonitorAgent, MonitorMessage, PreviewsPost } from '../../core/webviews/monitorProtocol';
import { h, KeyedList, setText, setVisible } from '../shared/dom';
import { drawTerminal } from '../shared/drawTerminal';
import { ElapsedLabels } from './elapsedLabels';
import type { FrameScheduler } from './frameScheduler';
import type { HostClock } from './hostClock';
import { timelineStrip } from './timeline';
import { VisibleTimelines } from './visibleTimelines';

export interface AgentTable {
  readonly element: HTMLElement;
  show(agents: readonly MonitorAgent[]): void;
  showTimelines(timelines: HistoryPost['timelines']): void;
  showTerminals(terminals: PreviewsPost['terminals']): void;
  /** Updates the elapsed times. */
  tick(): void;
}

/** Remembers which rows are unfolded. */
export interface RowFolds {
  isOpen(name: string): boolean;
  set(name: string, open: boolean): void;
}

const COLUMNS = 11;

/**
 * Creates the table of agents, each with buttons to message it and to open its terminal. A row unfolds into the last
 * lines of the agent's terminal.
 */
export function agentTable(
  send: (message: MonitorMessage) => void,
  time: HostClock,
  frames: FrameScheduler,
  folds: RowFolds,
): AgentTable {
  const terminals = new Map<number, { readonly name: string; readonly screen: HTMLElement }>();
  let requested = '';
  const requestPreviews = (): void => {
    const windows = [...terminals].flatMap(([window, { name }]) => (folds.isOpen(name) ? [window] : []));
    if (windows.join() === requested) return;
    requested = windows.join();
    send({ type: 'previews', windows });
  };
  const ages = new ElapsedLabels(time);
  const strips = new VisibleTimelines(frames);
  // Another agent in the same window is another row: a new team reuses window numbers.
  const heading = (name: string, kind = ''): HTMLElement => h('th', { scope: 'col', class: kind }, name);
  const columns = [
    l10n.t('Window'),
    l10n.t('Agent'),
    l10n.t('State'),
    l10n.t('For'),
    l10n.t('Task and activity'),
    l10n.t('Waiting'),
    l10n.t('Context'),
  ];
  const head = h(
    'thead',
    {},
    h(
      'tr',
      {},
      ...columns.map((name) => heading(name)),
      heading(l10n.t('Cost'), 'cost'),
      heading(l10n.t('Services'), 'owned'),
      heading(l10n.t('Over time')),
      h('td', {}),
    ),
  );
  const table = h('table', {}, head);
  const list = new KeyedList<MonitorAgent>(
    table,
    (agent) => `${agent.window} ${agent.name}`,
    ({ window, name }) => {
      // In a narrow layout, rows have no headings above them.
      const labelled = (label: string, kind: string): HTMLElement => h('td', { class: kind, 'data-label': label });
      const [title, state, age, doing] = [
        h('th', { scope: 'row' }),
        h('span', {}),
        h('td', { class: 'num' }),
        h('div', { dir: 'auto' }),
      ];
      const [proof, conflicts, task] = [
        h('div', {}),
        h('div', { class: 'conflicts', dir: 'auto' }),
        h('div', { class: 'task', dir: 'auto' }),
      ];
      const [waiting, context, services, cost] = [
        labelled(l10n.t('Waiting'), 'num'),
        labelled(l10n.t('Context'), 'num'),
        labelled(l10n.t('Services'), 'owned'),
        labelled(l10n.t('Cost'), 'cost'),
      ];
      const strip = timelineStrip(name);
      strips.set(window, strip);
      const screen = h('pre', { class: 'terminal', tabindex: 0, 'aria-label': l10n.t('Terminal of {0}', name) });
      const preview = h('tr', { class: 'preview' }, h('td', { colspan: COLUMNS }, screen));
      const fold = h('button', { class: 'fold', onclick: () => unfold(!folds.isOpen(name)) }, String(window));
      const unfold = (open: boolean): void => {
        folds.set(name, open);
        drawFold();
        requestPreviews();
      };
      const drawFold = (): void => {
        const open = folds.isOpen(name);
        fold.setAttribute('aria-expanded', String(open));
        fold.setAttribute('aria-label', l10n.t('Window {0}: last lines of the terminal of {1}', window, name));
        setVisible(preview, open);
      };
      terminals.set(window, { name, screen });
      drawFold();
      const interrupt = h(
        'button',
        { 'aria-label': l10n.t('Interrupt {0}', name), onclick: () => send({ type: 'interrupt-agent', window }) },
        l10n.t('Interrupt'),
      );
      const element = h(
        'tbody',
        {},
        h(
          'tr',
          {},
          h('td', { class: 'num' }, fold),
          title,
          h('td', {}, state, proof, conflicts),
          age,
          h('td', { class: 'text' }, task, doing),
          waiting,
          context,
          cost,
          services,
          h('td', { class: 'trend' }, strip.element),
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
            interrupt,
          ),
        ),
        preview,
      );
      return {
        element,
        update: (agent) => {
          setText(title, name);
          title.title = agent.role;
          setText(state, agent.stateWord);
          state.title = agent.background;
          state.className = `state ${agent.state}`;
          setText(proof, agent.proof?.word ?? '');
          proof.className = `proof ${agent.proof?.kind ?? ''}`;
          setText(conflicts, agent.conflicts ?? '');
          setText(task, agent.task);
          task.title = agent.role;
          ages.set(age, agent.changedAt);
          interrupt.hidden = agent.state !== 'busy';
          setText(doing, agent.standstill ? `${agent.standstill} · ${agent.activity}` : agent.activity);
          doing.title = agent.activity;
          setText(context, agent.context ?? '');
          setText(waiting, agent.waiting ? String(agent.waiting) : '');
          setText(services, agent.services);
          setText(cost, agent.cost ?? '');
        },
      };
    },
    head,
  );
  return {
    element: h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': l10n.t('Agents table') }, table),
    show: (agents) => {
      const known = new Set(agents.map(({ window }) => window));
      for (const window of [...terminals.keys()]) if (!known.has(window)) terminals.delete(window);
      const before = terminals.size;
      list.show(agents);
      if (terminals.size !== before) requestPreviews();
      table.classList.toggle(
        'without-cost',
        agents.every(({ cost }) => !cost),
      );
      table.classList.toggle(
        'without-services',
        agents.every(({ services }) => !services),
      );
    },
    showTimelines: (timelines) => {
      for (const { window, letters } of timelines) strips.show(window, letters);
    },
    showTerminals: (shown) => {
      for (const { window, lines } of shown) {
        const terminal = terminals.get(window);
        if (terminal) drawTerminal(terminal.screen, lines);
      }
    },
    tick: () => ages.tick(),
  };
}

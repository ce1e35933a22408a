/** Elements shared by the three views of messages. */
import * as l10n from '@vscode/l10n';
import { timeOfDay } from '../../core/base/duration';
import type { MonitorMessage, MonitorMessageRow } from '../../core/webviews/monitorProtocol';
import { h, setVisible, setText } from '../shared/dom';
import { formatElapsed } from './hostClock';

type Send = (message: MonitorMessage) => void;

/** A view of messages: `show` draws them, `tick` updates elapsed times. */
export interface MessagesWidget {
  readonly element: HTMLElement;
  show(messages: readonly MonitorMessageRow[]): void;
  tick?(): void;
}

interface Part {
  readonly element: HTMLElement;
  readonly update: (message: MonitorMessageRow) => void;
}

/** Creates the history: every step with the time since the one before; the first step shows its time of day. */
export function historyElement(): Part {
  const element = h('ol', { class: 'life', 'aria-label': l10n.t('History') });
  let drawn = '';
  return {
    element,
    update: ({ history }) => {
      const now = `${history.length} ${history[0]?.at} ${history.at(-1)?.at}`;
      if (now === drawn) return;
      drawn = now;
      element.replaceChildren(
        ...history.map((step, index) => {
          const before = history[index - 1];
          return h(
            'li',
            {},
            h(
              'time',
              { title: timeOfDay(step.at) },
              before ? `+${formatElapsed(step.at - before.at)}` : timeOfDay(step.at),
            ),
            ' ',
            step.status,
          );
        }),
      );
    },
  };
}

/** Creates the buttons for one message. */
export function actionsOf({ id, window, to }: MonitorMessageRow, send: Send): Part {
  const retry = h('button', { onclick: () => send({ type: 'retry', id }) }, l10n.t('Retry'));
  const drop = h('button', { onclick: () => send({ type: 'drop', id }) }, l10n.t('Drop'));
  const open =
    window !== null &&
    h(
      'button',
      { 'aria-label': l10n.t('Open terminal of {0}', to), onclick: () => send({ type: 'open-terminal', window }) },
      l10n.t('Terminal'),
    );
  return {
    element: h('span', { class: 'buttons' }, retry, drop, open),
    update: ({ stuck, droppable }) => {
      setVisible(retry, stuck);
      setVisible(drop, droppable);
    },
  };
}

export function stateOf(): Part {
  const element = h('span', {});
  return {
    element,
    update: ({ status, state }) => {
      setText(element, status);
      element.title = status; // a reason may be cut off
      element.className = `state message-${state}`;
    },
  };
}

/** Scrolls to the end as lines are added, unless the user scrolled away from it. */
export function followScroll(region: HTMLElement, change: () => void): void {
  const wasAtEnd = region.scrollHeight - region.scrollTop - region.clientHeight < 40;
  change();
  if (wasAtEnd) region.scrollTop = region.scrollHeight;
}

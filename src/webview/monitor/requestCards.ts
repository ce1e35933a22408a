import * as l10n from '@vscode/l10n';
import type { MonitorMessage, MonitorRequest } from '../../core/webviews/monitorProtocol';
import { h, KeyedList, setVisible } from '../shared/dom';
import { ElapsedLabels } from './elapsedLabels';
import type { HostClock } from './hostClock';

export interface RequestCards {
  readonly element: HTMLElement;
  show(requests: readonly MonitorRequest[]): void;
  /** Updates the elapsed times. */
  tick(): void;
}

/** Shows each request whole, with the buttons that answer exactly this request. */
export function requestCards(send: (message: MonitorMessage) => void, time: HostClock): RequestCards {
  const element = h('ul', { class: 'requests' });
  const ages = new ElapsedLabels(time);
  const list = new KeyedList<MonitorRequest>(
    element,
    ({ id }) => id,
    // A request never changes while it is open.
    (request) => {
      const age = h('span', { class: 'age' });
      const card = h(
        'li',
        {},
        h('p', {}, h('strong', {}, request.sentence), ' ', age),
        h('pre', { tabindex: 0, 'aria-label': request.sentence }, request.text),
        request.cut && h('p', { class: 'muted' }, l10n.t('Only the beginning is shown.')),
        buttons(request, send),
      );
      return { element: card, update: ({ at }) => ages.set(age, at) };
    },
  );
  return { element, show: (requests) => list.show(requests), tick: () => ages.tick() };
}

function buttons(request: MonitorRequest, send: (message: MonitorMessage) => void): HTMLElement {
  const { id, window, kind, cut, choices, question } = request;
  const answer = (given: Extract<MonitorMessage, { type: 'answer-request' }>['answer']) => () =>
    send({ type: 'answer-request', id, answer: given });
  const button = (label: string, onclick: () => void, primary = false): HTMLElement =>
    h('button', { class: primary ? 'primary' : '', onclick }, label);
  const terminal = button(l10n.t('Open Terminal'), () => send({ type: 'open-terminal', window }));
  if (kind === 'dialog')
    return h(
      'div',
      { class: 'actions' },
      ...choices.map((label, choice) => button(label, answer({ kind: 'pick', choice }))),
      terminal,
    );
  const more = button(l10n.t('Answer…'), () => send({ type: 'open-request', id }));
  if (kind === 'question')
    return h(
      'div',
      { class: 'actions' },
      ...(question?.options ?? []).map((label) =>
        button(label, answer({ kind: 'answers', answers: { [question?.question ?? '']: label } })),
      ),
      more,
      terminal,
    );
  const yes = kind === 'plan' ? l10n.t('Approve') : l10n.t('Allow');
  return h(
    'div',
    { class: 'actions' },
    !cut && button(yes, answer({ kind: 'allow' }), true),
    ...(cut ? [] : choices).map((label, choice) => button(`${yes} ${label}`, answer({ kind: 'allow', choice }))),
    denial(send, id),
    terminal,
  );
}

/** A button that asks for the reason first; an empty one just denies. */
function denial(send: (message: MonitorMessage) => void, id: string): HTMLElement {
  const reason = h('input', {
    'aria-label': l10n.t('What should the agent do instead?'),
    placeholder: l10n.t('What should the agent do instead?'),
    onkeydown: (event) => (event as KeyboardEvent).key === 'Enter' && deny(),
  });
  const confirm = h('button', { onclick: () => deny() }, l10n.t('Deny'));
  const begin = h('button', { onclick: () => ask() }, l10n.t('Deny…'));
  const deny = (): void => send({ type: 'answer-request', id, answer: { kind: 'deny', note: reason.value } });
  const ask = (): void => {
    for (const shown of [reason, confirm]) setVisible(shown, true);
    setVisible(begin, false);
    reason.focus();
  };
  for (const hidden of [reason, confirm]) setVisible(hidden, false);
  return h('span', { class: 'actions' }, begin, reason, confirm);
}

import * as l10n from '@vscode/l10n';
import { nameKey } from '../../core/base/agentName';
import type { DraftEdit, DraftField, DraftValue } from '../../core/plan/planDraft';
import { h } from '../shared/dom';

/** Sends an edit and returns its number, which the post with its effect names. */
export type SendEdit = (edit: DraftEdit) => number;

/** Pause after the last key before typed text is sent to the document, milliseconds. */
const PAUSE_MS = 400;

/** Senders of all texts that wait for their pause; called before any decision. */
const waiting = new Set<() => void>();

/** Sends all typed text that is not sent yet. */
export function flushFields(): void {
  for (const send of [...waiting]) send();
}

interface Control {
  readonly element: HTMLElement;
  readonly read: () => DraftValue;
  readonly write: (value: DraftValue) => void;
}

/** One editable member of an agent. It shows the document's value, but never replaces text that is being typed. */
export class FormField {
  /** The document's value here, as far as the webview knows. */
  private base: DraftValue = '';
  private sent = 0;
  private timer: number | undefined;

  /** @param live true sends typed text at each pause; false only when the user leaves the control */
  constructor(
    private readonly control: Control,
    private readonly agent: number,
    private readonly field: DraftField,
    private readonly send: SendEdit,
    live: boolean,
  ) {
    control.element.addEventListener('change', () => this.commit());
    if (!live) return;
    control.element.addEventListener('input', () => {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(this.commit, PAUSE_MS);
      waiting.add(this.commit);
    });
  }

  show(value: DraftValue, ack: number): void {
    if (ack < this.sent) return; // older than the last edit
    const typing = this.control.element.contains(document.activeElement) && !same(this.control.read(), this.base);
    this.base = value;
    if (!typing && !same(this.control.read(), value)) this.control.write(value);
  }

  private readonly commit = (): void => {
    window.clearTimeout(this.timer);
    waiting.delete(this.commit);
    const value = this.control.read();
    if (same(value, this.base)) return;
    this.sent = this.send({ kind: 'set', agent: this.agent, field: this.field, was: this.base, value });
    this.base = value;
  };
}

function same(a: DraftValue, b: DraftValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function textControl(element: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement): Control {
  return {
    element,
    read: () => element.value,
    write(value) {
      // A value that is not among the options must still be shown.
      if (element instanceof HTMLSelectElement && ![...element.options].some((option) => option.value === value))
        element.append(h('option', { value: String(value) }, String(value)));
      element.value = String(value);
    },
  };
}

/** A list of texts, one a line; empty lines do not count. */
export function linesControl(element: HTMLTextAreaElement): Control {
  return {
    element,
    read: () =>
      element.value
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    write: (value) => void (element.value = Array.isArray(value) ? value.join('\n') : String(value)),
  };
}

export function checkControl(element: HTMLInputElement): Control {
  return { element, read: () => element.checked, write: (value) => void (element.checked = value === true) };
}

/** A group of check boxes. Its value is the list of checked names in their written order; new ones come last. */
export class NamesControl implements Control {
  readonly element: HTMLElement;
  private value: readonly string[] = [];
  private drawn = '';

  constructor(legend: string, hint: string) {
    this.element = h(
      'fieldset',
      { class: 'names' },
      h('legend', {}, legend, h('span', { class: 'muted' }, ` ${hint}`)),
    );
  }

  /** Sets the names to choose from. Unknown names in the value are shown as well, so that they can be removed. */
  offer(names: readonly string[]): void {
    const all = [...names, ...this.value.filter((name) => !names.some((other) => nameKey(other) === nameKey(name)))];
    const state = JSON.stringify(all);
    if (state === this.drawn) return this.check();
    this.drawn = state;
    const boxes = all.map((name) => h('label', {}, h('input', { type: 'checkbox', value: name }), name));
    this.element.replaceChildren(
      this.element.firstElementChild!,
      ...(boxes.length > 0 ? boxes : [h('span', { class: 'muted' }, l10n.t('No other agents'))]),
    );
    this.check();
  }

  readonly read = (): readonly string[] => {
    const checked = this.boxes()
      .filter((box) => box.checked)
      .map((box) => box.value);
    const unchanged = this.value.filter((name) => checked.some((other) => nameKey(other) === nameKey(name)));
    return [...unchanged, ...checked.filter((name) => !unchanged.some((other) => nameKey(other) === nameKey(name)))];
  };

  readonly write = (value: DraftValue): void => {
    this.value = Array.isArray(value) ? (value as readonly string[]) : [];
    this.check();
  };

  private check(): void {
    for (const box of this.boxes()) box.checked = this.value.some((name) => nameKey(name) === nameKey(box.value));
  }

  private boxes(): HTMLInputElement[] {
    return [...this.element.querySelectorAll('input')];
  }
}

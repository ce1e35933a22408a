import * as l10n from '@vscode/l10n';
import { h } from '../shared/dom';

/** Lists the changes that the approval makes in the running team, one line per agent. */
export function planChange(lines: readonly string[]): HTMLElement {
  return h(
    'section',
    { 'aria-labelledby': 'h-change' },
    h('h2', { id: 'h-change' }, l10n.t('What changes')),
    h('ul', { class: 'change' }, ...lines.map((line) => h('li', {}, line))),
  );
}

import * as l10n from '@vscode/l10n';
import type { DraftAgent, DraftField } from '../../core/plan/planDraft';
import { h } from '../shared/dom';
import { checkControl, FormField, linesControl, NamesControl, textControl, type SendEdit } from './formField';

export interface AgentFormContext {
  /** Names of all agents, in the order of the plan. */
  readonly names: readonly string[];
  readonly profiles: readonly { readonly name: string; readonly title: string }[];
  readonly defaultProfile: string;
  readonly ack: number;
  readonly editable: boolean;
}

const MODES: readonly (readonly [string, () => string])[] = [
  ['default', () => l10n.t('asks before it changes anything')],
  ['acceptEdits', () => l10n.t('edits files without asking')],
  ['plan', () => l10n.t('only plans')],
  ['auto', () => l10n.t('the CLI judges each action itself (Claude Code)')],
  ['dontAsk', () => l10n.t('denies everything that is not allowed, and asks nothing (Claude Code)')],
  ['bypassPermissions', () => l10n.t('runs every command without asking')],
];

/** The form of one agent, below its table row. Created when it is first opened. */
export class AgentForm {
  readonly element: HTMLFieldSetElement;
  private readonly fields: readonly (readonly [DraftField, FormField])[];
  private readonly controls: ReadonlyMap<string, HTMLElement>;
  private readonly relations: readonly (readonly [DraftField, NamesControl])[];

  constructor(
    private readonly index: number,
    send: SendEdit,
    context: AgentFormContext,
  ) {
    const id = (field: string): string => `agent-${index}-${field}`;
    const text = (field: DraftField, attributes: Readonly<Record<string, string | number>>): HTMLInputElement =>
      h('input', { id: id(field), type: 'text', ...attributes });
    const area = (field: DraftField, rows: number, placeholder: string): HTMLTextAreaElement =>
      h('textarea', { id: id(field), rows, placeholder });
    const controls = {
      name: text('name', { maxlength: 200, spellcheck: 'false' }),
      window: text('window', { inputmode: 'numeric', maxlength: 10, class: 'short' }),
      role: area('role', 2, l10n.t("The agent's purpose, in one sentence")),
      task: area('task', 5, l10n.t('Its first task, complete in itself. If empty, the role is the task.')),
      profile: h(
        'select',
        { id: id('profile') },
        h('option', { value: '' }, l10n.t('{0} (configured)', context.defaultProfile)),
        ...context.profiles.map(({ name, title }) => h('option', { value: name }, `${name}: ${title}`)),
      ),
      model: text('model', { placeholder: l10n.t('the CLI’s own'), maxlength: 128, spellcheck: 'false' }),
      base: text('base', { placeholder: l10n.t("the project's current commit"), maxlength: 200, spellcheck: 'false' }),
      host: text('host', { placeholder: l10n.t("the leader's machine"), maxlength: 32, spellcheck: 'false' }),
      permission_mode: h(
        'select',
        { id: id('permission_mode') },
        h('option', { value: '' }, l10n.t('as configured in the CLI')),
        ...MODES.map(([mode, words]) => h('option', { value: mode }, `${mode}: ${words()}`)),
      ),
    };
    const worktree = h('input', { id: id('worktree'), type: 'checkbox' });
    const lists = {
      check: area('check', 2, l10n.t('Program and arguments, one a line: npm, then test')),
      owns: area('owns', 2, l10n.t('Globs, one a line: src/api/**')),
    };
    const relations = {
      depends_on: new NamesControl(l10n.t('Launched after'), '(depends_on)'),
      wait_for: new NamesControl(l10n.t('Waits for'), '(wait_for)'),
      notifies: new NamesControl(l10n.t('Notifies when done'), '(notifies)'),
    };
    const labelled = { ...controls, ...lists };
    const label = (field: keyof typeof labelled, words: string): HTMLElement =>
      h('div', { class: `field ${field}` }, h('label', { for: id(field) }, words), labelled[field]);
    this.element = h(
      'fieldset',
      { class: 'editor' },
      h('legend', { class: 'spoken' }, l10n.t('Agent {0}', index + 1)),
      label('name', l10n.t('Name')),
      label('window', l10n.t('Window')),
      label('role', l10n.t('Role')),
      label('task', l10n.t('Task')),
      label('profile', l10n.t('CLI')),
      label('model', l10n.t('Model')),
      label('permission_mode', l10n.t('Permissions')),
      label('host', l10n.t('Host')),
      label('base', l10n.t('Worktree begins at')),
      label('check', l10n.t('Check that proves the work')),
      label('owns', l10n.t('Files it owns')),
      h('div', { class: 'field worktree' }, h('label', {}, worktree, l10n.t('A git worktree of its own'))),
      h('div', { class: 'relations' }, ...Object.values(relations).map(({ element }) => element)),
    );
    // A name is sent only when it is complete, because the lists of other agents follow it.
    const live = (field: string): boolean => field === 'role' || field === 'task';
    this.fields = [
      ...Object.entries(controls).map(
        ([field, control]) =>
          [
            field as DraftField,
            new FormField(textControl(control), index, field as DraftField, send, live(field)),
          ] as const,
      ),
      ...Object.entries(lists).map(
        ([field, control]) =>
          [field as DraftField, new FormField(linesControl(control), index, field as DraftField, send, false)] as const,
      ),
      ['worktree', new FormField(checkControl(worktree), index, 'worktree', send, false)] as const,
      ...Object.entries(relations).map(
        ([field, control]) =>
          [field as DraftField, new FormField(control, index, field as DraftField, send, false)] as const,
      ),
    ];
    this.relations = Object.entries(relations).map(([field, control]) => [field as DraftField, control] as const);
    this.controls = new Map<string, HTMLElement>([...Object.entries(labelled), ['worktree', worktree]]);
  }

  show(agent: DraftAgent, { names, ack, editable }: AgentFormContext): void {
    this.element.disabled = !editable;
    for (const [field, shown] of this.fields) shown.show(agent[field], ack);
    const others = names.filter((name, at) => at !== this.index && name !== '');
    for (const [, control] of this.relations) control.offer(others);
  }

  /** Marks the members with problems, also for screen readers. */
  mark(bad: ReadonlySet<string>): void {
    for (const [field, control] of this.controls) {
      if (bad.has(field)) control.setAttribute('aria-invalid', 'true');
      else control.removeAttribute('aria-invalid');
    }
  }

  /** Focuses the control of `field`. */
  focus(field: string): void {
    const control =
      this.controls.get(field) ??
      this.relations.find(([name]) => name === field)?.[1].element.querySelector('input') ??
      this.controls.get('name');
    control?.focus();
  }
}

import * as l10n from '@vscode/l10n';
import { shortened } from '../../core/base/truncate';
import type { DraftAgent } from '../../core/plan/planDraft';
import type { PlanPostDraft } from '../../core/webviews/planReviewProtocol';
import { h, setVisible, setText } from '../shared/dom';
import { AgentForm, type AgentFormContext } from './agentForm';
import type { SendEdit } from './formField';

/** Number of columns: window; name; role and task; order; profile; buttons. */
const COLUMNS = 6;

export interface TableActions {
  readonly send: SendEdit;
  /** Applies a quick fix of a problem, both by index. */
  readonly repair: (problem: number, repair: number) => void;
}

type Problem = PlanPostDraft['problems'][number] & { readonly index: number };

/**
 * The agents as a table; each row expands to a form. Rows are identified by index, so that an edit never removes the
 * focus.
 */
export class PlanTable {
  readonly element: HTMLElement;
  private readonly table = h(
    'table',
    {},
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ...[l10n.t('Window'), l10n.t('Name'), l10n.t('Role and task'), l10n.t('Order'), l10n.t('Runs as')].map((name) =>
          h('th', { scope: 'col' }, name),
        ),
        h('td', {}),
      ),
    ),
  );
  private readonly add: HTMLButtonElement;
  private readonly rows: AgentRow[] = [];
  private opensNew = false;

  constructor(private readonly actions: TableActions) {
    this.add = h('button', { onclick: () => this.addAgent() }, l10n.t('Add an agent'));
    this.element = h(
      'section',
      { 'aria-labelledby': 'h-agents' },
      h('h2', { id: 'h-agents' }, l10n.t('Agents')),
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': l10n.t('Agents of the plan') },
        this.table,
      ),
      this.add,
    );
  }

  show(
    agents: readonly DraftAgent[],
    problems: readonly PlanPostDraft['problems'][number][],
    context: AgentFormContext,
  ): void {
    while (this.rows.length > agents.length) this.rows.pop()?.element.remove();
    while (this.rows.length < agents.length) {
      const row = new AgentRow(this.rows.length, this.actions, (removed) => this.afterRemoval(removed));
      this.rows.push(row);
      this.table.append(row.element);
      if (this.opensNew) row.open('name', context);
      this.opensNew = false;
    }
    setVisible(this.add, context.editable);
    const numbered = problems.map((problem, index) => ({ ...problem, index }));
    agents.forEach((agent, at) =>
      this.rows[at]!.show(
        agent,
        numbered.filter((problem) => problem.at.includes(at)),
        context,
      ),
    );
  }

  /** Opens the form of an agent and focuses one of its members. */
  open(index: number, field: string, context: AgentFormContext): void {
    this.rows[index]?.open(field, context);
  }

  private addAgent(): void {
    this.opensNew = true;
    this.actions.send({ kind: 'add' });
  }

  /** Closes the forms behind a removed agent: forms belong to an index and would show the next agent. */
  private afterRemoval(removed: number): void {
    for (const row of this.rows.slice(removed)) row.close();
    this.add.focus();
  }
}

class AgentRow {
  readonly element: HTMLTableSectionElement;
  private readonly cells = {
    window: h('td', { class: 'num' }),
    name: h('th', { scope: 'row' }),
    text: h('td', { class: 'text' }),
    order: h('td', { class: 'order' }),
    runs: h('td', { class: 'order' }),
  };
  private readonly editButton: HTMLButtonElement;
  private readonly removeButton: HTMLButtonElement;
  private readonly problems = h('td', { colspan: COLUMNS });
  private readonly problemRow = h('tr', { class: 'fixes', hidden: true }, this.problems);
  private readonly form = h('td', { colspan: COLUMNS });
  private readonly formRow: HTMLTableRowElement;
  private editor: AgentForm | null = null;
  private agent: DraftAgent | null = null;
  private context: AgentFormContext | null = null;
  private drawn = '';
  private fixedText = '';

  constructor(
    private readonly index: number,
    private readonly actions: TableActions,
    onRemoved: (index: number) => void,
  ) {
    const id = `agent-${index}`;
    this.formRow = h('tr', { class: 'form', id, hidden: true }, this.form);
    this.editButton = h(
      'button',
      { 'aria-expanded': 'false', 'aria-controls': id, onclick: () => this.toggle() },
      l10n.t('Edit'),
    );
    this.removeButton = h(
      'button',
      {
        onclick: () => {
          actions.send({ kind: 'remove', agent: index, was: this.agent?.name ?? '' });
          onRemoved(index);
        },
      },
      l10n.t('Remove'),
    );
    this.element = h(
      'tbody',
      {},
      h('tr', {}, ...Object.values(this.cells), h('td', { class: 'buttons' }, this.editButton, this.removeButton)),
      this.problemRow,
      this.formRow,
    );
  }

  show(agent: DraftAgent, problems: readonly Problem[], context: AgentFormContext): void {
    this.agent = agent;
    this.context = context;
    setVisible(this.removeButton, context.editable);
    this.nameButton();
    const state = JSON.stringify([agent, context.defaultProfile]);
    if (state !== this.drawn) {
      this.drawn = state;
      setText(this.cells.window, agent.window);
      setText(this.cells.name, agent.name || l10n.t('(no name)'));
      this.cells.text.replaceChildren(...textOf(agent));
      this.cells.order.replaceChildren(
        ...linesOf([
          [l10n.t('after'), agent.depends_on],
          [l10n.t('waits for'), agent.wait_for],
          [l10n.t('notifies'), agent.notifies],
        ]),
      );
      this.cells.runs.replaceChildren(...runsAs(agent, context.defaultProfile));
      this.removeButton.setAttribute('aria-label', l10n.t('Remove {0}', this.nameNow));
    }
    this.element.classList.toggle('bad', problems.length > 0);
    this.showProblems(problems, context.editable);
    this.editor?.show(agent, context);
    this.editor?.mark(new Set(problems.map(({ field }) => field)));
  }

  open(field: string, context: AgentFormContext): void {
    this.context ??= context;
    if (this.editor === null) {
      this.editor = new AgentForm(this.index, this.actions.send, this.context);
      this.form.replaceChildren(this.editor.element);
      if (this.agent) this.editor.show(this.agent, this.context);
    }
    this.setOpen(true);
    this.editor.focus(field);
  }

  close(): void {
    this.setOpen(false);
    this.editor = null;
    this.form.replaceChildren();
  }

  private toggle(): void {
    if (this.formRow.hidden && this.context) this.open('name', this.context);
    else this.close();
  }

  private setOpen(open: boolean): void {
    setVisible(this.formRow, open);
    this.editButton.setAttribute('aria-expanded', String(open));
    this.nameButton();
  }

  private nameButton(): void {
    const name = this.nameNow;
    const [word, label] = !this.formRow.hidden
      ? [l10n.t('Close'), l10n.t('Close {0}', name)]
      : this.context?.editable === false
        ? [l10n.t('Show'), l10n.t('Show {0}', name)]
        : [l10n.t('Edit'), l10n.t('Edit {0}', name)];
    setText(this.editButton, word);
    this.editButton.setAttribute('aria-label', label);
  }

  private get nameNow(): string {
    return this.agent?.name || l10n.t('agent {0}', this.index + 1);
  }

  private showProblems(problems: readonly Problem[], editable: boolean): void {
    const state = JSON.stringify([problems, editable]);
    if (state === this.fixedText) return;
    this.fixedText = state;
    setVisible(this.problemRow, problems.length > 0);
    this.problems.replaceChildren(
      h(
        'ul',
        { class: 'problems' },
        ...problems.map((problem) =>
          problemItem(problem, editable, this.actions, () => this.context && this.open(problem.field, this.context)),
        ),
      ),
    );
  }
}

/**
 * Creates the item of one problem with its quick fixes. `onEdit` leads to the faulty control; null if there is none.
 */
export function problemItem(
  problem: Problem,
  editable: boolean,
  { repair }: Pick<TableActions, 'repair'>,
  onEdit: (() => unknown) | null,
): HTMLElement {
  const buttons = editable
    ? [
        ...problem.repairs.map((title, at) => h('button', { onclick: () => repair(problem.index, at) }, title)),
        onEdit && h('button', { onclick: () => void onEdit() }, l10n.t('Edit it')),
      ]
    : [];
  return h('li', {}, h('span', { class: 'problem' }, problem.message), h('span', { class: 'buttons' }, ...buttons));
}

function textOf(agent: DraftAgent): Node[] {
  const task =
    agent.task === ''
      ? h('p', { class: 'muted' }, l10n.t('Its role is its task.'))
      : agent.task.length > 160
        ? h(
            'details',
            {},
            h('summary', { dir: 'auto' }, shortened(agent.task, 160)),
            h('pre', { dir: 'auto' }, agent.task),
          )
        : h('p', { class: 'muted', dir: 'auto' }, agent.task);
  return [h('p', { dir: 'auto' }, agent.role || l10n.t('(no role)')), task];
}

function linesOf(lists: readonly (readonly [string, readonly string[]])[]): Node[] {
  const said = lists
    .filter(([, names]) => names.length > 0)
    .map(([word, names]) => h('p', {}, h('span', { class: 'muted' }, `${word} `), names.join(', ')));
  return said.length > 0 ? said : [h('span', { class: 'muted' }, l10n.t('at once'))];
}

function runsAs(agent: DraftAgent, defaultProfile: string): Node[] {
  const mode = agent.permission_mode || 'default';
  return [
    h('p', {}, [agent.profile || defaultProfile, agent.model].filter(Boolean).join(', ')),
    h('p', { class: mode === 'bypassPermissions' ? 'warn' : 'muted' }, l10n.t('permissions: {0}', mode)),
    ...(agent.host === '' ? [] : [h('p', { class: 'muted' }, l10n.t('on the host {0}', agent.host))]),
    ...(agent.worktree ? [h('p', { class: 'muted' }, l10n.t('own worktree'))] : []),
    ...(agent.check.length === 0
      ? [h('p', { class: 'muted' }, l10n.t('no check of its own'))]
      : [h('p', { class: 'muted', dir: 'auto' }, l10n.t('check: {0}', agent.check.join(' ')))]),
    ...(agent.owns.length === 0
      ? []
      : [h('p', { class: 'muted', dir: 'auto' }, l10n.t('owns: {0}', agent.owns.join(', ')))]),
  ];
}

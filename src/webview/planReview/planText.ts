import * as l10n from '@vscode/l10n';
import type { Count } from '../../core/plan/launchSummary';
import type { PlanPost } from '../../core/webviews/planReviewProtocol';
import { h } from '../shared/dom';
import { decimal } from '../shared/l10n';

/** What the plan waits for, in a sentence; empty when the page itself says enough. */
export function statusOf({ review, draft, phase, connected, change }: PlanPost): string {
  if (!connected) return l10n.t('Redis does not answer. This is what was last seen.');
  if (!review) return l10n.t('No plan waits for review.');
  const count = draft?.problems.length ?? 0;
  switch (review.status) {
    case 'approved':
      return l10n.t('Approved.');
    case 'rejected':
      return phase === 'running'
        ? l10n.t('The team stays as it is.')
        : l10n.t('Sent back to Mother. The next plan appears here.');
    case 'invalid':
      if (phase !== 'review') return writing(count, review.attempt);
      break;
    case 'proposed':
  }
  const waits =
    count > 0
      ? mend(count)
      : change
        ? l10n.t('The team runs on as it is until you approve.')
        : l10n.t('Nothing is launched until you approve.');
  return review.repaired ? `${waits} ${l10n.t('Its JSON was slightly broken and has been repaired.')}` : waits;
}

function writing(problems: number, attempt: number): string {
  if (problems === 0) return l10n.t('Mother writes the plan, attempt {0} of 3.', attempt);
  return problems === 1
    ? l10n.t('The plan has 1 problem; Mother has been told, and writes attempt {0} of 3.', attempt)
    : l10n.t('The plan has {0} problems; Mother has been told, and writes attempt {1} of 3.', problems, attempt);
}

function mend(problems: number): string {
  return problems === 1
    ? l10n.t('The plan has 1 problem. Mend it here, or send it back with a note.')
    : l10n.t('The plan has {0} problems. Mend it here, or send it back with a note.', problems);
}

/** What approval will launch, and what of it needs a second look. */
export function launchSummary({ draft, freeMb }: PlanPost): Node[] {
  const facts = draft?.launch;
  if (!facts) return [];
  const clis = counts(facts.profiles);
  const items = [
    facts.agents === 1 ? l10n.t('1 agent ({0})', clis) : l10n.t('{0} agents ({1})', facts.agents, clis),
    memory(facts.memoryMb, facts.unmeasured, freeMb),
    l10n.t('permission modes: {0}', counts(facts.permissionModes)),
    facts.worktrees.length > 0
      ? l10n.t('own git worktrees: {0}', facts.worktrees.join(', '))
      : l10n.t('no worktrees: all work in the same folder'),
  ];
  return [
    h('p', {}, l10n.t('Approval launches')),
    h('ul', { class: 'facts' }, ...items.map((item) => h('li', {}, item))),
    ...(facts.unattended.length > 0
      ? [
          h(
            'p',
            { class: 'notice' },
            l10n.t('{0} would run every command without asking.', facts.unattended.join(', ')),
          ),
        ]
      : []),
    ...(facts.memoryMb > freeMb
      ? [h('p', { class: 'notice' }, l10n.t('That is more memory than this machine has left.'))]
      : []),
  ];
}

function memory(mb: number, unmeasured: number, freeMb: number): string {
  return unmeasured > 0
    ? l10n.t(
        'about {0} of memory and {1} of a CLI that was never measured; {2} are free',
        size(mb),
        unmeasured,
        size(freeMb),
      )
    : l10n.t('about {0} of memory; {1} are free', size(mb), size(freeMb));
}

function size(mb: number): string {
  return mb < 1024 ? `${decimal(mb)} MB` : `${decimal(mb / 1024, 1)} GB`;
}

function counts(list: readonly Count[]): string {
  return list.map(({ value, count }) => `${count} × ${value}`).join(', ');
}

import * as l10n from '@vscode/l10n';
import type { Count } from '../../core/plan/launchSummary';
import type { PlanPost } from '../../core/webviews/planReviewProtocol';
import { h } from '../shared/dom';
import { decimal } from '../shared/l10n';

/** Returns one sentence about what the plan waits for; empty when the rest of the view is clear enough. */
export function statusOf({ review, draft, phase, connected, change }: PlanPost): string {
  if (!connected) return l10n.t('Redis does not answer. This is the last known state.');
  if (!review) return l10n.t('No plan is under review.');
  const count = draft?.problems.length ?? 0;
  switch (review.status) {
    case 'approved':
      return l10n.t('Approved.');
    case 'rejected':
      return phase === 'running'
        ? l10n.t('The team stays unchanged.')
        : l10n.t('Sent back to Mother. The next plan appears here.');
    case 'invalid':
      if (phase !== 'review') return writing(count, review.attempt);
      break;
    case 'proposed':
  }
  const waits =
    count > 0
      ? fixHint(count)
      : change
        ? l10n.t('The team keeps running unchanged until you approve.')
        : l10n.t('Nothing is launched until you approve.');
  return review.repaired ? `${waits} ${l10n.t('Its JSON was slightly invalid and has been repaired.')}` : waits;
}

function writing(problems: number, attempt: number): string {
  if (problems === 0) return l10n.t('Mother is writing the plan, attempt {0} of 3.', attempt);
  return problems === 1
    ? l10n.t('The plan has 1 problem. Mother has been notified and is writing attempt {0} of 3.', attempt)
    : l10n.t('The plan has {0} problems. Mother has been notified and is writing attempt {1} of 3.', problems, attempt);
}

function fixHint(problems: number): string {
  return problems === 1
    ? l10n.t('The plan has 1 problem. Fix it here or send it back with a note.')
    : l10n.t('The plan has {0} problems. Fix them here or send it back with a note.', problems);
}

/** Describes what approval launches and what needs a second check. */
export function launchSummary({ draft, freeMb }: PlanPost): Node[] {
  const facts = draft?.launch;
  if (!facts) return [];
  const clis = counts(facts.profiles);
  const items = [
    facts.agents === 1 ? l10n.t('1 agent ({0})', clis) : l10n.t('{0} agents ({1})', facts.agents, clis),
    memory(facts.memoryMb, facts.unmeasured, freeMb),
    l10n.t('permission modes: {0}', counts(facts.permissionModes)),
    facts.worktrees.length > 0
      ? l10n.t('with their own git worktree: {0}', facts.worktrees.join(', '))
      : l10n.t('no worktrees: all agents share one folder'),
  ];
  return [
    h('p', {}, l10n.t('Approval will launch')),
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
      ? [h('p', { class: 'notice' }, l10n.t('This is more memory than this machine has available.'))]
      : []),
  ];
}

function memory(mb: number, unmeasured: number, freeMb: number): string {
  return unmeasured > 0
    ? l10n.t('about {0} of memory plus {1} agents with unknown usage; {2} free', size(mb), unmeasured, size(freeMb))
    : l10n.t('about {0} of memory; {1} free', size(mb), size(freeMb));
}

function size(mb: number): string {
  return mb < 1024 ? `${decimal(mb)} MB` : `${decimal(mb / 1024, 1)} GB`;
}

function counts(list: readonly Count[]): string {
  return list.map(({ value, count }) => `${count} × ${value}`).join(', ');
}

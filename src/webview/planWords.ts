import type { PlanPost } from '../core/planPageMessages';
import type { Count } from '../core/planLaunch';
import { h } from './dom';

/** What the plan waits for, in a sentence; empty when the page itself says enough. */
export function statusOf({ review, draft, phase, connected, change }: PlanPost): string {
  if (!connected) return 'Redis does not answer. This is what was last seen.';
  if (!review) return 'No plan waits for review.';
  const count = draft?.problems.length ?? 0;
  const problems = `${count} ${count === 1 ? 'problem' : 'problems'}`;
  const repaired = review.repaired ? ' Its JSON was slightly broken and has been repaired.' : '';
  switch (review.status) {
    case 'approved': return 'Approved.';
    case 'rejected': return phase === 'running' ? 'The team stays as it is.' : 'Sent back to Mother. The next plan appears here.';
    case 'invalid':
      if (phase !== 'review') return count === 0 ? `Mother writes the plan, attempt ${review.attempt} of 3.` : `The plan has ${problems}; Mother has been told, and writes attempt ${review.attempt} of 3.`;
      break;
    case 'proposed':
  }
  return count > 0 ? `The plan has ${problems}. Mend it here, or send it back with a note.${repaired}` : `${change ? 'The team runs on as it is until you approve.' : 'Nothing is launched until you approve.'}${repaired}`;
}

/** What approval will launch, and what of it needs a second look. */
export function launchSummary({ draft, freeMb }: PlanPost): Node[] {
  const facts = draft?.launch;
  if (!facts) return [];
  const items = [
    `${facts.agents} ${facts.agents === 1 ? 'agent' : 'agents'} (${counts(facts.profiles)})`,
    memory(facts.memoryMb, facts.unmeasured, freeMb),
    `permission modes: ${counts(facts.permissionModes)}`,
    facts.worktrees.length > 0 ? `own git worktrees: ${facts.worktrees.join(', ')}` : 'no worktrees: all work in the same folder',
  ];
  return [
    h('p', {}, 'Approval launches'),
    h('ul', { class: 'facts' }, ...items.map((item) => h('li', {}, item))),
    ...(facts.unattended.length > 0 ? [h('p', { class: 'notice' }, `${facts.unattended.join(', ')} would run every command without asking.`)] : []),
    ...(facts.memoryMb > freeMb ? [h('p', { class: 'notice' }, 'That is more memory than this machine has left.')] : []),
  ];
}

function memory(mb: number, unmeasured: number, freeMb: number): string {
  const more = unmeasured > 0 ? ` and ${unmeasured} of a CLI that was never measured` : '';
  return `about ${size(mb)} of memory${more}; ${size(freeMb)} are free`;
}

function size(mb: number): string {
  return mb < 1024 ? `${mb} MB` : `${(mb / 1024).toFixed(1)} GB`;
}

function counts(list: readonly Count[]): string {
  return list.map(({ value, count }) => `${count} × ${value}`).join(', ');
}

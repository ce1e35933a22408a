/** Returns the lines that `taco up` prints for each snapshot: those that are new. Pure. */
import { duration } from '../../core/base/duration';
import { FIRST_AGENT_WINDOW } from '../../core/base/limits';
import { oneLine } from '../../core/base/truncate';
import { FINAL_STATES } from '../../core/messages/messageState';
import { changeLines } from '../../core/plan/planDiff';
import type { PlanReview } from '../../core/plan/planReview';
import type { AgentView, Counters, MessageView, Snapshot } from '../../core/team/snapshot';
import { planTable, problemLines, stateText } from './tables';
import { columnsOf, cut } from './terminalText';

/** A message's intermediate state is printed only when it lasts this long, milliseconds. */
const STAYS_MS = 1000;
/** An agent that ended counts as lost after this long without a relaunch, milliseconds. */
const GIVEN_UP_MS = 20_000;

/** So many messages are named at the end, the newest; the counts are of all. */
const MESSAGES_NAMED = 200;

/** States that a message does not leave by itself while an agent's CLI gives no receipts. */
const ENDS: ReadonlySet<MessageView['state']> = new Set(['delivered', ...FINAL_STATES]);

function planLines(review: PlanReview): string[] {
  // While Mother still works on it, there is nothing to print.
  if (review.status === 'invalid' && review.problems.length === 0) return [];
  if (review.status === 'invalid')
    return [`Mother's plan (attempt ${review.attempt}) has problems:`, ...problemLines(review.problems)];
  if (review.plan === null || review.status !== 'proposed') return [`Plan ${review.status}.`];
  if (review.change)
    return ['The plan changes the team that runs:', ...changeLines(review.change).map((line) => `  ${line}`)];
  return [
    `Plan${review.repaired ? ' (its JSON had to be repaired)' : ''}:`,
    ...planTable(review.plan).map((line) => `  ${line}`),
  ];
}

/** Returns true for a CLI that replaces a model in tests. */
function isScripted(agent: AgentView): boolean {
  return agent.profile === 'scripted';
}

export class Progress {
  /** The newest, by when they were last seen to change. */
  private readonly messages = new Map<string, MessageView>();
  /** The lines printed of the messages that the last snapshot shows. */
  private reported = new Map<string, string>();
  private counters: Pick<Counters, 'enqueued' | 'executed'> = { enqueued: 0, executed: 0 };
  private agents = new Map<number, AgentView>();
  private phase = '';
  private plan = '';
  /** Time of the newest activity so far, milliseconds since the epoch; null before the first snapshot. */
  private activityAt: number | null = null;
  private trouble = '';

  /** Returns the lines that this snapshot adds. */
  next(snapshot: Snapshot): string[] {
    const lines: string[] = [];
    const { session, plan } = snapshot;
    const phase =
      session === null ? '' : `${session.phase}${session.detail === '' ? '' : `: ${oneLine(session.detail)}`}`;
    if (phase !== '' && phase !== this.phase) lines.push(phase);
    if (phase !== '') this.phase = phase;
    const { trouble = '' } = snapshot;
    if (trouble !== this.trouble)
      lines.push(trouble === '' ? 'Writing works again.' : `Nothing can be written: ${oneLine(trouble, 300)}`);
    this.trouble = trouble;
    const planNow = plan === null ? '' : `${plan.status} ${plan.attempt} ${plan.at}`;
    if (plan !== null && planNow !== this.plan) lines.push(...planLines(plan));
    this.plan = planNow;
    for (const agent of snapshot.agents) lines.push(...this.agentLines(agent));
    if (session !== null) this.counters = snapshot.counters;
    const reported = new Map<string, string>();
    for (const message of snapshot.messages) lines.push(...this.messageLines(message, snapshot.at, reported));
    this.reported = reported;
    lines.push(...this.warnings(snapshot.activity));
    return lines;
  }

  /** Returns true when every agent of the plan has reported done and no message is in flight. */
  isDone(snapshot: Snapshot): boolean {
    const team = snapshot.agents.filter((agent) => agent.window >= FIRST_AGENT_WINDOW);
    const { counters } = snapshot;
    if (!isAtWork(snapshot) || team.length === 0 || counters.pending > 0 || counters.processing > 0) return false;
    return (
      team.every((agent) => agent.done || agent.status === 'done') &&
      snapshot.messages.every((message) => ENDS.has(message.state))
    );
  }

  /**
   * Returns the names of agents that ended before they were done and were not launched again: the job cannot end by
   * itself.
   */
  lost(snapshot: Snapshot): string[] {
    if (!isAtWork(snapshot)) return [];
    const ended = snapshot.agents.filter(
      (agent) => (agent.status === 'exited' || agent.status === 'failed') && !agent.done,
    );
    return ended
      .filter((agent) => agent.window >= FIRST_AGENT_WINDOW && snapshot.at - agent.changedAt >= GIVEN_UP_MS)
      .map((agent) => agent.name);
  }

  /** True when every message of the session got where it was to go. */
  get allDelivered(): boolean {
    return this.counters.executed >= this.counters.enqueued;
  }

  /** Returns the agents and the result of each message, as text for the user. */
  summary(): string[] {
    const messages = this.inOrder;
    const rows = messages.map((message) => [
      message.sender,
      message.target === 'user'
        ? 'USER'
        : (this.agents.get(Number(message.target.split(':').pop()))?.name ?? message.target),
      stateText(message),
      duration(message.since - message.enqueuedAt),
      message.attempts > 0 ? `${message.attempts} failed` : '',
      cut(oneLine(message.message), 70),
    ]);
    const { enqueued, executed } = this.counters;
    return [
      'Agents:',
      ...[...this.agents.values()].map(
        (agent) =>
          `  ${agent.window} ${agent.name}: ${isScripted(agent) ? 'scripted, no model' : `real (${agent.profile})`}, ${agent.status}`,
      ),
      '',
      `Messages: ${enqueued}, ${executed} delivered, ${enqueued - executed} not`,
      ...(enqueued > messages.length ? [`  The newest ${messages.length}:`] : []),
      ...columnsOf([['FROM', 'TO', 'FATE', 'AFTER', 'ATTEMPTS', 'MESSAGE'], ...rows]).map((line) => `  ${line}`),
    ];
  }

  /** The same as one value for `--json`; `counts` are of all messages, `messages` are the newest. */
  report(): { agents: unknown[]; counts: { enqueued: number; delivered: number }; messages: readonly MessageView[] } {
    return {
      agents: [...this.agents.values()].map(({ window, name, profile, status, done }) => ({
        window,
        name,
        profile,
        kind: profile === 'scripted' ? 'scripted' : 'real',
        status,
        done,
      })),
      counts: { enqueued: this.counters.enqueued, delivered: this.counters.executed },
      messages: this.inOrder,
    };
  }

  private get inOrder(): readonly MessageView[] {
    return [...this.messages.values()].sort((a, b) => a.enqueuedAt - b.enqueuedAt);
  }

  private agentLines(agent: AgentView): string[] {
    const before = this.agents.get(agent.window);
    this.agents.set(agent.window, agent);
    // Working and resting change all the time; only other states are news.
    const rank = (status: AgentView['status']) => (status === 'idle' || status === 'busy' ? 'ready' : status);
    if (before !== undefined && rank(before.status) === rank(agent.status)) return [];
    return [
      `${agent.name} (window ${agent.window}): ${rank(agent.status)}${agent.activity === '' ? '' : `, ${cut(oneLine(agent.activity), 60)}`}`,
    ];
  }

  /**
   * Returns the activity that the user must know although everything continues; skips entries from before the start.
   */
  private warnings(activity: Snapshot['activity']): string[] {
    const shown = this.activityAt;
    const latest = Math.max(shown ?? 0, ...activity.map(({ at }) => at));
    this.activityAt = latest;
    if (shown === null) return [];
    return activity
      .filter(({ at, text }) => at > shown && text.startsWith('Warning: '))
      .map(({ text }) => cut(oneLine(text), 400));
  }

  private messageLines(message: MessageView, now: number, reported: Map<string, string>): string[] {
    this.remember(message);
    const before = this.reported.get(message.id);
    if (before !== undefined) reported.set(message.id, before);
    const passing = message.state === 'held' || message.state === 'retrying' || message.state === 'delivered';
    const key = `${message.state} ${message.reason}`;
    if (passing ? now - message.since < STAYS_MS : !ENDS.has(message.state)) return [];
    if (before === key) return [];
    reported.set(message.id, key);
    return [`${stateText(message)}: ${cut(oneLine(message.message), 100)}`];
  }

  private remember(message: MessageView): void {
    const { messages } = this;
    const before = messages.get(message.id);
    if (before?.since === message.since && before.state === message.state) return;
    // A Map gives its entries in the order in which they were put there.
    messages.delete(message.id);
    messages.set(message.id, message);
    for (const id of messages.keys()) {
      if (messages.size <= MESSAGES_NAMED) return;
      messages.delete(id);
    }
  }
}

/** True while the team works, also while a change of it waits for the user. */
function isAtWork({ session, plan }: Snapshot): boolean {
  return session?.phase === 'running' || (session?.phase === 'review' && plan?.change !== undefined);
}

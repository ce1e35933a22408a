/** Snapshots as lines for the user. */
import { withBackgroundWork } from '../../core/agents/activity';
import { duration } from '../../core/base/duration';
import { oneLine } from '../../core/base/truncate';
import type { Plan } from '../../core/models';
import type { PlanProblem } from '../../core/plan/planReview';
import type { MessageView, Snapshot } from '../../core/team/snapshot';
import { columnsOf, cut } from './terminalText';

export function agentTable(snapshot: Snapshot): string[] {
  const rows = snapshot.agents.map((agent) => [
    String(agent.window),
    oneLine(agent.name),
    `${withBackgroundWork(agent.status, agent)}${agent.proof ? ` (${agent.proof})` : ''}`,
    agent.profile,
    ...(snapshot.hosts ? [agent.host ?? ''] : []),
    agent.changedAt > 0 ? duration(snapshot.at - agent.changedAt) : '',
    String(agent.waiting),
    agent.services.join(','),
    cut(oneLine(agent.activity), 60),
  ]);
  return columnsOf([
    ['WINDOW', 'NAME', 'STATE', 'CLI', ...(snapshot.hosts ? ['HOST'] : []), 'FOR', 'WAITING', 'SERVICES', 'ACTIVITY'],
    ...rows,
  ]);
}

/** Formats `delivered`, or `held (dialog)`. */
export function stateText(message: MessageView): string {
  return message.reason === '' ? message.state : `${message.state} (${cut(oneLine(message.reason), 40)})`;
}

export function messageTable(messages: readonly MessageView[], now: number): string[] {
  const rows = messages.map((message) => [
    message.id,
    stateText(message),
    duration(now - message.since),
    message.attempts > 0 ? `${message.attempts}x` : '',
    cut(oneLine(message.message), 70),
  ]);
  return columnsOf([['ID', 'STATE', 'FOR', 'TRIES', 'MESSAGE'], ...rows]);
}

export function planTable(plan: Plan): string[] {
  const hasChecks = plan.agents.some(({ check }) => check !== undefined);
  const list = (names: readonly string[]) => (names.length === 0 ? '-' : names.join(','));
  const rows = plan.agents.map((agent) => [
    String(agent.window),
    agent.name,
    list(agent.depends_on),
    list(agent.wait_for),
    list(agent.notifies),
    `${agent.profile ?? '-'}${agent.host === undefined ? '' : ` on ${agent.host}`}`,
    ...(hasChecks ? [cut(oneLine(agent.check?.join(' ') ?? '-'), 40)] : []),
    cut(oneLine(agent.role), 60),
  ]);
  const head = [
    'WINDOW',
    'NAME',
    'DEPENDS ON',
    'WAITS FOR',
    'NOTIFIES',
    'CLI',
    ...(hasChecks ? ['CHECK'] : []),
    'ROLE',
  ];
  return columnsOf([head, ...rows]);
}

export function problemLines(problems: readonly PlanProblem[]): string[] {
  return problems.map((problem) => `  ${problem.code}: ${oneLine(problem.message)}`);
}

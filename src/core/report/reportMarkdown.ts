import { formatUsage } from '../agents/formatUsage';
import { duration } from '../base/duration';
import { oneLine } from '../base/truncate';
import { clockTime } from '../limits/limitTexts';
import type { AgentReport, ReportWait, TeamReport } from './teamReport';

const WAITS: Readonly<Record<ReportWait['reason'], string>> = {
  'needs-input': 'waited for you',
  limited: 'was at a limit',
  exited: 'was not running',
};
const MAX_COMMITS = 20;
const MAX_ACTIVITY = 20;

/** Returns the report as Markdown that can be pasted. Texts of agents are escaped. English: others read it, too. */
export function reportMarkdown(report: TeamReport): string {
  const { since, until, goal, open, agents, limits, messages, usage, activity } = report;
  const lines = [
    `# Team report, ${clockTime(since, until)} to ${clockTime(until, until)}`,
    '',
    ...(goal === '' ? [] : [`Goal: ${plain(goal)}`, '']),
    `Messages: ${messages.received} received, ${messages.failed} failed, ${messages.uncertain} uncertain.${usage ? ` Cost of the session: ${formatUsage(usage)}.` : ''}`,
    '',
    '## What needs you now',
    '',
    ...(open.length === 0 ? ['Nothing.'] : open.map((item, index) => `${index + 1}. ${plain(item)}`)),
    '',
    ...(limits.length === 0 ? [] : ['## Limits', '', ...limits.map((line) => `- ${plain(line)}`), '']),
    '## Agents',
    '',
    ...agents.flatMap(agentLines),
    ...(activity.length === 0
      ? []
      : [
          '## Recent activity',
          '',
          ...activity.slice(0, MAX_ACTIVITY).map(({ at, text }) => `- ${clockTime(at, until)} ${plain(text)}`),
          '',
        ]),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function agentLines(agent: AgentReport): string[] {
  const { name, role, state, done, turns, workedMs, waits, restarts, messages, usage, commits = [] } = agent;
  return [
    `### ${plain(name)}: ${state}`,
    '',
    `${plain(role)}`,
    '',
    ...(done === '' ? [] : [`- Finished: ${plain(done)}`]),
    `- ${turns} ${turns === 1 ? 'turn' : 'turns'}, worked ${duration(workedMs)}; ${messages.received} messages received, ${messages.sent} sent${messages.waiting > 0 ? `, ${messages.waiting} waiting` : ''}`,
    ...(usage ? [`- Usage: ${formatUsage(usage)}`] : []),
    ...waits.map(({ reason, count, ms }) => `- ${WAITS[reason]}: ${count} times, ${duration(ms)}`),
    ...(restarts > 0 ? [`- ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`] : []),
    ...(commits.length > 0 ? [`- ${commits.length} ${commits.length === 1 ? 'commit' : 'commits'}:`] : []),
    ...commits.slice(0, MAX_COMMITS).map(({ hash, subject }) => `  - \`${hash}\` ${plain(subject)}`),
    '',
  ];
}

/** Returns one line in which nothing is Markdown. */
function plain(text: string): string {
  return oneLine(text, 500).replace(/[\\`*_[\]<>#|]/g, (mark) => `\\${mark}`);
}

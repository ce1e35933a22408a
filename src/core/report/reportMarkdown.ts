import { dollars, formatUsage } from '../agents/formatUsage';
import { duration } from '../base/duration';
import { oneLine } from '../base/truncate';
import { clockTime } from '../limits/limitTexts';
import { contextText, memoryText, rateText } from '../vitals/formatVitals';
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
  const { since, until, goal, open, agents, limits, messages, usage, activity, spending, machines } = report;
  const lines = [
    `# Team report, ${clockTime(since, until)} to ${clockTime(until, until)}`,
    '',
    ...(goal === '' ? [] : [`Goal: ${plain(goal)}`, '']),
    `Messages: ${messages.received} received, ${messages.failed} failed, ${messages.uncertain} uncertain.${usage ? ` Cost of the session: ${formatUsage(usage)}${spending === '' ? '' : `, ${spending}`}.` : ''}`,
    ...machines.map((line) => `Machine: ${line}.`),
    '',
    '## What needs you now',
    '',
    ...(open.length === 0 ? ['Nothing.'] : open.map((item, index) => `${index + 1}. ${plain(item)}`)),
    '',
    ...(limits.length === 0 ? [] : ['## Limits', '', ...limits.map((line) => `- ${plain(line)}`), '']),
    '## Agents',
    '',
    ...overview(agents),
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

/** Returns a table with one row for each agent. */
function overview(agents: readonly AgentReport[]): string[] {
  const rows = agents.map(({ name, state, turns, workedMs, commits, usage }) => [
    plain(name),
    state,
    String(turns),
    duration(workedMs),
    commits ? String(commits.length) : '',
    usage ? dollars(usage.cost) : '',
  ]);
  return [
    '| agent | state | turns | worked | commits | cost |',
    '|---|---|---:|---:|---:|---:|',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  ];
}

function agentLines(agent: AgentReport): string[] {
  const { name, role, state, done, waits, restarts, messages, commits = [] } = agent;
  return [
    `### ${plain(name)}: ${state}`,
    '',
    `${plain(role)}`,
    '',
    ...(done === '' ? [] : [`- Finished: ${plain(done)}`]),
    `- ${counted(messages.received, 'message')} received, ${messages.sent} sent${messages.waiting > 0 ? `, ${messages.waiting} waiting` : ''}`,
    ...use(agent),
    ...waits.map(({ reason, count, ms }) => `- ${WAITS[reason]}: ${counted(count, 'time')}, ${duration(ms)}`),
    ...(restarts > 0 ? [`- ${counted(restarts, 'restart')}`] : []),
    ...(commits.length > 0 ? [`- ${counted(commits.length, 'commit')}:`] : []),
    ...commits.slice(0, MAX_COMMITS).map(({ hash, subject }) => `  - \`${hash}\` ${plain(subject)}`),
    '',
  ];
}

/** Returns what an agent used, in at most one line. */
function use({ usage, context, vitals }: AgentReport): string[] {
  const parts = [
    usage ? formatUsage(usage) : '',
    rateText(vitals?.costPerHour),
    context === undefined ? '' : `context ${contextText(context)}`,
    vitals ? `memory ${memoryText(vitals)}` : '',
  ].filter(Boolean);
  return parts.length === 0 ? [] : [`- Usage: ${parts.join('; ')}`];
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Returns one line in which nothing is Markdown. */
function plain(text: string): string {
  return oneLine(text, 500).replace(/[\\`*_[\]<>#|]/g, (mark) => `\\${mark}`);
}

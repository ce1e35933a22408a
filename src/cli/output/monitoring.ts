/** The dashboard as text from a snapshot. */
import { backgroundWork } from '../../core/agents/activity';
import type { AgentState } from '../../core/agents/agentState';
import { duration, timeOfDay } from '../../core/base/duration';
import { FIRST_AGENT_WINDOW } from '../../core/base/limits';
import { oneLine } from '../../core/base/truncate';
import { accountLine } from '../../core/limits/limitTexts';
import { bodyOf, labelOfTarget } from '../../core/messages/address';
import { isStuck } from '../../core/messages/messageState';
import type { ServiceRecord } from '../../core/services/serviceRecord';
import type { AgentView, MessageView, Snapshot } from '../../core/team/snapshot';
import { cellsOf, pad, paint, type Segment, type Style } from './terminalText';

export interface DashboardOptions {
  /** Maximum width of a line in cells. */
  readonly columns: number;
  /** Maximum number of lines; undefined: no limit. */
  readonly rows?: number;
  readonly color: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** False: Redis does not answer and the snapshot is old; the dashboard shows that. */
  readonly connected?: boolean;
}

type Line = readonly Segment[];

/** A part of the dashboard that may be shortened when there are few lines. */
interface Section {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Text of an empty section; undefined: the section is left out. */
  readonly empty?: string;
}

const STATUS_STYLE: Readonly<Record<AgentState, Style>> = {
  starting: 'yellow',
  idle: 'green',
  busy: 'cyan',
  'needs-input': 'magenta',
  limited: 'magenta',
  done: 'green',
  exited: 'red',
  failed: 'red',
};
const HEALTH_STYLE: Readonly<Record<ServiceRecord['health'], Style>> = {
  healthy: 'green',
  degraded: 'yellow',
  down: 'red',
  unknown: 'dim',
};
const NAME_COLUMNS = 16;

/** Formats `1,247`. */
function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Formats `[AGENT-4 → AGENT-3]`, from the target's window. */
function route(message: MessageView): string {
  return `[${message.sender} → ${labelOfTarget(message.target)}]`;
}

function agentLine(agent: AgentView, nameColumns: number, now: number): Line {
  const waiting = agent.waiting > 0 ? `  ${agent.waiting} waiting` : '';
  const activity = oneLine(agent.activity);
  const background = backgroundWork(agent);
  return [
    [`${String(agent.window).padStart(4)}  ${pad(oneLine(agent.name), nameColumns)}  `],
    [pad(agent.status, 11), STATUS_STYLE[agent.status]],
    [` ${pad(agent.changedAt > 0 ? duration(now - agent.changedAt) : '', 7)}`, 'dim'],
    [waiting, 'yellow'],
    [agent.host ? `  on ${oneLine(agent.host)}` : '', 'dim'],
    [
      background.length === 0 ? '' : `  ${background.length} in the background (${oneLine(background.join(', '), 60)})`,
      'dim',
    ],
    [activity === '' ? '' : `  ${activity}`, 'dim'],
  ];
}

function isUnresolved(message: MessageView): boolean {
  return message.state === 'held' || message.state === 'retrying' || isStuck(message);
}

function careLine(message: MessageView, now: number): Line {
  return [
    [`    ${route(message)} `],
    [message.state, isStuck(message) ? 'red' : 'yellow'],
    [`${message.reason === '' ? '' : ` (${oneLine(message.reason, 200)})`} ${duration(now - message.since)}`],
    [`  ${oneLine(bodyOf(message.message), 200)}`, 'dim'],
  ];
}

function serviceLine(service: ServiceRecord, nameColumns: number): Line {
  return [
    [`    ${pad(`${oneLine(service.name)}:`, nameColumns + 1)} ${oneLine(service.url) || `port ${service.port}`} (`],
    [service.health, HEALTH_STYLE[service.health]],
    [')'],
  ];
}

function sessionLines(snapshot: Snapshot, now: number): Line[] {
  const { session, counters } = snapshot;
  if (!session)
    return [[['  No session runs. Start one: '], ['taco up --goal "…"', 'bold'], [', or TACO: Start… in VS Code.']]];
  const failed = snapshot.agents.filter((agent) => agent.status === 'failed').length;
  const needing = snapshot.agents.filter((agent) => agent.status === 'needs-input').length;
  const started = Date.parse(session.started_at);
  const quiet = session.phase === 'running' && session.detail === '';
  return [
    [['  Session: '], [oneLine(session.tmux_session), 'bold']],
    [[`  Started: ${Number.isNaN(started) ? 'unknown' : `${duration(now - started)} ago`}`]],
    [
      ['  Agents: '],
      [`${counters.activeAgents} active`, counters.activeAgents > 0 ? 'green' : 'plain'],
      [', '],
      [`${failed} failed`, failed > 0 ? 'red' : 'plain'],
      ...(needing > 0 ? [[', '] as const, [`${needing} need input`, 'magenta'] as const] : []),
    ],
    ...(quiet
      ? []
      : [
          [
            ['  Phase: '],
            [session.phase, session.phase === 'failed' ? 'red' : 'yellow'],
            [session.detail === '' ? '' : `: ${oneLine(session.detail)}`],
          ] as Line,
        ]),
    ...(snapshot.limits ?? []).map((limit): Line => [['  Limit: '], [oneLine(accountLine(limit, now), 300), 'yellow']]),
    ...(session.goal === '' ? [] : [[['  Goal: '], [oneLine(session.goal), 'dim']] as Line]),
    ...(snapshot.leader === null
      ? [[['  No leader: messages wait until VS Code or `taco up` runs.', 'yellow']] as Line]
      : []),
  ];
}

function queueLines({ counters }: Snapshot, compact: boolean): Line[] {
  const failed: Segment = [count(counters.failed), counters.failed > 0 ? 'red' : 'plain'];
  const held: Segment = [counters.held > 0 ? ` (${count(counters.held)} held)` : '', 'yellow'];
  if (compact) {
    return [
      [
        [`  Command Queue: ${count(counters.pending)} pending, ${count(counters.processing)} processing`],
        held,
        [`, ${count(counters.executed)} completed, `],
        failed,
        [' failed'],
      ],
    ];
  }
  return [
    [['  Command Queue:']],
    [[`    Pending: ${count(counters.pending)}`]],
    [[`    Processing: ${count(counters.processing)}`], held],
    [[`    Completed: ${count(counters.executed)}`]],
    [['    Failed: '], failed],
  ];
}

function sectionsOf(snapshot: Snapshot, options: DashboardOptions): Section[] {
  const agents = snapshot.agents.filter((agent) => agent.window === 0 || agent.window >= FIRST_AGENT_WINDOW);
  const widest = (names: readonly string[]) =>
    Math.min(NAME_COLUMNS, Math.max(0, ...names.map((name) => cellsOf(oneLine(name)))));
  const agentColumns = widest(agents.map((agent) => agent.name));
  const serviceColumns = widest(snapshot.services.map((service) => service.name));
  return [
    { title: 'Team:', lines: agents.map((agent) => agentLine(agent, agentColumns, options.now)) },
    {
      title: 'Held and Dead:',
      lines: snapshot.messages.filter(isUnresolved).map((message) => careLine(message, options.now)),
    },
    {
      title: 'Recent Activity:',
      empty: '    nothing yet',
      lines: snapshot.activity.map((line) => [[`    ${timeOfDay(line.at)} `, 'dim'], [oneLine(line.text)]]),
    },
    {
      title: 'Service Registry:',
      empty: '    none',
      lines: snapshot.services.map((service) => serviceLine(service, serviceColumns)),
    },
  ];
}

/** Distributes `room` lines over the sections: one each in turn, until no line is left or needed. */
function share(wanted: readonly number[], room: number): number[] {
  const given = wanted.map(() => 0);
  let left = room;
  for (let progress = true; left > 0 && progress;) {
    progress = false;
    for (let i = 0; i < wanted.length && left > 0; i++) {
      if ((given[i] ?? 0) >= (wanted[i] ?? 0)) continue;
      given[i] = (given[i] ?? 0) + 1;
      left--;
      progress = true;
    }
  }
  return given;
}

function sectionLines(section: Section, lines: number): Line[] {
  const all: readonly Line[] =
    section.lines.length === 0 && section.empty !== undefined ? [[[section.empty, 'dim']]] : section.lines;
  const shown =
    all.length <= lines
      ? all
      : [
          ...all.slice(0, Math.max(0, lines - 1)),
          [[`    … ${count(all.length - Math.max(0, lines - 1))} more`, 'dim']] as Line,
        ].slice(0, lines);
  return [[[`  ${section.title}`, 'bold']], ...shown];
}

/**
 * Returns the dashboard, one string per line, none wider than `columns` cells, and at most `rows` lines if given.
 * Text of agents loses everything that a terminal would act on.
 */
export function renderDashboard(snapshot: Snapshot, options: DashboardOptions): string[] {
  const columns = Math.max(1, Math.floor(options.columns));
  const rule: Line = [['═'.repeat(columns), 'cyan']];
  const away: Line[] =
    options.connected === false
      ? [[[`  Redis is out of reach; this was seen ${duration(options.now - snapshot.at)} ago. Trying again…`, 'red']]]
      : [];
  const trouble: Line[] =
    snapshot.trouble === undefined ? [] : [[[`  Nothing can be written: ${oneLine(snapshot.trouble, 300)}`, 'red']]];
  const head: Line[] = [
    rule,
    [['  TACO Orchestration Monitor', 'bold']],
    rule,
    ...away,
    ...trouble,
    ...sessionLines(snapshot, options.now),
  ];
  if (!snapshot.session) return finish([...head, rule], columns, options);

  const sections = sectionsOf(snapshot, options).filter(
    (section) => section.lines.length > 0 || section.empty !== undefined,
  );
  const wanted = sections.map((section) => Math.max(1, section.lines.length));
  const rows = options.rows ?? Number.MAX_SAFE_INTEGER;
  const fixed = (queue: number, gaps: number) => head.length + queue + sections.length + gaps + 1;
  const enough = wanted.reduce((sum, lines) => sum + Math.min(lines, 3), 0);
  const gaps = sections.length + 1;
  const compact = fixed(5, gaps) + enough > rows;
  const airy = !compact || fixed(1, gaps) + enough <= rows;
  const queue = queueLines(snapshot, compact);
  const given = share(wanted, rows - fixed(queue.length, airy ? gaps : 0));
  const gap: Line[] = airy ? [[]] : [];
  return finish(
    [
      ...head,
      ...gap,
      ...queue,
      ...sections.flatMap((section, i) => [...gap, ...sectionLines(section, given[i] ?? 0)]),
      rule,
    ],
    columns,
    options,
  );
}

/** Paints the lines. On a terminal with very few lines the top stays, since it shows what is wrong. */
function finish(lines: readonly Line[], columns: number, options: DashboardOptions): string[] {
  return lines.slice(0, options.rows ?? lines.length).map((line) => paint(line, columns, options.color));
}

/** The report on a team: the work of a period, and the requests to the user now. Pure. */
import { askedBy, endedHow } from '../agents/activity';
import { limitOf } from '../agents/agentLimit';
import type { AgentState } from '../agents/agentState';
import type { Usage } from '../agents/usage';
import { oneLine } from '../base/truncate';
import { accountLine } from '../limits/limitTexts';
import { bodyOf } from '../messages/address';
import type { AgentStep, FinishedMessage, HistoryPage } from '../team/history';
import type { ActivityLine, AgentView, Snapshot } from '../team/snapshot';
import { machineText, spendingText, standstillText } from '../vitals/formatVitals';
import type { AgentVitals } from '../vitals/vitals';

/** A commit in an agent's own worktree. */
export interface ReportCommit {
  readonly hash: string;
  readonly subject: string;
}

/** A state in which an agent did not work, and for how long in all, milliseconds. */
export interface ReportWait {
  readonly reason: 'needs-input' | 'limited' | 'exited';
  readonly count: number;
  readonly ms: number;
}

export interface AgentReport {
  readonly window: number;
  readonly name: string;
  readonly role: string;
  readonly state: AgentState;
  /** Its own words when it reported done; empty when it did not. */
  readonly done: string;
  readonly turns: number;
  /** Time in which it worked, milliseconds. */
  readonly workedMs: number;
  readonly waits: readonly ReportWait[];
  readonly restarts: number;
  readonly messages: { readonly received: number; readonly sent: number; readonly waiting: number };
  /** Of the whole session; absent where its CLI records nothing. */
  readonly usage?: Usage;
  /** Tokens that its model read last; absent: not known. */
  readonly context?: number;
  /** Its use of the machine; absent: not measured. */
  readonly vitals?: AgentVitals;
  /** Newest first; absent when it has no worktree of its own on this machine. */
  readonly commits?: readonly ReportCommit[];
}

export interface TeamReport {
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly until: number;
  readonly goal: string;
  readonly phase: string;
  /** The requests to the user now, the most urgent first. */
  readonly open: readonly string[];
  readonly agents: readonly AgentReport[];
  /** Limits that hold agents now. */
  readonly limits: readonly string[];
  readonly messages: { readonly received: number; readonly failed: number; readonly uncertain: number };
  readonly usage?: Usage;
  /** Cost per hour, and when the budget ends; empty: unknown. */
  readonly spending: string;
  /** The free memory and disk of each machine. */
  readonly machines: readonly string[];
  readonly activity: readonly ActivityLine[];
}

export interface ReportInput {
  readonly snapshot: Snapshot;
  readonly history: HistoryPage;
  readonly since: number;
  /** Commits by window. */
  readonly commits?: ReadonlyMap<number, readonly ReportCommit[]>;
}

export function teamReport({ snapshot, history, since, commits }: ReportInput): TeamReport {
  const { at: now, session, agents, limits = [], usage, activity } = snapshot;
  const finished = history.finished.filter(({ at }) => at >= since);
  const count = (state: FinishedMessage['state']): number => finished.filter((each) => each.state === state).length;
  return {
    since,
    until: now,
    goal: session?.goal ?? '',
    phase: session?.phase ?? '',
    open: openItems(snapshot),
    agents: agents.map((agent) => agentReport(agent, history, since, now, finished, commits?.get(agent.window))),
    limits: limits.map((limit) => accountLine(limit, now)),
    messages: {
      received: count('received') + count('delivered'),
      failed: count('dead'),
      uncertain: count('uncertain'),
    },
    ...(usage ? { usage } : {}),
    spending: spendingText(snapshot),
    machines: (snapshot.machines ?? []).map((machine) => machineText(machine)),
    activity: activity.filter(({ at }) => at >= since),
  };
}

/** Returns one sentence for each thing that waits for the user, the most urgent first. */
function openItems({ at: now, session, agents, limits = [], needs, plan, messages, trouble }: Snapshot): string[] {
  const nameOf = (window: number): string => agents.find((agent) => agent.window === window)?.name ?? `agent ${window}`;
  const asking = new Set(needs.map(({ window }) => window));
  const ofState = (...states: readonly AgentState[]): readonly AgentView[] =>
    agents.filter(({ status }) => states.includes(status));
  return [
    ...(trouble === undefined ? [] : [`Nothing can be written: ${trouble}`]),
    ...(session?.phase === 'lost' ? ['The tmux session has ended: taco up --resume'] : []),
    ...limits
      .filter(({ until, phase }) => until === null && phase === 'closed')
      .map((limit) => `${accountLine(limit, now)}; then taco resume`),
    ...(session?.paused ? ['You paused the team: taco resume'] : []),
    ...(session?.spent === 'true' ? ['The budget is used up: taco budget AMOUNT'] : []),
    ...needs.map((request) => `${nameOf(request.window)} asks: ${askedBy(request.tool, request.input)}`),
    ...ofState('needs-input')
      .filter(({ window }) => !asking.has(window))
      .map(
        ({ name, activity }) => `${name} waits at a dialog in its terminal${activity === '' ? '' : `: ${activity}`}`,
      ),
    ...(plan?.status === 'proposed' && plan.approval === undefined
      ? [plan.change ? 'A change of the team waits for your approval' : 'A plan waits for your approval']
      : []),
    ...ofState('limited')
      .filter((agent) => limitOf(agent, limits) === undefined)
      .map(({ name, activity }) => `${name} cannot continue: ${activity}`),
    ...agents.flatMap(({ name, vitals }) => {
      const why = standstillText(vitals, now);
      return why === '' ? [] : [`${name} works, and needs a look: ${why}`];
    }),
    ...ofState('exited', 'failed').map(
      (agent) => `${agent.name} ${endOf(agent)}; to continue: taco relaunch ${agent.name}`,
    ),
    ...messages
      .filter(({ state }) => state === 'dead' || state === 'uncertain')
      .map(
        ({ id, state, reason, message }) => `Message ${id} is ${state} (${reason}): ${bodyOf(message).slice(0, 100)}`,
      ),
  ];
}

/** Returns how a program ended, with its last words unless they are its whole screen. */
function endOf({ activity, exitCode }: AgentView): string {
  const isScreen = /\u2500{3}/.test(activity);
  const words = activity === '' || isScreen ? '' : `: ${oneLine(activity, 120)}`;
  return words === `: ${endedHow(exitCode)}` ? endedHow(exitCode) : `${endedHow(exitCode)}${words}`;
}

function agentReport(
  agent: AgentView,
  { steps }: HistoryPage,
  since: number,
  now: number,
  finished: readonly FinishedMessage[],
  commits: readonly ReportCommit[] | undefined,
): AgentReport {
  const spans = spansOf(
    steps.filter(({ window }) => window === agent.window),
    since,
    now,
  );
  const label = agent.window === 0 ? 'MOTHER' : `AGENT-${agent.window}`;
  const isTo = ({ target }: FinishedMessage): boolean => target.endsWith(`:${agent.window}`);
  const waits = (['needs-input', 'limited', 'exited'] as const).map((reason): ReportWait => {
    const own = spans.filter(({ status }) => status === reason);
    return { reason, count: own.length, ms: sum(own.map(({ ms }) => ms)) };
  });
  return {
    window: agent.window,
    name: agent.name,
    role: agent.role,
    state: agent.status,
    done: agent.done ? agent.activity : '',
    // An agent that asks the user goes on with the same turn afterwards.
    turns: spans.filter(({ status, before, begins }) => begins && status === 'busy' && before !== 'needs-input').length,
    workedMs: sum(spans.filter(({ status }) => status === 'busy').map(({ ms }) => ms)),
    waits: waits.filter(({ count }) => count > 0),
    restarts: spans.filter(({ status, before, begins }) => begins && status === 'starting' && before !== undefined)
      .length,
    messages: {
      received: finished.filter((each) => isTo(each) && (each.state === 'received' || each.state === 'delivered'))
        .length,
      sent: finished.filter(({ sender }) => sender === label).length,
      waiting: agent.waiting,
    },
    ...(agent.usage ? { usage: agent.usage } : {}),
    ...(agent.context === undefined ? {} : { context: agent.context }),
    ...(agent.vitals ? { vitals: agent.vitals } : {}),
    ...(commits ? { commits } : {}),
  };
}

interface Span {
  readonly status: AgentState;
  readonly before: AgentState | undefined;
  /** True when the state began in the time of the report. */
  readonly begins: boolean;
  readonly ms: number;
}

/** Returns the states of an agent in the time of the report. `steps`: oldest first. */
function spansOf(steps: readonly AgentStep[], since: number, now: number): readonly Span[] {
  return steps.flatMap(({ status, at }, index) => {
    const end = steps[index + 1]?.at ?? now;
    if (end < since) return [];
    return [
      { status, before: steps[index - 1]?.status, begins: at >= since, ms: Math.max(0, end - Math.max(at, since)) },
    ];
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

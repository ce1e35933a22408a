/** The monitor's contents made from a snapshot. No `vscode` here. */
import * as l10n from '@vscode/l10n';
import { backgroundWork } from '../../core/agents/activity';
import { formatUsage } from '../../core/agents/formatUsage';
import { firstLine } from '../../core/base/truncate';
import { accountLine } from '../../core/limits/limitTexts';
import { bodyOf, labelOfTarget, windowOfTarget } from '../../core/messages/address';
import { isStuck, canDrop } from '../../core/messages/messageState';
import type { InputRequest } from '../../core/requests/inputRequest';
import { questionsOf } from '../../core/requests/questions';
import { requestText } from '../../core/requests/requestText';
import type { ServiceRecord } from '../../core/services/serviceRecord';
import type { AgentView, MessageView, Snapshot } from '../../core/team/snapshot';
import { contextText, spendingText, standstillText } from '../../core/vitals/formatVitals';
import { listPatch } from '../../core/webviews/listPatch';
import type {
  MonitorAgent,
  MonitorMessageRow,
  MonitorPatch,
  MonitorPost,
  MonitorRequest,
  MonitorService,
  MonitorSession,
} from '../../core/webviews/monitorProtocol';
import { type ProjectState, nextStep, requests } from '../project/projectState';
import { requestSentence } from '../shared/inputRequestText';
import { agentStateText, agentTitle, healthWord, messageStatus, nameOf, phaseWord } from '../shared/labels';
import { conflictWord, proofWord } from '../shared/proofLabel';
import { addressOf, webUrl } from '../trees/treeRows';

/** Maximum length of one message's text on a page; the ledger has the whole text. */
const TEXT_LIMIT = 2000;
/** Maximum length of a task in a row, characters. */
const TASK_LIMIT = 200;

export function monitorPost(state: ProjectState, seq: number): MonitorPost {
  const { snapshot, connected } = state;
  const session = snapshot?.session;
  if (!snapshot || !session)
    return {
      type: 'monitor',
      seq,
      now: Date.now(),
      connected,
      session: null,
      requests: [],
      agents: [],
      messages: [],
      services: [],
      activity: [],
    };
  return {
    type: 'monitor',
    seq,
    now: snapshot.at,
    connected,
    session: sessionOf(state, snapshot, session),
    requests: requests(state).map(({ request, agent }) => requestOf(request, agent)),
    agents: snapshot.agents.map((agent) => agentOf(agent, snapshot.at)),
    messages: snapshot.messages.map((message) => messageRow(message, snapshot.agents)),
    services: snapshot.services.map((service) => serviceOf(service, snapshot)),
    activity: snapshot.activity,
  };
}

/** Returns the patch that turns `before` on a page into `after`: most of a post does not change. */
export function monitorPatch(before: MonitorPost, after: MonitorPost): MonitorPatch {
  const agents = listPatch(before.agents, after.agents, ({ window }) => window);
  const messages = listPatch(before.messages, after.messages, ({ id }) => id);
  const services = listPatch(before.services, after.services, ({ name }) => name);
  const differs = (of: 'session' | 'activity' | 'requests'): boolean =>
    JSON.stringify(before[of]) !== JSON.stringify(after[of]);
  return {
    type: 'monitor-patch',
    from: before.seq,
    seq: after.seq,
    now: after.now,
    connected: after.connected,
    ...(differs('session') ? { session: after.session } : {}),
    ...(differs('requests') ? { requests: after.requests } : {}),
    ...(differs('activity') ? { activity: after.activity } : {}),
    ...(agents ? { agents } : {}),
    ...(messages ? { messages } : {}),
    ...(services ? { services } : {}),
  };
}

function sessionOf(
  state: ProjectState,
  { at, counters, agents, leader, usage, limits = [] }: Snapshot,
  session: NonNullable<Snapshot['session']>,
): MonitorSession {
  const spending = spendingText({ at, session, agents, ...(usage ? { usage } : {}) }, l10n.t);
  return {
    name: session.tmux_session,
    goal: session.goal,
    phase: session.phase,
    phaseWord: phaseWord(session.phase),
    detail: [session.detail, ...limits.map((limit) => accountLine(limit, at, l10n.t))].filter(Boolean).join(' · '),
    startedAt: Date.parse(session.started_at) || 0,
    leader: leader ?? '',
    next: nextStep(state),
    active: counters.activeAgents,
    failed: agents.filter((agent) => agent.status === 'failed').length,
    ...(usage
      ? { cost: [formatUsage(usage, Number(session.budget ?? 0), l10n.t), spending].filter(Boolean).join(' · ') }
      : {}),
    queue: {
      pending: counters.pending,
      processing: counters.processing,
      held: counters.held,
      completed: counters.executed,
      failed: counters.failed,
    },
  };
}

function requestOf(request: InputRequest, agent: AgentView): MonitorRequest {
  const [question, more] = questionsOf(request) ?? [];
  const isSimple = question !== undefined && more === undefined && !question.multiSelect;
  return {
    id: request.id,
    window: request.window,
    sentence: requestSentence(request, agent),
    text: requestText(request),
    cut: request.cut,
    kind: request.kind,
    choices: request.choices,
    ...(isSimple
      ? { question: { question: question.question, options: question.options.map(({ label }) => label) } }
      : {}),
    at: request.at,
  };
}

function agentOf(agent: AgentView, now: number): MonitorAgent {
  const standstill = standstillText(agent.vitals, now, l10n.t);
  return {
    window: agent.window,
    name: agentTitle(agent),
    role: agent.role,
    state: agent.status,
    stateWord: agentStateText(agent),
    ...(agent.proof ? { proof: { kind: agent.proof, word: proofWord(agent) } } : {}),
    ...(agent.conflicts ? { conflicts: conflictWord(agent) } : {}),
    task: firstLine(taskOf(agent), TASK_LIMIT),
    background: backgroundWork(agent).join(', '),
    activity: agent.activity,
    changedAt: agent.changedAt,
    waiting: agent.waiting,
    services: agent.services.join(', '),
    ...(agent.context === undefined ? {} : { context: contextText(agent.context, l10n.t) }),
    ...(standstill === '' ? {} : { standstill }),
    ...(agent.usage ? { cost: formatUsage(agent.usage, 0, l10n.t) } : {}),
  };
}

/** Returns the task of the spec, else the role. It reads no more of the spec: a page is made up to ten times a second. */
function taskOf({ spec, role }: AgentView): string {
  try {
    const { task } = (JSON.parse(spec || '{}') ?? {}) as { readonly task?: unknown };
    return typeof task === 'string' && task.trim() !== '' ? task : role;
  } catch {
    return role;
  }
}

export function messageRow(message: MessageView, agents: readonly AgentView[]): MonitorMessageRow {
  const window = windowOfTarget(message.target);
  return {
    id: message.id,
    from: nameOf(message.sender, agents),
    to: nameOf(message.target, agents),
    sender: message.sender,
    receiver: labelOfTarget(message.target),
    window,
    text: bodyOf(message.message).slice(0, TEXT_LIMIT),
    state: message.state,
    status: messageStatus(message),
    since: message.since,
    enqueuedAt: message.enqueuedAt,
    stuck: isStuck(message),
    droppable: canDrop(message.state),
    history: message.history.map((step) => ({ at: step.at, status: messageStatus(step) })),
  };
}

function serviceOf(service: ServiceRecord, { agents }: Snapshot): MonitorService {
  return {
    name: service.name,
    address: addressOf(service),
    web: webUrl(service) !== null,
    health: service.health,
    healthWord: healthWord(service.health),
    owner: service.owner === '' ? '' : nameOf(service.owner, agents),
  };
}

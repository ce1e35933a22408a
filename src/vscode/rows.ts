/** What the trees show, as data: pure, so that a test reads the rows as a person would. No `vscode` here. */
import type { MessageView, Snapshot, AgentView } from '../core/snapshot';
import { TacoPaths } from '../core/paths';
import { usageText } from '../core/usageText';
import type { ServiceRecord } from '../core/models';
import type { Need } from '../core/needs';
import { agentStateIcons, agentStateWords, agentTitle, bodyOf, duration, firstLine, isMother, messageStateWords, messageStatus, nameOf } from './format';
import { needText, needTitle } from './needWords';
import { isStuck } from './state';

export interface Row {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly color?: string | undefined;
  /** Matched by the `when` clauses of menus; see contributions.ts. */
  readonly context: string;
  /** Spoken instead of label and description. */
  readonly spoken: string;
  /** Markdown; agent texts in it are escaped by whoever renders it. */
  readonly tooltip: readonly (readonly [name: string, value: string])[];
  readonly children: readonly Row[];
  readonly expanded?: boolean;
  /** What a command on this row is about. */
  readonly subject?: { readonly window?: number; readonly messageId?: string; readonly service?: string; readonly needId?: string };
}

/** @param isMuted whether the person wants no notifications about the agent of this name */
export function agentRows(snapshot: Snapshot | null, isMuted: (name: string) => boolean = () => false): readonly Row[] {
  if (!snapshot?.session) return [];
  return snapshot.agents.map((agent) => agentRow(agent, snapshot, isMuted(agent.name)));
}

function agentRow(agent: AgentView, { at: now, projectId, needs, hosts = [] }: Snapshot, muted: boolean): Row {
  const own = needs.filter(({ window }) => window === agent.window);
  const { icon, color } = agentStateIcons[agent.status];
  const title = agentTitle(agent);
  const parts = [
    agent.changedAt > 0 ? `${agentStateWords[agent.status]} ${duration(now - agent.changedAt)}` : agentStateWords[agent.status],
    // What it asks stands in the rows below.
    own.length === 0 && agent.activity && firstLine(agent.activity, 60),
    agent.waiting > 0 && `${agent.waiting} waiting`,
    agent.services.length > 0 && agent.services.join(', '),
    agent.host && `on ${agent.host}${hosts.some(({ name, awaySince }) => name === agent.host && awaySince !== null) ? ' (away)' : ''}`,
    muted && 'muted',
  ].filter((part): part is string => typeof part === 'string' && part !== '');
  return {
    // VS Code keeps a row folded that had nothing below it before: with a request it is another row.
    id: `agent:${agent.window}${own.length > 0 ? ':asks' : ''}`,
    label: title,
    description: parts.join(' · '),
    icon,
    color,
    context: [isMother(agent) ? 'mother' : 'agent', hasWorktreeHere(agent, projectId) && 'worktree', muted && 'muted'].filter(Boolean).join('.'),
    spoken: `${title}, ${parts.join(', ')}`,
    tooltip: [
      ['Role', firstLine(agent.role, 200)],
      ['State', agentStateWords[agent.status]],
      ['Doing', agent.activity],
      ['Window', `${agent.window}`],
      ['Host', agent.host ?? ''],
      ['CLI', [agent.profile, agent.model, agent.permissionMode].filter(Boolean).join(', ')],
      ['Folder', agent.workspace],
      ['Messages waiting', `${agent.waiting}`],
      ['Services', agent.services.join(', ')],
      ['Cost', agent.usage ? usageText(agent.usage) : ''],
    ],
    children: own.map((need) => needRow(need, title, now)),
    expanded: true,
    subject: { window: agent.window },
  };
}

/** Whether it has a worktree that can be opened: one on another host is not on this disk. */
function hasWorktreeHere({ host, workspace }: AgentView, projectId: string): boolean {
  return !host && TacoPaths.inWorktree(projectId, workspace);
}

/** What an agent asks of the person; a click answers. */
function needRow(need: Need, agent: string, now: number): Row {
  const title = needTitle(need);
  const age = duration(now - need.at);
  return {
    id: `need:${need.id}`,
    label: title,
    description: age,
    icon: need.kind === 'question' ? 'question' : need.kind === 'plan' ? 'checklist' : need.kind === 'dialog' ? 'comment-unresolved' : 'shield',
    color: 'list.warningForeground',
    context: 'need',
    spoken: `${agent} asks: ${title}, for ${age}. Press Enter to answer.`,
    tooltip: [['Asks', needText(need).slice(0, 1500)], ['For', age]],
    children: [],
    subject: { window: need.window, needId: need.id },
  };
}

const PENDING: readonly MessageView['state'][] = ['queued', 'retrying'];
const PROCESSING: readonly MessageView['state'][] = ['typing', 'typed', 'entered', 'delivered'];

/** Groups in the order of concern; an empty group is left out. */
export function messageRows(snapshot: Snapshot | null): readonly Row[] {
  if (!snapshot?.session) return [];
  const { messages } = snapshot;
  return [
    group('stuck', 'Needs a decision', 'warning', messages.filter(isStuck), snapshot, true),
    group('held', 'Held', 'debug-pause', messages.filter((message) => message.state === 'held'), snapshot, true),
    group('processing', 'Processing', 'sync', messages.filter((message) => PROCESSING.includes(message.state)), snapshot, true),
    group('pending', 'Pending', 'inbox', messages.filter((message) => PENDING.includes(message.state)), snapshot, true),
    group('recent', 'Recent', 'history', messages.filter((message) => message.state === 'received' || message.state === 'dropped'), snapshot, false),
  ].filter((row) => row.children.length > 0);
}

function group(id: string, label: string, icon: string, messages: readonly MessageView[], snapshot: Snapshot, expanded: boolean): Row {
  return {
    id: `group:${id}`,
    label,
    description: `${messages.length}`,
    icon,
    color: id === 'stuck' ? 'list.warningForeground' : undefined,
    context: 'group',
    spoken: `${label}, ${messages.length} messages`,
    tooltip: [],
    children: messages.map((message) => messageRow(message, snapshot)),
    expanded,
  };
}

function messageRow(message: MessageView, snapshot: Snapshot): Row {
  const from = nameOf(message.sender, snapshot.agents);
  const to = nameOf(message.target, snapshot.agents);
  const status = messageStatus(message);
  const age = duration(snapshot.at - message.since);
  const body = firstLine(bodyOf(message.message));
  const window = /:(\d+)$/.exec(message.target)?.[1];
  const plain = message.state === 'received' || message.state === 'queued';
  return {
    id: `message:${message.id}`,
    label: `${from} → ${to}`,
    // The group already says "held".
    description: plain ? `${body} · ${age}` : `${status.replace(/^held: /, '')} · ${age} · ${body}`,
    icon: messageIcon(message),
    color: isStuck(message) ? 'list.warningForeground' : undefined,
    context: isStuck(message) ? 'message.stuck' : 'message',
    spoken: `From ${from} to ${to}, ${status}, ${age}: ${body}`,
    tooltip: [
      ['State', `${status}, for ${age}`],
      ['Attempts', `${message.attempts}`],
      ['Priority', message.priority],
      ['Text', bodyOf(message.message).slice(0, 1500)],
    ],
    children: message.history.map((step, index) => ({
      id: `message:${message.id}:${index}`,
      label: messageStateWords[step.state],
      description: `${clock(step.at)}${step.reason ? ` · ${messageStatus(step).replace(/^[^:]+: /, '')}` : ''}`,
      icon: 'circle-small',
      context: 'step',
      spoken: `${messageStatus(step)} at ${clock(step.at)}`,
      tooltip: [],
      children: [],
    })),
    subject: { messageId: message.id, ...(window === undefined ? {} : { window: Number(window) }) },
  };
}

function messageIcon({ state }: MessageView): string {
  switch (state) {
    case 'received': return 'check-all';
    case 'delivered': return 'check';
    case 'held': return 'debug-pause';
    case 'dead': return 'error';
    case 'uncertain': return 'question';
    case 'dropped': return 'trash';
    case 'retrying': return 'history';
    case 'queued': return 'mail';
    case 'typing':
    case 'typed':
    case 'entered': return 'edit';
  }
}

/** `12:34:56`, local time. */
export function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

export function serviceRows(snapshot: Snapshot | null): readonly Row[] {
  if (!snapshot?.session) return [];
  return snapshot.services.map((service) => serviceRow(service, snapshot));
}

const healthIcons: Readonly<Record<ServiceRecord['health'], { readonly icon: string; readonly color?: string }>> = {
  healthy: { icon: 'pass', color: 'charts.green' },
  degraded: { icon: 'warning', color: 'list.warningForeground' },
  down: { icon: 'error', color: 'list.errorForeground' },
  unknown: { icon: 'question' },
};

function serviceRow(service: ServiceRecord, snapshot: Snapshot): Row {
  const { icon, color } = healthIcons[service.health];
  const owner = service.owner === '' ? '' : nameOf(service.owner, snapshot.agents);
  const description = [service.health, `:${service.port}`, owner].filter(Boolean).join(' · ');
  return {
    id: `service:${service.name}`,
    label: service.name,
    description,
    icon,
    color,
    context: webUrl(service) === null ? 'service' : 'service.url',
    spoken: `${service.name}, ${service.health}, port ${service.port}${owner ? `, of ${owner}` : ''}`,
    tooltip: [
      ['Address', service.url || `port ${service.port}`],
      ['Health', service.health],
      ['Checked', service.checkedAt > 0 ? `${duration(snapshot.at - service.checkedAt)} ago` : 'not yet'],
      ['Owner', owner],
    ],
    children: [],
    subject: { service: service.name },
  };
}

/** The address a browser may open, or null: agents write it, so only http and https pass. */
export function webUrl(service: Pick<ServiceRecord, 'url' | 'port'>): string | null {
  const text = service.url === '' ? `http://localhost:${service.port}` : service.url;
  if (!URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return protocol === 'http:' || protocol === 'https:' ? href : null;
}

/** Rows of the trees as data: pure, so that a test reads the rows as a user would. No `vscode` here. */
import * as l10n from '@vscode/l10n';
import { backgroundWork } from '../../core/agents/activity';
import { limitOf } from '../../core/agents/agentLimit';
import { formatUsage } from '../../core/agents/formatUsage';
import { duration } from '../../core/base/duration';
import { firstLine } from '../../core/base/truncate';
import { limitLine } from '../../core/limits/limitTexts';
import { TacoPaths } from '../../core/programs/paths';
import type { InputRequest } from '../../core/requests/inputRequest';
import { requestText } from '../../core/requests/requestText';
import type { ServiceRecord } from '../../core/services/serviceRecord';
import type { Snapshot, AgentView } from '../../core/team/snapshot';
import { contextText, memoryText, rateText, standstillText } from '../../core/vitals/formatVitals';
import { hasSession, isLost, type ProjectState } from '../project/projectState';
import { requestTitle } from '../shared/inputRequestText';
import { agentStateIcons, agentStateText, agentTitle, healthWord, isMother, isolated, nameOf } from '../shared/labels';
import { conflictWord, proofWord } from '../shared/proofLabel';
import type { Subject } from '../shared/subject';

export interface TreeRow {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly color?: string | undefined;
  /** Matched by the `when` clauses of menus; see contributions.ts. */
  readonly context: string;
  /** Text for screen readers instead of label and description. */
  readonly spoken: string;
  /** Markdown; the renderer escapes agents' texts in it. */
  readonly tooltip: readonly (readonly [name: string, value: string])[];
  readonly children: readonly TreeRow[];
  readonly expanded?: boolean;
  /** Subject of a command on this row. */
  readonly subject?: Subject;
}

/** @param isMuted whether the user muted the notifications of the agent with this name */
export function agentRows(
  snapshot: Snapshot | null,
  isMuted: (name: string) => boolean = () => false,
): readonly TreeRow[] {
  if (!snapshot?.session) return [];
  return snapshot.agents.map((agent) => agentRow(agent, snapshot, isMuted(agent.name)));
}

function agentRow(
  agent: AgentView,
  { at: now, projectId, needs, hosts = [], limits }: Snapshot,
  muted: boolean,
): TreeRow {
  const limit = limitOf(agent, limits);
  const own = needs.filter(({ window }) => window === agent.window);
  const { icon, color } = agentStateIcons[agent.status];
  const title = agentTitle(agent);
  const state = agentStateText(agent);
  const away = hosts.some(({ name, awaySince }) => name === agent.host && awaySince !== null);
  const parts = [
    agent.changedAt > 0 ? `${state} ${duration(now - agent.changedAt, l10n.t)}` : state,
    proofWord(agent),
    limit && limitLine(limit, now, l10n.t),
    // The rows below show its requests.
    own.length === 0 && !limit && agent.activity && isolated(firstLine(agent.activity, 60)),
    agent.waiting > 0 && l10n.t('{0} waiting', agent.waiting),
    agent.services.length > 0 && agent.services.join(', '),
    agent.host && (away ? l10n.t('on {0} (disconnected)', agent.host) : l10n.t('on {0}', agent.host)),
    muted && l10n.t('muted'),
  ].filter((part): part is string => typeof part === 'string' && part !== '');
  return {
    // VS Code keeps a childless row collapsed when it gets children, so a row with requests has another id.
    id: `agent:${agent.window}${own.length > 0 ? ':asks' : ''}`,
    label: title,
    description: parts.join(' · '),
    icon,
    color,
    context: [isMother(agent) ? 'mother' : 'agent', hasWorktreeHere(agent, projectId) && 'worktree', muted && 'muted']
      .filter(Boolean)
      .join('.'),
    spoken: `${title}, ${parts.join(', ')}`,
    tooltip: [
      [l10n.t('Role'), firstLine(agent.role, 200)],
      [l10n.t('State'), state],
      [l10n.t('Proof'), proofWord(agent)],
      [l10n.t('Conflicts'), conflictWord(agent)],
      [l10n.t('Activity'), agent.activity],
      [l10n.t('In the background'), backgroundWork(agent).join(', ')],
      [l10n.t('Window'), `${agent.window}`],
      [l10n.t('Host'), agent.host ?? ''],
      [l10n.t('CLI'), [agent.profile, agent.model, agent.permissionMode].filter(Boolean).join(', ')],
      [l10n.t('Folder'), agent.workspace],
      [l10n.t('Messages waiting'), `${agent.waiting}`],
      [l10n.t('Services'), agent.services.join(', ')],
      [l10n.t('Cost'), agent.usage ? formatUsage(agent.usage, 0, l10n.t) : ''],
      [l10n.t('Rate'), rateText(agent.vitals?.costPerHour, l10n.t)],
      [l10n.t('Context'), contextText(agent.context, l10n.t)],
      [l10n.t('Memory'), memoryText(agent.vitals, l10n.t)],
      [l10n.t('Progress'), standstillText(agent.vitals, now, l10n.t)],
    ],
    children: own.map((request) => requestRow(request, title, now)),
    expanded: true,
    subject: { window: agent.window },
  };
}

/** Returns whether the agent has a worktree on this disk, which can be opened; one on another host is not. */
function hasWorktreeHere({ host, workspace }: AgentView, projectId: string): boolean {
  return !host && TacoPaths.inWorktree(projectId, workspace);
}

/** A request of an agent to the user; a click answers it. */
function requestRow(request: InputRequest, agent: string, now: number): TreeRow {
  const title = requestTitle(request);
  const age = duration(now - request.at, l10n.t);
  return {
    id: `need:${request.id}`,
    label: title,
    description: age,
    icon:
      request.kind === 'question'
        ? 'question'
        : request.kind === 'plan'
          ? 'checklist'
          : request.kind === 'dialog'
            ? 'comment-unresolved'
            : 'shield',
    color: 'list.warningForeground',
    context: 'need',
    spoken: l10n.t('{0} asks: {1}, for {2}. Press Enter to answer.', agent, title, age),
    tooltip: [
      [l10n.t('Request'), requestText(request).slice(0, 1500)],
      [l10n.t('For'), age],
    ],
    children: [],
    subject: { window: request.window, needId: request.id },
  };
}

export function serviceRows(snapshot: Snapshot | null): readonly TreeRow[] {
  if (!snapshot?.session) return [];
  return snapshot.services.map((service) => serviceRow(service, snapshot));
}

const healthIcons: Readonly<Record<ServiceRecord['health'], { readonly icon: string; readonly color?: string }>> = {
  healthy: { icon: 'pass', color: 'charts.green' },
  degraded: { icon: 'warning', color: 'list.warningForeground' },
  down: { icon: 'error', color: 'list.errorForeground' },
  unknown: { icon: 'question' },
};

function serviceRow(service: ServiceRecord, snapshot: Snapshot): TreeRow {
  const { icon, color } = healthIcons[service.health];
  const owner = service.owner === '' ? '' : nameOf(service.owner, snapshot.agents);
  const health = healthWord(service.health);
  const description = [health, `:${service.port}`, owner].filter(Boolean).join(' · ');
  return {
    id: `service:${service.name}`,
    label: service.name,
    description,
    icon,
    color,
    context: webUrl(service) === null ? 'service' : 'service.url',
    spoken: owner
      ? l10n.t('{0}, {1}, port {2}, of {3}', service.name, health, service.port, owner)
      : l10n.t('{0}, {1}, port {2}', service.name, health, service.port),
    tooltip: [
      [l10n.t('Address'), addressOf(service)],
      [l10n.t('Health'), health],
      [
        l10n.t('Checked'),
        service.checkedAt > 0
          ? l10n.t('{0} ago', duration(snapshot.at - service.checkedAt, l10n.t))
          : l10n.t('not yet'),
      ],
      [l10n.t('Owner'), owner],
    ],
    children: [],
    subject: { service: service.name },
  };
}

/** Returns the address for display: the URL, otherwise the port. */
export function addressOf({ url, port }: Pick<ServiceRecord, 'url' | 'port'>): string {
  return url || l10n.t('port {0}', port);
}

/** Returns the address that a browser may open, or null. Agents write it, so only http and https pass. */
export function webUrl(service: Pick<ServiceRecord, 'url' | 'port'>): string | null {
  const text = service.url === '' ? `http://localhost:${service.port}` : service.url;
  if (!URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return protocol === 'http:' || protocol === 'https:' ? href : null;
}

/**
 * Returns the notice above the agents, for cases in which their rows alone would mislead; empty when there is none.
 */
export function agentsNotice(state: ProjectState): string {
  if (!hasSession(state)) return ''; // a notice would replace the welcome view
  if (!state.connected) return l10n.t('Redis does not answer. This is the last known state.');
  return isLost(state) ? l10n.t('The tmux session has ended: resume it, or stop it') : '';
}

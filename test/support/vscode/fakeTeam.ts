/** A team without tmux or Redis, for tests of the views: the test sets its snapshot. */
import { Emitter } from '../../../src/core/base/disposable';
import type { MessageState } from '../../../src/core/messages/messageState';
import type { SendInput } from '../../../src/core/messages/newCommand';
import type { PlanReview } from '../../../src/core/plan/planReview';
import type { InputResponse } from '../../../src/core/requests/inputRequest';
import { checkRequest, requestKindOf, type RequestKind } from '../../../src/core/team/checkRequest';
import type { ControlRequest } from '../../../src/core/team/controlRequest';
import type { HistoryPage } from '../../../src/core/team/history';
import type { MonitorEvent } from '../../../src/core/team/monitorEvent';
import type { AgentView, MessageView, Snapshot } from '../../../src/core/team/snapshot';
import type { SentMessage, TeamClient } from '../../../src/core/team/teamClient';
import { teamPhaseOf } from '../../../src/core/team/teamPhase';

const NOW = Date.now();
const MINUTE = 60_000;

export function agent(
  window: number,
  name: string,
  status: AgentView['status'],
  more: Partial<AgentView> = {},
): AgentView {
  return {
    window,
    name,
    role: `${name} of the team`,
    status,
    workspace: '/work',
    profile: 'claude',
    pane: `%${window}`,
    sessionId: '',
    activity: '',
    done: false,
    spec: '',
    model: '',
    permissionMode: '',
    startedAt: NOW - 40 * MINUTE,
    changedAt: NOW - 3 * MINUTE,
    exitCode: '',
    waiting: 0,
    services: [],
    ...more,
  };
}

export function message(
  id: string,
  from: string,
  window: number,
  text: string,
  state: MessageState,
  reason = '',
  ago = MINUTE,
): MessageView {
  const to = window === 0 ? 'MOTHER' : `AGENT-${window}`;
  const step = (at: number, of: MessageState, why = ''): MessageView['history'][number] => ({
    at,
    state: of,
    reason: why,
  });
  return {
    id: `cmd_${id}`,
    type: 'tmux_message',
    target: `taco-sample:${window}`,
    sender: from,
    message: `[${from} → ${to}]: ${text}`,
    priority: 'normal',
    state,
    reason,
    since: NOW - ago,
    enqueuedAt: NOW - ago - 4000,
    attempts: state === 'dead' ? 3 : 0,
    history: [step(NOW - ago - 4000, 'queued'), step(NOW - ago - 3000, 'typing'), step(NOW - ago, state, reason)],
  };
}

export const samplePlan: PlanReview = {
  status: 'proposed',
  problems: [],
  repaired: false,
  proposal: null,
  attempt: 1,
  at: NOW,
  plan: {
    agents: [
      {
        window: 2,
        name: 'database',
        role: 'Design the schema and the migrations',
        task: 'Write schema.sql and a migration runner. Keep it to three tables.',
        depends_on: [],
        notifies: ['backend'],
        wait_for: [],
      },
      {
        window: 3,
        name: 'backend',
        role: 'Build the REST API',
        depends_on: ['database'],
        notifies: ['frontend', 'validator'],
        wait_for: ['database'],
        permission_mode: 'acceptEdits',
      },
      {
        window: 4,
        name: 'frontend',
        role: 'Build the React page',
        depends_on: ['database'],
        notifies: ['validator'],
        wait_for: [],
        model: 'opus',
      },
      {
        window: 5,
        name: 'validator',
        role: 'Test everything end to end and report to Mother',
        depends_on: ['backend', 'frontend'],
        notifies: [],
        wait_for: ['backend', 'frontend'],
      },
    ],
  },
};

export function sampleSnapshot(more: Partial<Snapshot> = {}): Snapshot {
  return {
    at: NOW,
    projectId: 'abc',
    leader: 'host:1234',
    needs: [],
    plan: { ...samplePlan, status: 'approved' },
    session: {
      project_dir: '/work',
      started_at: new Date(NOW - 154 * MINUTE).toISOString(),
      agent_count: 4,
      goal: 'Add a REST API with tests and a page that uses it',
      tmux_session: 'taco-sample',
      phase: 'running',
      detail: '',
    },
    agents: [
      agent(0, 'mother', 'idle'),
      agent(2, 'database', 'done', { activity: 'Schema ready' }),
      agent(3, 'backend', 'busy', { activity: 'Bash: npm test', services: ['api'], waiting: 1 }),
      agent(4, 'frontend', 'needs-input', { activity: 'Permission: Bash npm install', waiting: 2 }),
      agent(5, 'validator', 'starting'),
    ],
    messages: [
      message(
        'dead01',
        'AGENT-3',
        5,
        'The API is ready on port 3001',
        'dead',
        'the composer lost the text three times',
        8 * MINUTE,
      ),
      message('held01', 'AGENT-3', 4, 'Use /api/v1 as the base path\nand nothing else', 'held', 'dialog', 2 * MINUTE),
      message('held02', 'MOTHER', 4, 'How far are you?', 'held', 'dialog', MINUTE),
      message('queue1', 'USER', 3, 'Please add pagination', 'queued', '', 5000),
      message('type01', 'AGENT-2', 3, 'Schema changed: users.email is unique now', 'typing', '', 1000),
      message('recv01', 'AGENT-2', 3, 'Database schema ready', 'received', '', 20 * MINUTE),
      message('recv02', 'AGENT-2', 0, 'Done: three tables, two migrations', 'received', '', 21 * MINUTE),
    ],
    services: [
      {
        name: 'api',
        port: 3001,
        url: 'http://localhost:3001',
        health: 'healthy',
        owner: 'AGENT-3',
        check: '/health',
        checkedAt: NOW - 4000,
      },
      {
        name: 'database',
        port: 5432,
        url: 'postgres://localhost:5432',
        health: 'degraded',
        owner: 'AGENT-2',
        check: 'tcp',
        checkedAt: NOW - 4000,
      },
    ],
    counters: {
      pending: 1,
      processing: 3,
      held: 2,
      dead: 1,
      enqueued: 1252,
      executed: 1247,
      failed: 1,
      activeAgents: 3,
    },
    activity: [
      { at: NOW - 1000, text: '[AGENT-2 → AGENT-3] Schema changed: users.email is unique now' },
      { at: NOW - 60_000, text: 'frontend needs input: Permission: Bash npm install' },
      { at: NOW - 20 * MINUTE, text: '[AGENT-2 → AGENT-3] Database schema ready' },
    ],
    ...more,
  };
}

export class FakeTeam implements TeamClient {
  readonly projectId = 'abc';
  readonly projectDir = '/work';
  readonly requests: ControlRequest[] = [];
  readonly sent: SendInput[] = [];
  /** Ids of messages that were retried or dropped. */
  readonly decided: string[] = [];
  readonly answered: { readonly id: string; readonly answer: InputResponse }[] = [];
  readonly change = new Emitter<void>();
  readonly events = new Emitter<MonitorEvent>();
  readonly connection = new Emitter<boolean>();
  readonly onChange = this.change.event;
  readonly onEvent = this.events.event;
  readonly onConnection = this.connection.event;
  constructor(public current: Snapshot) {}

  show(snapshot: Snapshot): void {
    this.current = snapshot;
    this.change.fire();
  }

  async snapshot(): Promise<Snapshot> {
    return this.current;
  }

  async message(id: string): Promise<MessageView | null> {
    return this.current.messages.find((candidate) => candidate.id === id) ?? null;
  }

  async messages(ids: readonly string[]): Promise<readonly MessageView[]> {
    return this.current.messages.filter(({ id }) => ids.includes(id));
  }

  history(): { next(): Promise<HistoryPage> } {
    return { next: async () => ({ finished: [], steps: [] }) };
  }

  /** Refuses as the real team does. */
  private assertAllowed(kind: RequestKind): void {
    const { session, plan } = this.current;
    const names = { projectDir: this.projectDir, tmuxSession: session?.tmux_session ?? '' };
    const refusal = checkRequest(kind, teamPhaseOf(session, plan), names);
    if (refusal) throw refusal;
  }

  async send(input: SendInput): Promise<readonly SentMessage[]> {
    this.assertAllowed('send');
    this.sent.push(input);
    return [{ id: 'cmd_fake01', to: input.to, target: 'taco-sample:3', spooled: false }];
  }

  async waitFor(id: string): Promise<MessageView> {
    return message(id, 'USER', 3, '', 'received');
  }

  async request(request: ControlRequest): Promise<void> {
    this.assertAllowed(requestKindOf(request));
    this.requests.push(request);
  }

  /** Tickets of starts that wait for a leader. */
  readonly waiting = new Set<string>();
  async waitsToStart(ticket: string): Promise<boolean> {
    return this.waiting.has(ticket);
  }
  async withdrawStart(ticket: string): Promise<boolean> {
    return this.waiting.delete(ticket);
  }

  readonly calls = {
    take: async (): Promise<'yours'> => 'yours',
    keep: async (): Promise<void> => undefined,
    markShown: async (): Promise<void> => undefined,
  };

  async answer(id: string, answer: InputResponse): Promise<void> {
    this.answered.push({ id, answer });
  }

  async retry(id: string): Promise<void> {
    this.assertAllowed('record');
    this.decided.push(id);
  }
  async drop(id: string): Promise<void> {
    return this.retry(id);
  }
  dispose(): void {
    this.change.dispose();
  }
}

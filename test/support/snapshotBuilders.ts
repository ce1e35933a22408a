/** Builds snapshots for tests of views. */
import type { AgentView, Counters, MessageView, Snapshot } from '../../src/core/team/snapshot';

/** The fixed time of the snapshots: 12:34:56 local time on 9 January 2025. */
export const NOW = new Date(2025, 0, 9, 12, 34, 56).getTime();

export function agent(window: number, name: string, more: Partial<AgentView> = {}): AgentView {
  return {
    window,
    name,
    role: 'a role',
    status: 'idle',
    workspace: '/w',
    profile: 'claude',
    pane: `%${window}`,
    sessionId: '',
    activity: '',
    done: false,
    spec: '',
    model: '',
    permissionMode: '',
    startedAt: NOW - 60_000,
    changedAt: NOW - 5000,
    exitCode: '',
    waiting: 0,
    services: [],
    ...more,
  };
}

export function message(id: string, more: Partial<MessageView> = {}): MessageView {
  return {
    id,
    type: 'tmux_message',
    target: 'taco:3',
    sender: 'AGENT-4',
    message: '[AGENT-4 → AGENT-3]: API ready',
    priority: 'normal',
    state: 'received',
    reason: '',
    since: NOW - 1000,
    enqueuedAt: NOW - 3000,
    attempts: 0,
    history: [],
    ...more,
  };
}

const quiet: Counters = {
  pending: 0,
  processing: 0,
  held: 0,
  dead: 0,
  enqueued: 0,
  executed: 0,
  failed: 0,
  activeAgents: 0,
};

export function snapshot({
  counters,
  ...more
}: Partial<Omit<Snapshot, 'counters'>> & { counters?: Partial<Counters> } = {}): Snapshot {
  return {
    at: NOW,
    projectId: '0123456789ab',
    session: {
      project_dir: '/p',
      started_at: new Date(NOW - (2 * 60 + 34) * 60_000).toISOString(),
      agent_count: 7,
      goal: '',
      tmux_session: 'taco-project-20250109',
      phase: 'running',
      detail: '',
    },
    agents: [],
    messages: [],
    services: [],
    activity: [],
    plan: null,
    needs: [],
    leader: 'host:1',
    counters: { ...quiet, ...counters },
    ...more,
  };
}

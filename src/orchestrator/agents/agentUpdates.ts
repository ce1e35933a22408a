import type { AgentRecord } from '../../core/agents/agentRecord';
import { withDone } from '../../core/agents/agentState';
import type { Clock } from '../../core/base/clock';
import type { StateStore } from '../../core/team/ports';
import type { AgentRegistry } from './agentRegistry';
import type { RemoteAgents } from './remote/remoteAgents';

/** Changes the records of agents: in the registry, and in Redis or on the agent's host. */
export class AgentUpdates {
  constructor(
    private readonly agents: AgentRegistry,
    private readonly store: Pick<StateStore, 'setAgent'>,
    private readonly remoteAgents: RemoteAgents,
    private readonly clock: Clock,
  ) {}

  /** Applies a change; an unknown agent is skipped. Nothing has changed after an error. */
  async update(window: number, patch: Partial<AgentRecord>): Promise<void> {
    const record = this.agents.get(window);
    if (!record || Object.keys(patch).length === 0) return;
    const status = withDone(patch.status ?? record.status, patch.done ?? record.done);
    const whole = { ...patch, ...(status === record.status ? {} : { status }), changedAt: this.clock.now() };
    const next = { ...record, ...whole, status };
    this.agents.set(next);
    try {
      if (!this.agents.isHere(record)) await this.remoteAgents.patch(record.host ?? '', window, patch);
      else await this.store.setAgent(window, { ...whole, ...(patch.status === undefined ? {} : { status }) });
    } catch (error) {
      this.agents.rollback(record, next);
      throw error;
    }
    this.agents.notify(next);
  }
}

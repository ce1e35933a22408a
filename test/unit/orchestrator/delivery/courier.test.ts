import assert from 'node:assert/strict';
import type { AgentProfile } from '../../../../src/core/agents/agentProfile';
import type { CommandConsumer, PendingCommand } from '../../../../src/core/team/ports';
import type { Route } from '../../../../src/core/team/resolveRoute';
import { Courier } from '../../../../src/orchestrator/delivery/courier';
import type { DeliveryJob } from '../../../../src/tmux/delivery/deliveryGate';
import type { TmuxExecutor } from '../../../../src/tmux/delivery/tmuxExecutor';

const pending = (streamId: string): PendingCommand => ({
  command: {
    id: 'cmd_000001',
    type: 'tmux_message',
    target: 's:2',
    message: 'hello',
    priority: 'normal',
    timestamp: 'now',
    retry_count: 0,
    sender: 'USER',
  },
  streamId,
  state: 'queued',
  attempts: 0,
  notBefore: 0,
});

describe('the courier', () => {
  it('starts again with a message that the user retried, whose pane had ended after its Enter', async () => {
    const states: string[] = [];
    const executor = {
      deliver: async (job: DeliveryJob) => {
        states.push(job.state);
        await job.ledger.phase('entered');
        throw new Error('tmux has gone');
      },
    } as unknown as TmuxExecutor;
    const profile = { name: 'any', textToType: (text: string) => text } as unknown as AgentProfile;
    let route: Route = { pane: '%1', profile };
    const consumer = { phase: async () => undefined } as unknown as CommandConsumer;
    const inflight = {
      set: async () => undefined,
      clear: async () => undefined,
      record: async () => null,
      typed: async () => [],
    };
    const courier = new Courier({
      consumer,
      inflight,
      executor,
      agents: { route: () => route, profileOf: () => profile },
      conversations: { onHook: () => undefined, progress: async () => null, isReadable: async () => true },
      epoch: 1,
      holds: { holdOf: () => null },
      whenBusy: 'steer',
      silentHooks: { onUnproven: () => undefined },
      ended: new AbortController().signal,
      clock: { now: () => 0, sleep: async () => undefined },
    });
    const { signal } = new AbortController();

    await assert.rejects(courier.carry(pending('1-0'), signal), /tmux has gone/);
    route = { held: 'exited' };
    assert.equal((await courier.carry(pending('1-0'), signal)).kind, 'uncertain');
    assert.deepEqual(await courier.carry(pending('2-0'), signal), { kind: 'held', reason: 'exited' });
    route = { pane: '%1', profile };
    await assert.rejects(courier.carry(pending('2-0'), signal));
    assert.deepEqual(states, ['queued', 'queued']);
  });
});

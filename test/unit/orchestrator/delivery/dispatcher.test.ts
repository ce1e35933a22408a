import assert from 'node:assert/strict';
import type { Clock } from '../../../../src/core/base/clock';
import type { CommandConsumer, PendingCommand } from '../../../../src/core/team/ports';
import { Dispatcher } from '../../../../src/orchestrator/delivery/dispatcher';
import { silentLogger } from '../../../support/loggers';

const pending = (id: string): PendingCommand => ({
  command: {
    id: `cmd_${id}`,
    type: 'tmux_message',
    target: 's:2',
    message: id,
    priority: 'normal',
    timestamp: 'now',
    retry_count: 0,
    sender: 'USER',
  },
  streamId: id,
  state: 'queued',
  attempts: 0,
  notBefore: 0,
});
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A queue whose reads the test answers, and a fake delivery that records its calls. */
function bed() {
  const carried: string[] = [];
  const recovers: ((found: readonly PendingCommand[]) => void)[] = [];
  const reads: ((found: readonly PendingCommand[]) => void)[] = [];
  const consumer: CommandConsumer = {
    recover: () => new Promise((resolve) => recovers.push(resolve)),
    read: () => new Promise((resolve) => reads.push(resolve)),
    phase: async () => true,
    done: async () => undefined,
    amend: async () => undefined,
    fail: async () => 'dead',
    deliverToUser: async () => undefined,
    uncertain: async () => undefined,
  };
  const clock: Clock = { now: () => 0, sleep: turn };
  let release: () => void = () => undefined;
  const free = new Promise<void>((resolve) => (release = resolve));
  const dispatcher = new Dispatcher({
    consumer,
    clock,
    log: silentLogger,
    whenBusy: 'steer',
    onLeadershipLost: () => undefined,
    courier: {
      carry: async ({ command }) => {
        await free;
        carried.push(command.message);
        return { kind: 'received' };
      },
    },
  });
  const answer = async (
    asked: ((found: readonly PendingCommand[]) => void)[],
    found: readonly PendingCommand[],
  ): Promise<void> => {
    while (asked.length === 0) await turn();
    asked.shift()?.(found);
  };
  const settle = async (): Promise<void> => {
    for (let n = 0; n < 50; n++) await turn();
  };
  return {
    dispatcher,
    carried,
    release,
    settle,
    recovered: (...ids: string[]) => answer(recovers, ids.map(pending)),
    read: (...ids: string[]) => answer(reads, ids.map(pending)),
    asked: () => recovers.length,
  };
}

describe('the dispatcher', () => {
  it('does not deliver a message again that ended while the pending entries with its old state were being read', async () => {
    const { dispatcher, carried, release, settle, recovered, read, asked } = bed();
    dispatcher.start();
    await recovered('1-0', '2-0');
    dispatcher.recover();
    await read();
    while (asked() === 0) await settle();
    // The entries were read, and others are read after them: meanwhile both messages arrive.
    release();
    await settle();
    assert.deepEqual(carried, ['1-0', '2-0']);
    await recovered('1-0', '2-0', '3-0');
    await settle();
    assert.deepEqual(carried, ['1-0', '2-0', '3-0']);
    dispatcher.dispose();
  });

  it('delivers a pending message once when it is read twice', async () => {
    const { dispatcher, carried, release, settle, recovered, read } = bed();
    dispatcher.start();
    await recovered('1-0');
    await read('1-0', '2-0');
    release();
    await settle();
    assert.deepEqual(carried, ['1-0', '2-0']);
    dispatcher.dispose();
  });
});

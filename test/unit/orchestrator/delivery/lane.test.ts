import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Clock } from '../../../../src/core/base/clock';
import { MAX_ATTEMPTS } from '../../../../src/core/base/limits';
import type { DeliveryResult } from '../../../../src/core/messages/delivery';
import type { MessageState } from '../../../../src/core/messages/messageState';
import type { CommandType, When } from '../../../../src/core/models';
import type { CommandConsumer, PendingCommand } from '../../../../src/core/team/ports';
import { Lane } from '../../../../src/orchestrator/delivery/lane';
import { silentLogger } from '../../../support/loggers';

const pending = (id: string, type: CommandType = 'tmux_message', notBefore = 0, when?: When): PendingCommand => ({
  command: {
    id: `cmd_${id}`,
    type,
    target: 's:2',
    message: id,
    priority: 'normal',
    timestamp: 'now',
    retry_count: 0,
    sender: 'USER',
    ...(when === undefined ? {} : { when }),
  },
  streamId: id,
  state: 'queued',
  attempts: 0,
  notBefore,
});

/** A clock that advances only by sleeps. */
function fakeClock(): Clock {
  let now = 1000;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** A lane whose delivery returns one result after another per message. */
function laneOf(
  results: (id: string, attempt: number, state: MessageState) => DeliveryResult,
  dropped: ReadonlySet<string> = new Set(),
) {
  const log: string[] = [];
  const tries = new Map<string, number>();
  const failures = new Map<string, number>();
  const consumer: CommandConsumer = {
    recover: async () => [],
    read: async () => [],
    phase: async (id, state, reason) => {
      log.push(`${id} ${state}${reason ? ` ${reason}` : ''}`);
      return !dropped.has(id);
    },
    done: async ({ command }, state) => void log.push(`${command.id} ${state}`),
    amend: async () => undefined,
    fail: async ({ command }) => {
      const count = (failures.get(command.id) ?? 0) + 1;
      failures.set(command.id, count);
      const outcome = count >= MAX_ATTEMPTS ? 'dead' : 'retrying';
      log.push(`${command.id} ${outcome}`);
      return outcome;
    },
    deliverToUser: async () => undefined,
    uncertain: async ({ command }) => void log.push(`${command.id} uncertain`),
  };
  const clock = fakeClock();
  const lane = new Lane({
    name: 'agent',
    consumer,
    clock,
    log: silentLogger,
    whenBusy: 'steer',
    onEnded: () => undefined,
    onLeadershipLost: () => void log.push('stale'),
    courier: {
      carry: async ({ command, state }) => {
        const attempt = (tries.get(command.id) ?? 0) + 1;
        tries.set(command.id, attempt);
        await new Promise((resolve) => setImmediate(resolve));
        return results(command.id, attempt, state);
      },
    },
  });
  return { lane, log, clock };
}

async function settled(lane: Lane): Promise<void> {
  for (let n = 0; n < 2000 && lane.length > 0; n++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(lane.length, 0);
}

describe('a lane', () => {
  it('delivers one message after another, in order', async () => {
    const { lane, log } = laneOf(() => ({ kind: 'received' }));
    for (const id of ['aaaaaa', 'bbbbbb', 'cccccc']) lane.push(pending(id));
    await settled(lane);
    assert.deepEqual(log, ['cmd_aaaaaa received', 'cmd_bbbbbb received', 'cmd_cccccc received']);
  });

  it('keeps a held head first, without using an attempt', async () => {
    const { lane, log } = laneOf((id, attempt) =>
      id === 'cmd_aaaaaa' && attempt < 9 ? { kind: 'held', reason: 'dialog' } : { kind: 'received' },
    );
    lane.push(pending('aaaaaa'));
    lane.push(pending('bbbbbb'));
    await settled(lane);
    assert.deepEqual(
      log.filter((line) => !line.includes('held')),
      ['cmd_aaaaaa received', 'cmd_bbbbbb received'],
    );
  });

  it('removes what the pane holds of a held message that the user dropped, and continues with the next', async () => {
    const dropped = new Set<string>();
    const seen: MessageState[] = [];
    const { lane, log } = laneOf((id, attempt, state) => {
      if (id !== 'cmd_aaaaaa') return { kind: 'received' };
      seen.push(state);
      if (attempt === 3) dropped.add(id);
      return state === 'dropped' ? { kind: 'dropped' } : { kind: 'held', reason: 'dialog' };
    }, dropped);
    lane.push(pending('aaaaaa'));
    lane.push(pending('bbbbbb'));
    await settled(lane);
    assert.deepEqual(seen, ['queued', 'queued', 'queued', 'dropped']);
    assert.equal(log.at(-1), 'cmd_bbbbbb received');
  });

  it('lets no message overtake a retried one, and continues after a dead letter', async () => {
    const { lane, log } = laneOf((id) =>
      id === 'cmd_aaaaaa' ? { kind: 'failed', reason: 'x' } : { kind: 'received' },
    );
    lane.push(pending('aaaaaa'));
    lane.push(pending('bbbbbb'));
    await settled(lane);
    assert.deepEqual(log, ['cmd_aaaaaa retrying', 'cmd_aaaaaa retrying', 'cmd_aaaaaa dead', 'cmd_bbbbbb received']);
  });

  it('waits no longer than a retry delay, although the clock was set back by an hour', async () => {
    const { lane, log, clock } = laneOf(() => ({ kind: 'received' }));
    lane.push(pending('aaaaaa', 'tmux_message', clock.now() + 3_600_000));
    await settled(lane);
    assert.deepEqual(log, ['cmd_aaaaaa received']);
    assert.ok(clock.now() > 1000 && clock.now() <= 2000, `waited until ${clock.now()}`);
  });

  it('lets an interrupt overtake a head that is held', async () => {
    let interrupted = false;
    const { lane, log } = laneOf((id) => {
      if (id === 'cmd_urgent') interrupted = true;
      return id === 'cmd_urgent' || interrupted ? { kind: 'received' } : { kind: 'held', reason: 'busy' };
    });
    lane.push(pending('aaaaaa'));
    for (let n = 0; n < 5; n++) await new Promise((resolve) => setImmediate(resolve));
    lane.push(pending('urgent', 'tmux_interrupt'));
    await settled(lane);
    assert.deepEqual(
      log.filter((line) => line.endsWith('received')),
      ['cmd_urgent received', 'cmd_aaaaaa received'],
    );
  });

  it('lets messages for now overtake those that wait for the end of the turn, and keeps the order of both', async () => {
    let turnIsOver = false;
    const { lane, log } = laneOf((id) => {
      if (id === 'cmd_now002') turnIsOver = true;
      return id.startsWith('cmd_now') || turnIsOver ? { kind: 'received' } : { kind: 'held', reason: 'busy' };
    });
    lane.push(pending('later1', 'tmux_message', 0, 'idle'));
    lane.push(pending('later2', 'tmux_message', 0, 'idle'));
    for (let n = 0; n < 5; n++) await new Promise((resolve) => setImmediate(resolve));
    lane.push(pending('now001', 'tmux_message', 0, 'now'));
    lane.push(pending('now002', 'tmux_message', 0, 'now'));
    await settled(lane);
    assert.deepEqual(
      log.filter((line) => line.endsWith('received')),
      ['cmd_now001 received', 'cmd_now002 received', 'cmd_later1 received', 'cmd_later2 received'],
    );
  });

  it('keeps a message for later first while something else than a turn holds it', async () => {
    const { lane, log } = laneOf((id, attempt) =>
      id === 'cmd_later1' && attempt < 9 ? { kind: 'held', reason: 'draft' } : { kind: 'received' },
    );
    lane.push(pending('later1', 'tmux_message', 0, 'idle'));
    lane.push(pending('now001', 'tmux_message', 0, 'now'));
    await settled(lane);
    assert.deepEqual(
      log.filter((line) => line.endsWith('received')),
      ['cmd_later1 received', 'cmd_now001 received'],
    );
  });

  it('shows a text in the CLI’s queue as delivered, and lets only an interrupt overtake it', async () => {
    let isRead = false;
    const { lane, log } = laneOf((id) => {
      if (id === 'cmd_urgent') isRead = true;
      return id === 'cmd_aaaaaa' && !isRead ? { kind: 'waiting', reason: 'queued in the CLI' } : { kind: 'received' };
    });
    lane.push(pending('aaaaaa'));
    lane.push(pending('bbbbbb'));
    for (let n = 0; n < 9; n++) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(log[0], 'cmd_aaaaaa delivered queued in the CLI');
    lane.push(pending('urgent', 'tmux_interrupt'));
    await settled(lane);
    assert.deepEqual(
      log.filter((line) => line.endsWith('received')),
      ['cmd_urgent received', 'cmd_aaaaaa received', 'cmd_bbbbbb received'],
    );
  });

  it('lets an interrupt that comes during an attempt overtake the head after it', async () => {
    let interrupted = false;
    const { lane, log } = laneOf((id) => {
      if (id === 'cmd_urgent') interrupted = true;
      return interrupted ? { kind: 'received' } : { kind: 'waiting', reason: 'queued in the CLI' };
    });
    lane.push(pending('aaaaaa'));
    lane.push(pending('urgent', 'tmux_interrupt'));
    await settled(lane);
    assert.deepEqual(
      log.filter((line) => line.endsWith('received')),
      ['cmd_urgent received', 'cmd_aaaaaa received'],
    );
  });

  it('waits for the time that a restart found in the ledger', async () => {
    const { lane, log } = laneOf(() => ({ kind: 'received' }));
    lane.push(pending('aaaaaa', 'tmux_message', 90_000));
    await settled(lane);
    assert.deepEqual(log, ['cmd_aaaaaa received']);
  });

  it('stops at once when another process leads', async () => {
    const { lane, log } = laneOf(() => ({ kind: 'stale-leader' }));
    lane.push(pending('aaaaaa'));
    lane.push(pending('bbbbbb'));
    for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(log, ['stale']);
    assert.equal(lane.length, 2);
  });

  it('ends every message once and in order, whatever happens to each', async () => {
    const outcome = fc.constantFrom<DeliveryResult>(
      { kind: 'received' },
      { kind: 'delivered' },
      { kind: 'held', reason: 'draft' },
      { kind: 'failed', reason: 'x' },
      { kind: 'uncertain', reason: 'y' },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(outcome, { maxLength: 6 }), { minLength: 1, maxLength: 6 }),
        async (script) => {
          const { lane, log } = laneOf(
            (id, attempt) => script[Number(id.slice(-1))]?.[attempt - 1] ?? { kind: 'received' },
          );
          script.forEach((_, index) => lane.push(pending(`number${index}`)));
          await settled(lane);
          const ends = log
            .filter((line) => /(received|delivered|uncertain|dead)$/.test(line))
            .map((line) => Number(/number(\d)/.exec(line)?.[1]));
          assert.deepEqual(
            ends,
            script.map((_, index) => index),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

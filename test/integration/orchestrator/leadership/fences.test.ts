import assert from 'node:assert/strict';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { systemClock } from '../../../../src/environment/systemClock';
import { RedisCommandProducer } from '../../../../src/redis/queue/commandProducer';
import { RedisStateStore } from '../../../../src/redis/state/stateStore';
import { TmuxSession } from '../../../../src/tmux/session/tmuxSession';
import { silentLogger } from '../../../support/loggers';
import { startTestRedis } from '../../../support/redis';
import { leadingConsumer, newCommand } from '../../../support/redisQueue';
import { PrivateTmux } from '../../../support/tmux';

describe('the fences of a leader', () => {
  it('let tmux accept a later epoch and refuse an earlier one', async () => {
    const tmux = new PrivateTmux();
    try {
      const session = await tmux.session();
      await session.setEpoch(12);
      await session.setEpoch(12);
      await assert.rejects(session.setEpoch(9), (error) => isTacoError(error, 'not-leader'));
      assert.equal(tmux.tmux('show-options', '-v', '-t', '=team:', '@taco_epoch').trim(), '12');
    } finally {
      tmux.dispose();
    }
  });

  it('stop a leader that slept from making, restarting, adopting and closing windows of the next leader', async () => {
    const tmux = new PrivateTmux();
    try {
      const asleep = await tmux.session();
      const pane = await asleep.newWindow(5, 'five', { argv: ['cat'] });
      const leader = await TmuxSession.attach(tmux.options, asleep.place);
      await leader.setEpoch(2);
      const before = await leader.windows();
      const refused = (error: unknown): boolean => isTacoError(error, 'not-leader');
      await assert.rejects(asleep.newWindow(6, 'six', { argv: ['cat'] }), refused);
      await assert.rejects(asleep.respawn(pane, { argv: ['cat'] }), refused);
      await assert.rejects(asleep.takePane(pane, 7, 'seven'), refused);
      await assert.rejects(asleep.killPane(pane), refused);
      assert.deepEqual(await leader.windows(), before);
      await leader.killPane(pane);
      assert.deepEqual(
        (await leader.windows()).map(({ window }) => window),
        [0],
      );
      leader.dispose();
    } finally {
      tmux.dispose();
    }
  });

  it('never let an entered message be recorded as held, which would let it be typed again', async () => {
    const server = await startTestRedis();
    try {
      const redis = await server.connect();
      const keys = server.newKeys();
      const { consumer, lease } = await leadingConsumer(redis, keys);
      const store = new RedisStateStore(redis, keys, systemClock, silentLogger);
      const command = newCommand();
      await new RedisCommandProducer(redis, keys).enqueue(command);
      await consumer.read(1, 0);
      for (const state of ['typing', 'typed', 'entered'] as const) await consumer.phase(command.id, state);
      await consumer.phase(command.id, 'held', 'starting');
      assert.equal((await store.message(command.id))?.state, 'entered');
      lease.dispose();
      store.dispose();
    } finally {
      await server.close();
    }
  });
});

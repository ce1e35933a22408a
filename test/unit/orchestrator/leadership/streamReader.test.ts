import assert from 'node:assert/strict';
import { errors } from '../../../../src/core/errors/errors';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { DurableStreamReader } from '../../../../src/orchestrator/leadership/streamReader';
import type { PostedRequest } from '../../../../src/redis/state/controlRequests';
import { silentLogger } from '../../../support/loggers';

const away = (): Error => errors.redisUnreachable('there', new Error('cut'));
const isAway = (error: unknown): boolean => isTacoError(error, 'redis-unreachable');

/** Streams of two hooks and two requests, and a reader whose work can be made to fail. */
function bed() {
  const done: string[] = [];
  const fails = new Map<string, Error>();
  const work = (what: string): Promise<void> => {
    const error = fails.get(what);
    if (error) return Promise.reject(error);
    done.push(what);
    return Promise.resolve();
  };
  const hooks = ['1-0', '2-0'].map((id) => ({ id, window: 2, event: 'Stop', data: {}, at: 0 }));
  const requests: PostedRequest<{ kind: string }>[] = ['3-0', '4-0'].map((id) => ({
    id,
    request: { kind: id },
    at: 0,
  }));
  const state = { leads: true, ready: true };
  const reader = new DurableStreamReader<{ kind: string }>({
    store: { hooksAfter: async (after = '') => hooks.filter(({ id }) => id > after) },
    requests: {
      read: async () => [...requests],
      acknowledge: async (id) => {
        await work(`acknowledged ${id}`);
        requests.splice(
          requests.findIndex((each) => each.id === id),
          1,
        );
      },
    },
    onHook: ({ id }) => work(`hook ${id}`),
    act: ({ kind }) => work(`request ${kind}`),
    assertLeading: () => {
      if (!state.leads) throw errors.notLeader();
    },
    isReady: () => state.ready,
    log: silentLogger,
  });
  return { reader, done, fails, state };
}
const ALL = ['hook 1-0', 'hook 2-0', 'request 3-0', 'acknowledged 3-0', 'request 4-0', 'acknowledged 4-0'];

describe('the reader of the streams of hooks and requests', () => {
  it('handles every entry once, in order', async () => {
    const { reader, done } = bed();
    await reader.next();
    await reader.next();
    assert.deepEqual(done, ALL);
  });

  for (const what of ALL) {
    it(`continues after a failure of Redis: ${what}`, async () => {
      const { reader, done, fails } = bed();
      fails.set(what, away());
      await assert.rejects(reader.next(), isAway);
      await assert.rejects(reader.next(), isAway);
      assert.deepEqual(done, ALL.slice(0, ALL.indexOf(what)));
      fails.clear();
      await reader.next();
      assert.deepEqual(done, ALL);
    });
  }

  it('skips a hook that fails for another reason', async () => {
    const { reader, done, fails } = bed();
    fails.set('hook 1-0', new Error('a defect'));
    await reader.next();
    assert.deepEqual(done, ALL.slice(1));
  });

  it('does not read the reports again that came while no process read', async () => {
    const { reader, done } = bed();
    assert.deepEqual(
      (await reader.missed()).map(({ id }) => id),
      ['1-0', '2-0'],
    );
    await reader.next();
    assert.deepEqual(done, ALL.slice(2));
  });

  it('waits while it is not ready', async () => {
    const { reader, done, state } = bed();
    state.ready = false;
    await reader.next();
    assert.deepEqual(done, []);
  });

  it('does nothing once another process leads', async () => {
    const { reader, done, state } = bed();
    state.leads = false;
    await assert.rejects(reader.next(), (error) => isTacoError(error, 'not-leader'));
    assert.deepEqual(done, ALL.slice(0, 2));
  });
});

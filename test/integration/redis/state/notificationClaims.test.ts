import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisConnection } from '../../../../src/redis/client/connection';
import type { Keys } from '../../../../src/redis/client/keys';
import { RedisNotificationClaims } from '../../../../src/redis/state/notificationClaims';
import {
  NotificationClaimer,
  POLL_INTERVAL_MS,
  UNFOCUSED_MS,
} from '../../../../src/vscode/notifications/notificationClaims';
import { NotificationQueue, SCREEN_MS } from '../../../../src/vscode/notifications/notificationQueue';
import type { Notification } from '../../../../src/vscode/notifications/notifications';
import { silentLogger } from '../../../support/loggers';
import { startTestRedis, type TestRedis } from '../../../support/redis';
import { agent, message } from '../../../support/vscode/fakeTeam';

/** Long enough for a busy machine to renew in time. */
const TTL_MS = 400;

const call = (key: string): Notification => ({ kind: 'dialog', key, agent: agent(2, key, 'needs-input') });
const written = (key: string): Notification => ({
  kind: 'message',
  projectId: 'abc',
  key,
  agent: agent(2, key, 'idle'),
  message: message(key, 'AGENT-2', 0, 'Hello', 'received'),
});

/** A window like that of `attention.ts`: the test sets its clock, the time to live in Redis is real. */
class TestWindow {
  readonly shown: string[] = [];
  private readonly queue: NotificationQueue;
  private readonly claims: NotificationClaimer;
  private screen: readonly Notification[] = [];
  /** False: its extension host runs on, but the window is gone. */
  there = true;

  constructor(
    redis: RedisConnection,
    keys: Keys,
    name: string,
    private readonly focused = true,
    ttlMs = TTL_MS,
  ) {
    this.queue = new NotificationQueue(focused, 0);
    const book = new RedisNotificationClaims(redis, keys, ttlMs);
    this.claims = new NotificationClaimer(
      () => Promise.resolve(book),
      name,
      () => (this.there ? Promise.resolve() : new Promise(() => undefined)),
      silentLogger,
    );
  }

  async poll(waiting: readonly Notification[], now: number): Promise<void> {
    const calls = this.queue.next(
      this.claims.free(
        waiting.filter((each) => !this.shown.includes(each.key) && !this.claims.wasShown(each)),
        this.focused,
        now,
      ),
      now,
    );
    const ours = calls.length > 0 ? await this.claims.take(calls, now) : [];
    this.queue.settle(calls, ours);
    if (ours.length > 0) this.screen = ours;
    this.shown.push(...ours.map(({ key }) => key));
    await this.claims.keep(
      waiting.filter(({ key }) => this.shown.includes(key)).map(({ key }) => key),
      now,
    );
  }

  /** The user closes the notification. */
  async close(): Promise<void> {
    this.queue.closed(this.screen);
    await this.claims.seen(this.screen);
    this.screen = [];
  }
}

describe('several windows of one project', function () {
  this.timeout(30_000);
  let server: TestRedis;
  let redis: RedisConnection;
  let keys: Keys;
  before(async () => {
    server = await startTestRedis();
    redis = await server.connect();
  });
  after(() => server.close());
  beforeEach(() => (keys = server.newKeys()));
  const open = (name: string, focused = true, ttlMs = TTL_MS): TestWindow =>
    new TestWindow(redis, keys, name, focused, ttlMs);

  it('show each of 200 notifications once, however they race', async () => {
    const windows = [open('a', true, 60_000), open('b', true, 60_000), open('c', true, 60_000)];
    for (let index = 0; index < 200; index++) {
      const now = index * 2 * SCREEN_MS;
      await Promise.all(windows.map((window) => window.poll([call(`call-${index}`)], now)));
      await Promise.all(windows.map((window) => window.close()));
    }
    assert.deepEqual(
      windows.flatMap(({ shown }) => shown).sort(),
      Array.from({ length: 200 }, (_, index) => `call-${index}`).sort(),
    );
  });

  it('leave a request to the window that shows it, and show it again when that window is closed', async () => {
    const [first, second] = [open('a'), open('b')];
    const waiting = [call('ask')];
    await first.poll(waiting, 0);
    for (let now = POLL_INTERVAL_MS; now <= 4 * POLL_INTERVAL_MS; now += POLL_INTERVAL_MS) {
      await first.poll(waiting, now);
      await second.poll(waiting, now);
      await sleep(TTL_MS / 3);
    }
    assert.deepEqual([first.shown, second.shown], [['ask'], []]);
    // The first window is closed and renews no claim.
    await sleep(TTL_MS + 50);
    await second.poll(waiting, 5 * POLL_INTERVAL_MS);
    assert.deepEqual(second.shown, ['ask']);
  });

  it('show it in another window when an extension host outlives its window, and nothing more in the old one', async () => {
    const [first, second] = [open('a'), open('b')];
    await first.poll([call('ask')], 0);
    first.there = false;
    void first.poll([call('ask')], POLL_INTERVAL_MS);
    void first.poll([call('ask'), call('more')], SCREEN_MS);
    await sleep(TTL_MS + 50);
    await second.poll([call('ask')], SCREEN_MS);
    await second.close();
    await second.poll([call('ask'), call('more')], SCREEN_MS + POLL_INTERVAL_MS);
    assert.deepEqual([first.shown, second.shown], [['ask'], ['ask', 'more']]);
  });

  it('leave it to the focused window, or show it in another when none has the focus', async () => {
    const [behind, front] = [open('a', false), open('b')];
    await behind.poll([call('one')], 0);
    await front.poll([call('one')], 0);
    await behind.poll([call('one')], UNFOCUSED_MS);
    assert.deepEqual([behind.shown, front.shown], [[], ['one']]);
    const alone = open('c', false);
    await alone.poll([call('two')], 0);
    assert.deepEqual(alone.shown, []);
    await alone.poll([call('two')], UNFOCUSED_MS);
    assert.deepEqual(alone.shown, ['two']);
  });

  it('show a notification elsewhere while one window is occupied by another one', async () => {
    const [first, second] = [open('a', true, 60_000), open('b', true, 60_000)];
    const waiting = [call('one'), call('two')];
    await first.poll(waiting, 0);
    await first.poll(waiting, 1);
    await second.poll(waiting, 1);
    await second.poll(waiting, 2);
    assert.deepEqual([first.shown, second.shown], [['one'], ['two']]);
  });

  it("show an agent's message once if it was seen, and again if its window was closed before", async () => {
    const [first, second] = [open('a'), open('b')];
    await first.poll([written('seen')], 0);
    await second.poll([written('seen')], 0);
    await first.close();
    await sleep(TTL_MS + 50);
    await second.poll([written('seen')], POLL_INTERVAL_MS);
    assert.deepEqual([first.shown, second.shown], [['seen'], []]);
    await first.poll([written('lost')], SCREEN_MS);
    await second.poll([written('lost')], SCREEN_MS);
    await sleep(TTL_MS + 50);
    await second.poll([written('lost')], SCREEN_MS + POLL_INTERVAL_MS);
    assert.deepEqual(second.shown, ['lost']);
  });

  it('show the rest of a group when another window has claimed one of its notifications', async () => {
    const [first, second] = [open('a', true, 60_000), open('b', true, 60_000)];
    const several = [call('two'), call('three'), call('four')];
    await second.poll([call('one')], 0);
    await first.poll(several, 0);
    // The user dismissed the first notification of `second`, so all waiting ones are shown at once.
    await second.poll(several, SCREEN_MS);
    assert.deepEqual([first.shown, second.shown], [['two'], ['one', 'three', 'four']]);
    await second.poll([call('five')], SCREEN_MS + 1);
    assert.deepEqual(second.shown, ['one', 'three', 'four'], 'and stands in the way of the next');
  });

  it("keep a window's claims across its reload", async () => {
    const waiting = [call('ask')];
    await open('a').poll(waiting, 0);
    const [reloaded, second] = [open('a'), open('b')];
    reloaded.shown.push('ask'); // restored from its memory
    for (let step = 0; step < 4; step++) {
      await reloaded.poll(waiting, step * POLL_INTERVAL_MS);
      await second.poll(waiting, step * POLL_INTERVAL_MS);
      await sleep(TTL_MS / 2);
    }
    assert.deepEqual(second.shown, []);
  });

  it('show a notification twice rather than never while Redis does not answer', async () => {
    const own = await startTestRedis();
    try {
      const away = new TestWindow(await own.connect(), own.newKeys(), 'a');
      await own.signal('SIGSTOP');
      await away.poll([call('ask')], 0);
      assert.deepEqual(away.shown, ['ask']);
      await own.signal('SIGCONT');
    } finally {
      await own.close();
    }
  });
});

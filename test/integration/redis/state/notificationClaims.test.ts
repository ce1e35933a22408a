import assert from 'node:assert/strict';
import type { RedisConnection } from '../../../../src/redis/client/connection';
import type { Keys } from '../../../../src/redis/client/keys';
import { RedisNotificationClaims } from '../../../../src/redis/state/notificationClaims';
import { NotificationClaimer } from '../../../../src/vscode/notifications/notificationClaims';
import {
  initialNotifications,
  POLL_INTERVAL_MS,
  reduceNotifications,
  SCREEN_MS,
  UNFOCUSED_MS,
  type NotificationEvent,
} from '../../../../src/vscode/notifications/notificationReducer';
import type { Notification } from '../../../../src/vscode/notifications/notifications';
import { silentLogger } from '../../../support/loggers';
import { startTestRedis, type TestRedis } from '../../../support/redis';
import { message } from '../../../support/vscode/fakeTeam';
import { notificationState, permissionRequest } from '../../../support/vscode/notificationStates';

/** Longer than any test, so that a claim expires only when the test lets the time pass. */
const TTL_MS = 600_000;

interface Waiting {
  readonly key: string;
  readonly isMessage: boolean;
}
const call = (key: string): Waiting => ({ key, isMessage: false });
const written = (key: string): Waiting => ({ key: `cmd_${key}`, isMessage: true });

/** A window like that of `notificationManager.ts`: the test sets its clock, and lets the time in Redis pass. */
class TestWindow {
  readonly shown: string[] = [];
  private readonly claims: NotificationClaimer;
  private readonly known = new Set<string>();
  private state;
  private screen: readonly Notification[] = [];
  private now = 0;
  /** False: its extension host runs on, but the window is gone. */
  there = true;

  constructor(redis: RedisConnection, keys: Keys, name: string, focused = true, restored: readonly string[] = []) {
    this.state = initialNotifications(focused, restored, 0);
    const claims = new RedisNotificationClaims(redis, keys, TTL_MS);
    this.claims = new NotificationClaimer(
      () => Promise.resolve(claims),
      name,
      () => (this.there ? Promise.resolve() : new Promise(() => undefined)),
      silentLogger,
    );
  }

  async poll(waiting: readonly Waiting[], now: number): Promise<void> {
    this.now = now;
    const needs = waiting.filter(({ isMessage }) => !isMessage).map(({ key }) => permissionRequest(key, 2));
    const view = { dir: '/p', state: notificationState({ needs }), wanted: 'all' as const, muted: [] };
    await this.report({ kind: 'view', view });
    for (const { key } of waiting.filter((each) => each.isMessage && !this.known.has(each.key))) {
      this.known.add(key);
      const view = message(key.slice('cmd_'.length), 'AGENT-2', 0, 'Hello', 'received');
      await this.report({ kind: 'message', message: view, dir: '/p' });
    }
  }

  /** The user closes the notification. */
  async close(): Promise<void> {
    await this.report({ kind: 'closed', all: this.screen });
  }

  private async report(event: NotificationEvent): Promise<void> {
    const { state, effects } = reduceNotifications(this.state, event, this.now);
    this.state = state;
    for (const effect of effects) {
      if (effect.kind === 'claim')
        await this.report({
          kind: 'claimed',
          all: effect.all,
          answers: await this.claims.take(effect.all.map(({ key }) => key)),
        });
      else if (effect.kind === 'notify') {
        this.screen = effect.all;
        this.shown.push(...effect.all.map(({ key }) => key));
      } else if (effect.kind === 'renew') {
        await this.claims.renew(effect.keys);
        await this.report({ kind: 'renewed' });
      } else if (effect.kind === 'mark-shown') await this.claims.markShown(effect.keys);
    }
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
  const open = (name: string, focused = true, restored: readonly string[] = []): TestWindow =>
    new TestWindow(redis, keys, name, focused, restored);

  /** Lets so much of the time to live of each claim pass, milliseconds. */
  async function pass(ms: number): Promise<void> {
    for (const key of (await redis.call('KEYS', keys.call('*'))) as string[])
      await redis.call('PEXPIRE', key, Number(await redis.call('PTTL', key)) - ms);
  }

  it('show each of 200 notifications once, however they race', async () => {
    const windows = [open('a', true), open('b', true), open('c', true)];
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
      await pass(TTL_MS / 3);
    }
    assert.deepEqual([first.shown, second.shown], [['ask'], []]);
    // The first window is closed and renews no claim.
    await pass(TTL_MS);
    await second.poll(waiting, 5 * POLL_INTERVAL_MS);
    assert.deepEqual(second.shown, ['ask']);
  });

  it('show it in another window when an extension host outlives its window, and nothing more in the old one', async () => {
    const [first, second] = [open('a'), open('b')];
    await first.poll([call('ask')], 0);
    first.there = false;
    void first.poll([call('ask')], POLL_INTERVAL_MS);
    void first.poll([call('ask'), call('more')], SCREEN_MS);
    await pass(TTL_MS);
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
    const [first, second] = [open('a', true), open('b', true)];
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
    await pass(TTL_MS);
    await second.poll([written('seen')], POLL_INTERVAL_MS);
    assert.deepEqual([first.shown, second.shown], [['cmd_seen'], []]);
    await first.poll([written('lost')], SCREEN_MS);
    await second.poll([written('lost')], SCREEN_MS);
    await pass(TTL_MS);
    await second.poll([written('lost')], SCREEN_MS + POLL_INTERVAL_MS);
    assert.deepEqual(second.shown, ['cmd_lost']);
  });

  it('show the rest of a group when another window has claimed one of its notifications', async () => {
    const [first, second] = [open('a', true), open('b', true)];
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
    const [reloaded, second] = [open('a', true, ['ask']), open('b')];
    for (let step = 0; step < 4; step++) {
      await reloaded.poll(waiting, step * POLL_INTERVAL_MS);
      await second.poll(waiting, step * POLL_INTERVAL_MS);
      await pass(TTL_MS / 2);
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

import assert from 'node:assert/strict';
import { TerminalAlerts } from '../../../../src/cli/output/terminalAlerts';
import type { RedisConnection } from '../../../../src/redis/client/connection';
import type { Keys } from '../../../../src/redis/client/keys';
import { RedisNotificationClaims } from '../../../../src/redis/state/notificationClaims';
import { NotificationClaimer } from '../../../../src/vscode/notifications/notificationClaims';
import { notificationsOf } from '../../../../src/vscode/notifications/notifications';
import { SystemAlerts } from '../../../../src/vscode/notifications/systemAlerts';
import { silentLogger } from '../../../support/loggers';
import { startTestRedis, type TestRedis } from '../../../support/redis';
import { notificationState, permissionRequest } from '../../../support/vscode/notificationStates';
import { waitUntil } from '../../../support/waitUntil';

const REQUESTS = Array.from({ length: 20 }, (_, index) => permissionRequest(`need_${index}`, 2));

describe('windows and terminals that share one Redis', function () {
  this.timeout(120_000);
  let server: TestRedis;
  let redis: RedisConnection;
  let keys: Keys;
  const notified: string[] = [];
  const windows: SystemAlerts[] = [];
  before(async () => {
    server = await startTestRedis();
    redis = await server.connect();
    keys = server.newKeys();
  });
  after(async () => {
    for (const window of windows) window.dispose();
    await server.close();
  });

  function openWindow(name: string): SystemAlerts {
    const claims = new NotificationClaimer(
      () => Promise.resolve(new RedisNotificationClaims(redis, keys)),
      name,
      () => Promise.resolve(),
      silentLogger,
    );
    const notifier = { isAvailable: () => Promise.resolve(true), show: (_: string, text: string) => notify(text) };
    const alerts = new SystemAlerts(claims, notifier, ({ key }) => ({ title: name, text: key }));
    windows.push(alerts);
    return alerts;
  }
  function openTerminal(): TerminalAlerts {
    const stdout = { isTTY: true, write: (text: string) => void notify(text) } as unknown as NodeJS.WriteStream;
    return new TerminalAlerts({ stdout, env: { TERM: 'xterm' } }, new RedisNotificationClaims(redis, keys));
  }
  const notify = (text: string): Promise<boolean> => Promise.resolve(notified.push(text) > 0);
  const marked = async (): Promise<boolean> => {
    const values = await Promise.all(REQUESTS.map(({ id }) => redis.call('GET', keys.call(`alert-${id}`))));
    return values.every((value) => value === 'told');
  };

  it('tell each request once, however they race', async () => {
    const snapshot = notificationState({ needs: REQUESTS }).snapshot;
    assert.ok(snapshot);
    const waiting = notificationsOf(notificationState({ needs: REQUESTS }), [], Date.now());
    for (const name of ['a', 'b', 'c']) openWindow(name).update(waiting, false);
    const terminals = [openTerminal(), openTerminal()];
    await waitUntil(
      async () => {
        for (const terminal of terminals) terminal.update(snapshot);
        return await marked();
      },
      60_000,
      'the last alert',
    );
    assert.equal(notified.length, REQUESTS.length, notified.join(' '));
  });
});

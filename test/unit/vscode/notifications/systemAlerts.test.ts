import assert from 'node:assert/strict';
import type { ClaimAnswer } from '../../../../src/vscode/notifications/notificationReducer';
import { notificationsOf, type Notification } from '../../../../src/vscode/notifications/notifications';
import { SystemAlerts } from '../../../../src/vscode/notifications/systemAlerts';
import { notificationState, permissionRequest } from '../../../support/vscode/notificationStates';
import { waitUntil } from '../../../support/waitUntil';

const waiting = (...ids: readonly string[]): readonly Notification[] =>
  notificationsOf(notificationState({ needs: ids.map((id) => permissionRequest(id, 2)) }), [], Date.now());

/** Claims as all windows share them in Redis. */
class SharedClaims {
  readonly notified = new Set<string>();
  private readonly owners = new Map<string, string>();

  of(window: string): ConstructorParameters<typeof SystemAlerts>[0] {
    return {
      take: (keys) =>
        Promise.resolve(new Map(keys.map((key) => [key, this.answer(key, window)] as [string, ClaimAnswer]))),
      markShown: (keys) => Promise.resolve(keys.forEach((key) => this.notified.add(key))),
    };
  }

  private answer(key: string, window: string): ClaimAnswer {
    if (this.notified.has(key)) return 'told';
    const owner = this.owners.get(key) ?? window;
    this.owners.set(key, owner);
    return owner === window ? 'yours' : 'theirs';
  }
}

const until = (condition: () => boolean): Promise<boolean> => waitUntil(condition, 60_000, 'the alert');

describe('system notifications of VS Code windows', function () {
  this.timeout(120_000);
  let shown: string[] = [];
  let claims = new SharedClaims();
  let windows: SystemAlerts[] = [];
  let available = true;
  let [asked, refused] = [0, 0];
  beforeEach(() => {
    [asked, refused] = [0, 0];
    shown = [];
    claims = new SharedClaims();
    available = true;
    windows = ['a', 'b', 'c'].map((name) => openWindow(name));
  });
  afterEach(() => windows.forEach((window) => window.dispose()));

  function openWindow(name: string, wanted = true): SystemAlerts {
    const notifier = {
      isAvailable: () => Promise.resolve((asked++, available)),
      show: (title: string, text: string) => Promise.resolve(shown.push(`${title}: ${text}`) > 0),
    };
    return new SystemAlerts(claims.of(name), notifier, ({ key }) => {
      if (wanted) return { title: 'app', text: key };
      refused++;
      return null;
    });
  }

  it('tell each request once over three windows without the focus', async () => {
    for (const window of windows) window.update(waiting('need_1', 'need_2'), false);
    await until(() => claims.notified.size === 2);
    for (const window of windows) window.update(waiting('need_1', 'need_2', 'need_3'), false);
    await until(() => claims.notified.size === 3);
    assert.deepEqual(shown.toSorted(), ['app: need_1', 'app: need_2', 'app: need_3']);
  });

  it('tell nothing that a window with the focus shows', async () => {
    windows[0]?.update(waiting('need_1'), true);
    windows[1]?.update(waiting('need_1'), false);
    windows[1]?.update(waiting('need_1', 'need_2'), false);
    await until(() => claims.notified.has('alert-need_2'));
    assert.deepEqual(shown, ['app: need_2']);
  });

  it('tell nothing that was answered at once', async () => {
    windows[0]?.update(waiting('need_1'), false);
    windows[0]?.update(waiting('need_2'), false);
    await until(() => claims.notified.has('alert-need_2'));
    assert.deepEqual(shown, ['app: need_2']);
  });

  it('leave a request to another window when this one cannot tell it or the user wants none here', async () => {
    available = false;
    windows[0]?.update(waiting('need_1'), false);
    const silent = openWindow('silent', false);
    windows.push(silent);
    silent.update(waiting('need_1'), false);
    await until(() => asked === 1 && refused === 1);
    assert.deepEqual([shown, claims.notified.size], [[], 0]);
    available = true;
    windows[1]?.update(waiting('need_1'), false);
    await until(() => claims.notified.size === 1);
    assert.deepEqual(shown, ['app: need_1']);
  });
});

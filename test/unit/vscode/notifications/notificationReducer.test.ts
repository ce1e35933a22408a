import assert from 'node:assert/strict';
import type { InputRequest } from '../../../../src/core/requests/inputRequest';
import type { MessageView, Snapshot } from '../../../../src/core/team/snapshot';
import {
  initialNotifications,
  POLL_INTERVAL_MS,
  reduceNotifications,
  SCREEN_MS,
  type ClaimAnswer,
  type NotificationEffect,
  type NotificationEvent,
  type NotificationView,
} from '../../../../src/vscode/notifications/notificationReducer';
import { REQUEST_COMES_MS, type Notification } from '../../../../src/vscode/notifications/notifications';
import { agent, message } from '../../../support/vscode/fakeTeam';
import { notificationState, permissionRequest } from '../../../support/vscode/notificationStates';

/** A window that drives the reducer: it claims by `answer`, and lists what it shows. */
class TestWindow {
  readonly shown: (readonly string[])[] = [];
  readonly renewed: string[] = [];
  readonly marked: string[] = [];
  checkAfterMs: number | null = null;
  answer: (key: string) => ClaimAnswer = () => 'yours';
  answersRenewals = true;
  private state;
  private last: readonly Notification[] = [];

  constructor(focused = true, shown: readonly string[] = []) {
    this.state = initialNotifications(focused, shown, 0);
  }

  /** Requests with these ids wait, of one agent each. */
  waiting(ids: readonly string[], now: number, more: Partial<NotificationView> = {}): void {
    this.view({ needs: ids.map((id, index) => permissionRequest(id, 2 + (index % 2))) }, now, more);
  }

  view(snapshot: Partial<Snapshot>, now: number, more: Partial<NotificationView> = {}): void {
    const view = { dir: '/p', state: notificationState(snapshot), wanted: 'all' as const, muted: [], ...more };
    this.report({ kind: 'view', view }, now);
  }

  message(view: MessageView, now: number, dir = '/p'): void {
    this.report({ kind: 'message', message: view, dir }, now);
  }

  focus(focused: boolean, now: number): void {
    this.report({ kind: 'focus', focused }, now);
  }

  beginAnswer(now: number): void {
    this.report({ kind: 'answering', all: this.last }, now);
  }

  close(now: number, all = this.last): void {
    this.report({ kind: 'closed', all }, now);
  }

  /** The notifications on the screen, for `close`. */
  get onScreen(): readonly Notification[] {
    return this.last;
  }

  private report(event: NotificationEvent, now: number): void {
    const { state, effects } = reduceNotifications(this.state, event, now);
    this.state = state;
    // Answers come after the step, as in a window.
    for (const answer of effects.flatMap((effect) => this.run(effect) ?? [])) this.report(answer, now);
  }

  private run(effect: NotificationEffect): NotificationEvent | undefined {
    switch (effect.kind) {
      case 'claim': {
        const answers = new Map(effect.all.map(({ key }) => [key, this.answer(key)]));
        return { kind: 'claimed', all: effect.all, answers };
      }
      case 'notify':
        this.last = effect.all;
        this.shown.push(effect.all.map(({ key }) => key));
        return;
      case 'renew':
        this.renewed.push(...effect.keys);
        return this.answersRenewals ? { kind: 'renewed' } : undefined;
      case 'mark-shown':
        this.marked.push(...effect.keys);
        return;
      case 'check':
        this.checkAfterMs = effect.afterMs;
        return;
    }
  }
}

describe('the notifications of a window', () => {
  it('appear one at a time, the next when the user has closed the last', () => {
    const window = new TestWindow();
    window.waiting(['a', 'b'], 0);
    assert.deepEqual(window.shown, [['a']]);
    window.waiting(['a', 'b'], 1);
    assert.deepEqual(window.shown, [['a']]);
    window.close(2);
    assert.deepEqual(window.shown, [['a'], ['b']]);
  });

  it('wait although the request has ended, because no extension can close its notification', () => {
    const window = new TestWindow();
    window.waiting(['a'], 0);
    window.waiting(['b'], SCREEN_MS - 1);
    assert.deepEqual(window.shown, [['a']]);
    assert.equal(window.checkAfterMs, 1);
    window.waiting(['b'], SCREEN_MS);
    assert.deepEqual(window.shown, [['a'], ['b']]);
  });

  it('count the time on the screen only while the window has the focus, as VS Code does', () => {
    const window = new TestWindow(false);
    window.waiting(['a'], 0);
    window.waiting(['a'], 2000); // the window with the focus had its chance
    assert.deepEqual(window.shown, [['a']]);
    window.waiting(['a', 'b'], 9e6);
    window.focus(true, 9e6);
    window.focus(false, 9e6 + 2000);
    window.focus(true, 9e6 + 5000);
    window.waiting(['a', 'b'], 9e6 + SCREEN_MS);
    assert.deepEqual(window.shown, [['a']]);
    window.waiting(['a', 'b'], 9e6 + 5000 + SCREEN_MS);
    assert.deepEqual(window.shown, [['a'], ['b']]);
  });

  it('are combined after one that the user ignored, and single again once the user acts', () => {
    const window = new TestWindow();
    window.waiting(['a'], 0);
    window.waiting(['b', 'c'], SCREEN_MS);
    assert.deepEqual(window.shown, [['a'], ['b', 'c']]);
    window.close(SCREEN_MS);
    window.waiting(['d', 'e'], SCREEN_MS + 1);
    assert.deepEqual(window.shown, [['a'], ['b', 'c'], ['d']]);
  });

  it('stay away while the user answers, however long that takes', () => {
    const window = new TestWindow();
    window.waiting(['a'], 0);
    window.beginAnswer(0);
    window.waiting(['b'], 10 * SCREEN_MS);
    assert.deepEqual(window.shown, [['a']]);
    window.close(10 * SCREEN_MS);
    assert.deepEqual(window.shown, [['a'], ['b']]);
  });

  it('do not follow an answer to one that has left the screen', () => {
    const window = new TestWindow();
    window.waiting(['a'], 0);
    const first = window.onScreen;
    window.waiting(['b'], SCREEN_MS);
    window.close(SCREEN_MS, first);
    window.waiting(['b', 'c'], SCREEN_MS + 1);
    assert.deepEqual(window.shown, [['a'], ['b']]);
  });

  it('do not appear again for an agent that was just answered and has not continued yet', () => {
    const window = new TestWindow();
    const since = 1_000_000;
    const agents = [agent(2, 'coder', 'needs-input', { changedAt: since, activity: 'asks: Bash npm test' })];
    const step = (needs: readonly InputRequest[], now: number): void => window.view({ agents, needs }, now);
    step([permissionRequest('need_a', 2)], since + 60_000);
    window.close(since + 60_500);
    step([], since + 61_000);
    assert.deepEqual(window.shown, [['need_a']]);
    assert.equal(window.checkAfterMs, REQUEST_COMES_MS);
    step([], since + 61_000 + REQUEST_COMES_MS);
    assert.deepEqual(window.shown, [['need_a'], [`dialog-2-${since}`]]);
  });

  it('are left to the window that claimed them, which is asked again after the poll interval', () => {
    const window = new TestWindow();
    window.answer = () => 'theirs';
    window.waiting(['a'], 0);
    assert.deepEqual(window.shown, []);
    assert.equal(window.checkAfterMs, POLL_INTERVAL_MS);
    window.answer = () => 'yours';
    window.waiting(['a'], POLL_INTERVAL_MS - 1);
    assert.deepEqual(window.shown, []);
    window.waiting(['a'], POLL_INTERVAL_MS);
    assert.deepEqual(window.shown, [['a']]);
  });

  it('are never asked for again once another window has shown a message', () => {
    const window = new TestWindow();
    window.answer = () => 'told';
    window.view({}, 0);
    window.message(message('one', 'AGENT-3', 0, 'Hello', 'received'), 0);
    window.answer = () => 'yours';
    window.view({}, 10 * POLL_INTERVAL_MS);
    assert.deepEqual(window.shown, []);
  });

  it('of an agent’s message are marked as shown when the user closes them or they leave the screen', () => {
    const window = new TestWindow();
    window.view({}, 0);
    window.message(message('one', 'AGENT-3', 0, 'Hello', 'received'), 0);
    window.close(1);
    assert.deepEqual(window.marked, ['cmd_one']);
    window.message(message('two', 'AGENT-3', 0, 'Hello', 'received'), 2);
    window.view({}, 2 + SCREEN_MS);
    assert.deepEqual(window.marked, ['cmd_one', 'cmd_two']);
  });

  it('are renewed while they wait, and not again before the last renewal has ended', () => {
    const window = new TestWindow();
    window.answersRenewals = false;
    const start = 1_000_000;
    window.waiting(['a'], start);
    window.waiting(['a'], start + POLL_INTERVAL_MS);
    window.waiting(['a'], start + 2 * POLL_INTERVAL_MS);
    assert.deepEqual(window.renewed, ['a']);
  });

  it('do not check again and again while a renewal of claims does not end', () => {
    const window = new TestWindow();
    window.answersRenewals = false;
    const start = 1_000_000;
    window.waiting(['a'], start);
    window.close(start);
    window.waiting(['a'], start + 10 * POLL_INTERVAL_MS);
    assert.equal(window.checkAfterMs, null);
  });

  it('are not shown for a muted agent, nor of a kind that the user switched off', () => {
    const window = new TestWindow();
    window.waiting(['a'], 0, { muted: ['coder'] });
    window.waiting(['a'], 1, { wanted: 'messages' });
    window.waiting(['a'], 2, { wanted: 'none' });
    assert.deepEqual(window.shown, []);
  });

  it('are not repeated after a reload, and those of another folder are dropped', () => {
    const window = new TestWindow(true, ['a']);
    window.waiting(['a'], 0);
    window.message(message('one', 'AGENT-3', 0, 'Hello', 'received'), 1, '/other');
    assert.deepEqual(window.shown, []);
  });
});

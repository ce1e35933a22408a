import assert from 'node:assert/strict';
import type { InputRequest } from '../../../../src/core/requests/inputRequest';
import type { Snapshot } from '../../../../src/core/team/snapshot';
import { EndedRequests } from '../../../../src/vscode/notifications/endedRequests';
import { NotificationQueue, SCREEN_MS } from '../../../../src/vscode/notifications/notificationQueue';
import {
  notificationsOf,
  notificationText,
  REQUEST_COMES_MS,
  combinedText,
  type Notification,
} from '../../../../src/vscode/notifications/notifications';
import type { ProjectState } from '../../../../src/vscode/project/projectState';
import { agent, message, samplePlan, sampleSnapshot } from '../../../support/vscode/fakeTeam';

const CALM: Partial<Snapshot> = {
  agents: [agent(0, 'mother', 'idle'), agent(2, 'coder', 'busy'), agent(3, 'tester', 'busy')],
  messages: [],
};
const state = (more: Partial<Snapshot>): ProjectState => ({
  snapshot: sampleSnapshot({ ...CALM, ...more }),
  connected: true,
  missing: 'none',
  error: null,
  ready: true,
});
const request = (id: string, window: number, more: Partial<InputRequest> = {}): InputRequest => ({
  id,
  window,
  kind: 'permission',
  tool: 'Bash',
  input: '{"command":"npm test"}',
  cut: false,
  choices: [],
  at: 1,
  ...more,
});
const call = (key: string): Notification => ({ kind: 'dialog', key, agent: agent(2, key, 'needs-input') });
const keys = (calls: readonly Notification[]): readonly string[] => calls.map(({ key }) => key);

describe('Notifications', () => {
  const only = (calls: readonly Notification[]): Notification => {
    assert.equal(calls.length, 1);
    return calls[0]!;
  };

  it('name the agent and its request, and allow a short command with one click', () => {
    const asking = state({ needs: [request('need_a', 2)] });
    const notification = notificationText(only(notificationsOf(asking, [], 0)), asking);
    assert.deepEqual(notification, { text: 'coder wants to use Bash: npm test', actions: ['allow', 'deny', 'more'] });
    const long = state({ needs: [request('need_a', 2, { input: JSON.stringify({ command: 'x'.repeat(500) }) })] });
    assert.deepEqual(notificationText(only(notificationsOf(long, [], 0)), long).actions, ['answer', 'mute']);
  });

  it('appear for a dialog on a screen only after the time limit of its request, and then lead to the terminal', () => {
    const since = 1_000_000;
    const standing = state({
      agents: [agent(2, 'coder', 'needs-input', { changedAt: since, activity: 'Trust this folder?' })],
    });
    assert.deepEqual(notificationsOf(standing, [], since + REQUEST_COMES_MS - 1), []);
    const notification = notificationText(only(notificationsOf(standing, [], since + REQUEST_COMES_MS)), standing);
    assert.deepEqual(notification, { text: 'coder needs you: Trust this folder?', actions: ['terminal', 'mute'] });
    const asked = state({ agents: standing.snapshot!.agents, needs: [request('need_a', 2)] });
    assert.equal(only(notificationsOf(asked, [], since + REQUEST_COMES_MS)).kind, 'need');
  });

  it('do not appear again for an agent that was just answered and has not continued yet', () => {
    const since = 1_000_000;
    const agents = [agent(2, 'coder', 'needs-input', { changedAt: since, activity: 'asks: Bash npm test' })];
    const ended = new EndedRequests();
    const keysAt = (needs: readonly InputRequest[], now: number): readonly string[] => {
      ended.see(needs, now);
      return keys(notificationsOf(state({ agents, needs }), [], now, (each) => ended.since(each)));
    };
    assert.deepEqual(keysAt([request('need_a', 2)], since + 60_000), ['need_a']);
    assert.deepEqual(keysAt([], since + 61_000), []);
    assert.deepEqual(keysAt([], since + 61_000 + REQUEST_COMES_MS), [`dialog-2-${since}`]);
  });

  it('appear for a change of the running team, but not for the first plan, to which the user is led anyway', () => {
    const session = { ...sampleSnapshot().session!, phase: 'review' as const };
    assert.deepEqual(notificationsOf(state({ session, plan: samplePlan }), [], 0), []);
    const [joining] = samplePlan.plan!.agents;
    const changing = state({
      session,
      plan: { ...samplePlan, change: { added: [joining!], removed: [], changed: [], kept: [] } },
    });
    assert.deepEqual(notificationText(only(notificationsOf(changing, [], 0)), changing), {
      text: 'Mother asks you to approve a change of the team: 1 added.',
      actions: ['review'],
    });
  });

  it('show events that stop an agent before messages', () => {
    const both = state({ needs: [request('need_a', 2)] });
    assert.deepEqual(keys(notificationsOf(both, [message('one', 'AGENT-3', 0, 'Hello', 'received')], 0)), [
      'need_a',
      'cmd_one',
    ]);
  });

  it('offer a reply to an agent, and the command that a message of TACO names', () => {
    const calm = state({});
    const textOf = (sender: string, text = 'Shall I?') =>
      notificationText(only(notificationsOf(calm, [message('one', sender, 0, text, 'received')], 0)), calm);
    assert.deepEqual(textOf('AGENT-3'), { text: 'tester: Shall I?', actions: ['reply', 'mute'] });
    assert.deepEqual(textOf('TACO', 'It is used up: taco budget AMOUNT').actions, ['budget']);
    assert.deepEqual(textOf('TACO', 'Then resume the team: taco resume').actions, ['resume-team']);
    assert.deepEqual(textOf('TACO', 'The limit is reached').actions, ['messages']);
  });

  it('combine several events into one sentence that names each agent once', () => {
    const many = state({ needs: [request('need_a', 2), request('need_b', 2), request('need_c', 3)] });
    const calls = notificationsOf(many, [message('one', 'AGENT-3', 0, 'Hi', 'received')], 0);
    assert.deepEqual(combinedText(calls, many), {
      text: 'coder, tester need you. 1 message for you from tester.',
      actions: ['answer-which', 'messages'],
    });
  });
});

describe('The queue of notifications', () => {
  it('shows one notification, and the next when the user has closed that one', () => {
    const queue = new NotificationQueue(true, 0);
    const waiting = [call('a'), call('b')];
    const first = queue.next(waiting, 0);
    assert.deepEqual(keys(first), ['a']);
    assert.deepEqual(queue.next([call('b')], 1), []);
    queue.closed(first);
    assert.deepEqual(keys(queue.next([call('b')], 2)), ['b']);
  });

  it('waits although the request has ended, because no extension can close its notification', () => {
    const queue = new NotificationQueue(true, 0);
    queue.next([call('a')], 0);
    assert.deepEqual(queue.next([call('b')], SCREEN_MS - 1), []);
    assert.deepEqual(keys(queue.next([call('b')], SCREEN_MS)), ['b']);
  });

  it('counts the time on the screen only while the window has the focus, as VS Code does', () => {
    const queue = new NotificationQueue(false, 0);
    queue.next([call('a')], 0);
    assert.equal(queue.leftMs(9e6), null);
    assert.deepEqual(queue.next([call('b')], 9e6), []);
    queue.focus(true, 9e6);
    assert.equal(queue.leftMs(9e6 + 1000), SCREEN_MS - 1000);
    queue.focus(false, 9e6 + 2000);
    queue.focus(true, 9e6 + 5000);
    assert.deepEqual(queue.next([call('b')], 9e6 + SCREEN_MS), []);
    assert.deepEqual(keys(queue.next([call('b')], 9e6 + 5000 + SCREEN_MS)), ['b']);
  });

  it('combines everything that waited behind an ignored notification, and shows single ones again once the user acts', () => {
    const queue = new NotificationQueue(true, 0);
    queue.next([call('a')], 0);
    const together = queue.next([call('b'), call('c')], SCREEN_MS);
    assert.deepEqual(keys(together), ['b', 'c']);
    queue.closed(together);
    assert.deepEqual(keys(queue.next([call('d'), call('e')], SCREEN_MS + 1)), ['d']);
  });

  it('shows nothing while the user answers, however long that takes', () => {
    const queue = new NotificationQueue(true, 0);
    const first = queue.next([call('a')], 0);
    queue.answering(first);
    assert.deepEqual(queue.next([call('b')], 10 * SCREEN_MS), []);
    queue.closed(first);
    assert.deepEqual(keys(queue.next([call('b')], 10 * SCREEN_MS)), ['b']);
  });

  it('is not affected by an answer to a notification that has left the screen', () => {
    const queue = new NotificationQueue(true, 0);
    const first = queue.next([call('a')], 0);
    queue.next([call('b')], SCREEN_MS);
    queue.closed(first);
    assert.deepEqual(queue.next([call('c')], SCREEN_MS + 1), []);
  });
});

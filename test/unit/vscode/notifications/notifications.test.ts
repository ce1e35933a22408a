import assert from 'node:assert/strict';
import {
  notificationsOf,
  notificationText,
  REQUEST_COMES_MS,
  combinedText,
  type Notification,
} from '../../../../src/vscode/notifications/notifications';
import { agent, message, samplePlan, sampleSnapshot } from '../../../support/vscode/fakeTeam';
import { notificationState as state, permissionRequest as request } from '../../../support/vscode/notificationStates';

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

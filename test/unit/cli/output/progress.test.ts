import assert from 'node:assert/strict';
import { Progress } from '../../../../src/cli/output/progress';
import type { AgentView } from '../../../../src/core/team/snapshot';
import { agent, message, NOW, snapshot } from '../../../support/snapshotBuilders';

const session = snapshot().session!;
const plan = {
  agents: [{ window: 2, name: 'backend', role: 'API', depends_on: [], notifies: ['tester'], wait_for: [] }],
};

describe('the progress of taco up', () => {
  it('prints each phase once', () => {
    const progress = new Progress();
    const planning = snapshot({ session: { ...session, phase: 'planning', detail: 'Mother plans, attempt 1 of 3' } });
    assert.deepEqual(progress.next(planning), ['planning: Mother plans, attempt 1 of 3']);
    assert.deepEqual(progress.next(planning), []);
    assert.deepEqual(progress.next(snapshot()), ['running']);
  });

  it('shows a proposed plan as a table and the problems of a bad one', () => {
    const progress = new Progress();
    const review = {
      status: 'proposed' as const,
      plan,
      problems: [],
      repaired: true,
      proposal: null,
      attempt: 1,
      at: 1,
    };
    const lines = progress.next(snapshot({ plan: review })).join('\n');
    assert.match(lines, /repaired/);
    assert.match(lines, /2 +backend +- +- +tester +- +API/);
    assert.deepEqual(progress.next(snapshot({ plan: review })), []);
    const bad = progress
      .next(
        snapshot({
          plan: {
            ...review,
            status: 'invalid',
            plan: null,
            attempt: 2,
            problems: [{ code: 'window-doubled', message: 'Two have 3.', agents: [] }],
          },
        }),
      )
      .join('\n');
    assert.match(bad, /attempt 2.*\n {2}window-doubled: Two have 3\./);
  });

  it('prints each warning of the activity once, and none from before its start', () => {
    const progress = new Progress();
    const at = (ms: number, text: string) => ({ at: NOW + ms, text });
    const old = at(0, 'Warning: of an earlier session');
    assert.ok(!progress.next(snapshot({ activity: [old] })).some((line) => line.startsWith('Warning')));
    const activity = [at(2, 'api was relaunched'), at(1, 'Warning: a hook failed'), old];
    assert.deepEqual(progress.next(snapshot({ activity })), ['Warning: a hook failed']);
    assert.deepEqual(progress.next(snapshot({ activity })), []);
  });

  it('prints important changes of an agent, not every change', () => {
    const progress = new Progress();
    assert.equal(
      progress.next(snapshot({ agents: [agent(2, 'backend', { status: 'starting' })] })).at(-1),
      'backend (window 2): starting',
    );
    assert.equal(progress.next(snapshot({ agents: [agent(2, 'backend')] })).at(-1), 'backend (window 2): ready');
    assert.deepEqual(progress.next(snapshot({ agents: [agent(2, 'backend', { status: 'busy' })] })), []);
    assert.match(
      progress
        .next(snapshot({ agents: [agent(2, 'backend', { status: 'needs-input', activity: 'asks: Bash' })] }))
        .join(),
      /needs-input, asks: Bash/,
    );
  });

  it('prints each message when it is held and when it ends', () => {
    const progress = new Progress();
    progress.next(snapshot());
    assert.deepEqual(progress.next(snapshot({ messages: [message('cmd_000001', { state: 'typing' })] })), []);
    const held = snapshot({ messages: [message('cmd_000001', { state: 'held', reason: 'dialog' })] });
    assert.deepEqual(progress.next(held), ['held (dialog): [AGENT-4 → AGENT-3]: API ready']);
    assert.deepEqual(progress.next(held), []);
    assert.deepEqual(progress.next(snapshot({ messages: [message('cmd_000001')] })), [
      'received: [AGENT-4 → AGENT-3]: API ready',
    ]);
  });

  it('does not print short intermediate states of a message', () => {
    const progress = new Progress();
    progress.next(snapshot());
    for (const state of ['held', 'delivered'] as const)
      assert.deepEqual(progress.next(snapshot({ messages: [message('cmd_000001', { state, since: NOW - 200 })] })), []);
    assert.deepEqual(
      progress.next(
        snapshot({
          plan: { status: 'invalid', plan: null, problems: [], repaired: false, proposal: null, attempt: 1, at: 1 },
        }),
      ),
      [],
    );
  });

  it('names agents that ended before they were done, after the time for a relaunch', () => {
    const ended = (name: string, more: Partial<AgentView>) =>
      agent(2, name, { status: 'exited', changedAt: NOW - 30_000, ...more });
    const team = [
      ended('gone', {}),
      ended('fresh', { changedAt: NOW - 1000 }),
      ended('finished', { done: true }),
      agent(3, 'well'),
      agent(0, 'mother', { status: 'exited', changedAt: 1 }),
    ];
    assert.deepEqual(new Progress().lost(snapshot({ agents: team })), ['gone']);
  });

  it('is done when every agent has reported done and no message is pending', () => {
    const progress = new Progress();
    const done = {
      agents: [agent(0, 'mother'), agent(2, 'backend', { done: true })],
      messages: [message('cmd_000001')],
    };
    assert.equal(progress.isDone(snapshot(done)), true);
    assert.equal(progress.isDone(snapshot({ ...done, agents: [agent(0, 'mother'), agent(2, 'backend')] })), false);
    assert.equal(progress.isDone(snapshot({ ...done, agents: [agent(0, 'mother')] })), false);
    assert.equal(progress.isDone(snapshot({ ...done, messages: [message('cmd_000001', { state: 'held' })] })), false);
    assert.equal(progress.isDone(snapshot({ ...done, counters: { pending: 1 } })), false);
    assert.equal(progress.isDone(snapshot({ ...done, session: { ...session, phase: 'launching' } })), false);
    assert.equal(progress.isDone(snapshot({ ...done, session: null })), false);
  });

  it('accounts for every message of the session, and says who was scripted', () => {
    const progress = new Progress();
    progress.next(
      snapshot({
        agents: [agent(0, 'mother', { profile: 'scripted' }), agent(3, 'frontend')],
        messages: [message('cmd_000001')],
      }),
    );
    progress.next(
      snapshot({
        agents: [agent(0, 'mother', { profile: 'scripted' }), agent(3, 'frontend')],
        messages: [message('cmd_000002', { state: 'dead', reason: 'no composer', target: 'user' })],
        counters: { ...snapshot().counters, enqueued: 2, executed: 1, failed: 1, dead: 1 },
      }),
    );
    const text = progress.summary().join('\n');
    assert.match(text, /0 mother: scripted, no model/);
    assert.match(text, /3 frontend: real \(claude\)/);
    assert.match(text, /Messages: 2, 1 delivered, 1 not/);
    assert.match(text, /AGENT-4 +frontend +received/);
    assert.match(text, /AGENT-4 +USER +dead \(no composer\)/);
    assert.equal(progress.allDelivered, false);
    assert.equal(progress.report().messages.length, 2);
  });

  it('counts all messages and keeps the newest of them, however many there are', () => {
    const progress = new Progress();
    const quiet = snapshot().counters;
    let lines = 0;
    for (let n = 1; n <= 5000; n++) {
      const shown = [n, n - 1, n - 2].filter((id) => id > 0).map((id) => message(`cmd_${id}`, { since: id }));
      lines += progress.next(snapshot({ messages: shown, counters: { ...quiet, enqueued: n, executed: n } })).length;
    }
    assert.equal(lines - 1, 5000, 'each message is told once');
    assert.match(progress.summary().join('\n'), /Messages: 5000, 5000 delivered, 0 not\n {2}The newest 200:/);
    const report = progress.report();
    assert.deepEqual(report.counts, { enqueued: 5000, delivered: 5000 });
    assert.equal(report.messages.length, 200);
    assert.ok(report.messages.some(({ id }) => id === 'cmd_5000'));
    assert.equal(progress.allDelivered, true);
  });
});

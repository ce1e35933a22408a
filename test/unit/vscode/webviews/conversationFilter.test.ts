import assert from 'node:assert/strict';
import type { FinishedMessage, HistoryPage } from '../../../../src/core/team/history';
import { endedBetween, inOrderSent, isBetween } from '../../../../src/vscode/webviews/conversationFilter';
import { exportMessages } from '../../../../src/vscode/webviews/messageExport';
import { MonitorFeed } from '../../../../src/vscode/webviews/monitorFeed';
import { silentLogger } from '../../../support/loggers';
import { FakeTeam, message, sampleSnapshot } from '../../../support/vscode/fakeTeam';

const ended = (id: string, sender: string, target: string, at: number): FinishedMessage => ({
  id,
  state: 'received',
  sender,
  target,
  enqueuedAt: at - 300,
  at,
});

describe('A conversation', () => {
  it('contains the messages between two participants, in both directions, and no others', () => {
    const both = ['AGENT-2', 'AGENT-3'] as const;
    assert.ok(isBetween({ sender: 'AGENT-2', target: 'taco-x:3' }, both));
    assert.ok(isBetween({ sender: 'AGENT-3', target: 'taco-x:2' }, both));
    assert.ok(!isBetween({ sender: 'AGENT-2', target: 'taco-x:33' }, both));
    assert.ok(!isBetween({ sender: 'MOTHER', target: 'taco-x:3' }, both));
    assert.ok(isBetween({ sender: 'MOTHER', target: 'user' }, ['USER', 'MOTHER']));
    assert.ok(!isBetween({ sender: 'USER', target: 'taco-x:2' }, both));
  });

  it('contains each message once, the newest version, in the order in which they were sent', () => {
    const finished = [
      ended('a', 'AGENT-2', 's:3', 1),
      ended('b', 'AGENT-4', 's:3', 2),
      ended('c', 'AGENT-3', 's:2', 3),
      ended('a', 'AGENT-2', 's:3', 4),
      ended('d', 'AGENT-2', 's:3', 5),
    ];
    assert.deepEqual(endedBetween(finished, ['AGENT-2', 'AGENT-3'], 2), ['a', 'd']);
    const [older, newer] = [
      message('one', 'USER', 2, 'x', 'queued', '', 9000),
      message('two', 'USER', 2, 'y', 'queued', '', 1000),
    ];
    assert.deepEqual(
      inOrderSent([newer, older], [{ ...newer, state: 'held' }]).map(({ id, state }) => [id, state]),
      [
        ['cmd_one', 'queued'],
        ['cmd_two', 'held'],
      ],
    );
  });

  it('goes further back than the snapshot, and forgets it when another session begins', async () => {
    const old = message('old', 'AGENT-2', 3, 'from the day before', 'received');
    class OldTeam extends FakeTeam {
      override history(): { next(): Promise<HistoryPage> } {
        return { next: async () => ({ finished: [ended(old.id, 'AGENT-2', 's:3', old.since)], steps: [] }) };
      }
      override async messages(ids: readonly string[]): Promise<readonly (typeof old)[]> {
        return ids.includes(old.id) ? [old] : [];
      }
    }
    const feed = new MonitorFeed(silentLogger);
    const snapshot = sampleSnapshot();
    feed.setConversation(['AGENT-3', 'AGENT-2']);
    assert.deepEqual(
      feed.conversation(snapshot).messages.map(({ id }) => id),
      ['cmd_recv01', 'cmd_type01'],
    );
    await feed.read(new OldTeam(snapshot), snapshot);
    assert.deepEqual(
      feed.conversation(snapshot).messages.map(({ id }) => id),
      ['cmd_recv01', 'cmd_old', 'cmd_type01'],
    );
    assert.equal(
      feed.history(snapshot, snapshot.at).series.received.some((value) => value > 0),
      true,
    );

    const next = sampleSnapshot({
      session: { ...snapshot.session!, started_at: new Date().toISOString() },
      messages: [],
    });
    await feed.read(new FakeTeam(next), next);
    assert.deepEqual(feed.conversation(next).messages, []);
    assert.equal(
      feed.history(next, next.at).series.received.some((value) => value > 0),
      false,
    );
  });

  it('has a timeline for each agent of the team', () => {
    const feed = new MonitorFeed(silentLogger);
    const snapshot = sampleSnapshot();
    const { timelines } = feed.history(snapshot, snapshot.at);
    assert.deepEqual(
      timelines.map(({ window }) => window),
      [0, 2, 3, 4, 5],
    );
    assert.match(timelines[3]?.letters ?? '', /^\.+n+$/);
  });
});

describe('Exported messages', () => {
  const snapshot = sampleSnapshot();

  it('are JSON with every step of every message, and each text unchanged', () => {
    const text = 'a "quoted" text\n```\nwith a fence';
    const document = JSON.parse(
      exportMessages([message('x1', 'AGENT-2', 3, text, 'held', 'dialog')], snapshot, 'all', 'json'),
    ) as {
      session: { name: string };
      messages: { from: string; to: string; text: string; life: { state: string; at: string }[] }[];
    };
    assert.equal(document.session.name, 'taco-sample');
    const [only] = document.messages;
    assert.deepEqual([only?.from, only?.to, only?.text], ['database', 'backend', text]);
    assert.deepEqual(
      only?.life.map(({ state }) => state),
      ['queued', 'typing', 'held'],
    );
    assert.ok(only?.life.every(({ at }) => /^\d{4}-.*Z$/.test(at)));
  });

  it('are Markdown that no text can break out of', () => {
    const text = 'x\n````\n# not a heading\n<script>';
    const document = exportMessages([message('x1', 'AGENT-2', 3, text, 'received')], snapshot, 'a_b', 'markdown');
    assert.match(document, /^# Messages of a\\_b\n/);
    assert.match(document, /\n`````text\nx\n````\n# not a heading\n<script>\n`````\n/);
    assert.match(document, /\d{2}:\d{2}:\d{2}\.\d{3} queued · .* received\n/);
    assert.match(document, /\n1 message, as of /);
  });
});

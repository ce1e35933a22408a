import assert from 'node:assert/strict';
import { agentStateSchema } from '../../../../src/core/agents/agentState';
import { TIMELINE_LETTERS } from '../../../../src/core/team/history';
import type { MonitorMessageRow } from '../../../../src/core/webviews/monitorProtocol';
import { agentStateWord } from '../../../../src/vscode/shared/labels';
import { monitorPost } from '../../../../src/vscode/webviews/monitorModel';
import { formatElapsed } from '../../../../src/webview/monitor/hostClock';
import { STATE_STYLES, runLengths, stateShares } from '../../../../src/webview/monitor/timelineStates';
import {
  betweenOf,
  restoreView,
  partiesOf,
  matchesFilter,
  sequenceOf,
  type MonitorView,
} from '../../../../src/webview/monitor/viewState';
import { sampleSnapshot } from '../../../support/vscode/fakeTeam';

const { messages } = monitorPost(
  { snapshot: sampleSnapshot(), connected: true, missing: 'none', ready: true, error: null },
  1,
);
const view = (patch: Partial<MonitorView> = {}): MonitorView => ({ ...restoreView(null), ...patch });
const shown = (patch: Partial<MonitorView>, of: readonly MonitorMessageRow[] = messages): string[] =>
  of.filter((message) => matchesFilter(message, view(patch))).map(({ id }) => id.slice(4));

describe('the stored settings of the monitor', () => {
  it('are a plain list of all messages at first', () => {
    assert.deepEqual(restoreView(null), {
      text: '',
      group: 'all',
      one: '',
      other: '',
      view: 'list',
      minutes: 5,
      folds: {},
      revealedAt: 0,
    });
  });

  it('are restored without invalid values', () => {
    const stored: MonitorView = {
      text: 'x',
      group: 'held',
      one: 'AGENT-2',
      other: 'USER',
      view: 'sequence',
      minutes: 30,
      folds: { messages: false, 'agent backend': true },
      revealedAt: 7,
    };
    assert.deepEqual(restoreView(JSON.parse(JSON.stringify(stored))), stored);
    assert.deepEqual(
      restoreView({
        text: 3,
        group: 'toString',
        view: 'constructor',
        minutes: 6,
        one: null,
        folds: { messages: 1 },
        revealedAt: '1',
      }),
      restoreView(undefined),
    );
    assert.deepEqual(restoreView('hostile'), restoreView(null));
  });
});

describe('the filter of messages', () => {
  it('finds names, text, status and id, ignoring case', () => {
    assert.deepEqual(shown({ text: 'PAGINATION' }), ['queue1']);
    assert.deepEqual(shown({ text: 'mother' }), ['held02', 'recv02']);
    assert.deepEqual(shown({ text: 'a dialog is open' }), ['held01', 'held02']);
    assert.deepEqual(shown({ text: 'cmd_recv01' }), ['recv01']);
  });

  it('selects messages that need a decision, are held, or are not finished', () => {
    assert.deepEqual(shown({ group: 'stuck' }), ['dead01']);
    assert.deepEqual(shown({ group: 'held' }), ['held01', 'held02']);
    assert.deepEqual(shown({ group: 'open' }), ['dead01', 'held01', 'held02', 'queue1', 'type01']);
  });

  it('selects all messages of one party, or only those between two parties', () => {
    assert.deepEqual(shown({ one: 'AGENT-2' }), ['type01', 'recv01', 'recv02']);
    assert.deepEqual(shown({ other: 'USER' }), ['queue1']);
    assert.deepEqual(shown({ one: 'AGENT-3', other: 'AGENT-2' }), ['type01', 'recv01']);
  });

  it('gives a conversation only for two different parties', () => {
    assert.deepEqual(betweenOf({ one: 'USER', other: 'MOTHER' }), ['USER', 'MOTHER']);
    assert.equal(betweenOf({ one: 'USER', other: 'USER' }), null);
    assert.equal(betweenOf({ one: 'USER', other: '' }), null);
  });
});

describe('the sequence of messages', () => {
  it('has a column for each party: the user, Mother, then agents by window', () => {
    assert.deepEqual(
      partiesOf(messages).map(({ name }) => name),
      ['you', 'Mother', 'database', 'backend', 'frontend', 'validator'],
    );
  });

  it('is ordered by time, with each arrow from its sender to its receiver', () => {
    const { parties, rows } = sequenceOf(messages, 100);
    assert.deepEqual(
      rows.map(({ message, from, to }) => `${message.id.slice(4)} ${parties[from]?.name}→${parties[to]?.name}`),
      [
        'recv02 database→Mother',
        'recv01 database→backend',
        'dead01 backend→validator',
        'held01 backend→frontend',
        'held02 Mother→frontend',
        'queue1 you→backend',
        'type01 database→backend',
      ],
    );
  });

  it('shows only the newest of many messages, and their parties', () => {
    const { parties, rows } = sequenceOf(messages, 2);
    assert.deepEqual(
      rows.map(({ message }) => message.id),
      ['cmd_queue1', 'cmd_type01'],
    );
    assert.deepEqual(
      parties.map(({ name }) => name),
      ['you', 'database', 'backend'],
    );
  });
});

describe('the letters of a timeline', () => {
  it('have a style and the label of the trees for every state', () => {
    for (const [state, letter] of TIMELINE_LETTERS) assert.equal(STATE_STYLES[letter]?.word(), agentStateWord(state));
    assert.equal(Object.keys(STATE_STYLES).length, agentStateSchema.options.length);
  });

  it('are drawn as runs and reported as shares of the known time', () => {
    assert.deepEqual(runLengths('..iib'), [
      { letter: '.', from: 0, count: 2 },
      { letter: 'i', from: 2, count: 2 },
      { letter: 'b', from: 4, count: 1 },
    ]);
    assert.equal(stateShares('..iiib'), 'idle 75 %, working 25 %');
    assert.equal(stateShares('....'), 'nothing known yet');
  });
});

describe('the duration of a step', () => {
  it('has only the useful digits', () => {
    assert.deepEqual([0, 214, 1460, 12_400, 61_000, -5].map(formatElapsed), [
      '0.00 s',
      '0.21 s',
      '1.5 s',
      '12 s',
      '1m',
      '0.00 s',
    ]);
  });
});

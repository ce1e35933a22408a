import assert from 'node:assert/strict';
import {
  FINAL_STATES,
  canFollow,
  FOLLOWERS,
  MESSAGE_STATES,
  type MessageState,
  type PaneMark,
  resumeAction,
} from '../../../../src/core/messages/messageState';

const STATES = MESSAGE_STATES;
const MARKS: readonly PaneMark[] = [null, 'typing', 'typed', 'entered'];

describe('the message states', () => {
  const path = (...states: MessageState[]) => states.slice(1).every((to, index) => canFollow(states[index]!, to));

  it('follow the designed transitions', () => {
    assert.ok(path('queued', 'typing', 'typed', 'entered', 'delivered', 'received'));
    assert.ok(path('queued', 'held', 'held', 'typing', 'typed', 'held', 'typed', 'entered', 'entered', 'received'));
    assert.ok(path('typing', 'retrying', 'typing', 'retrying', 'dead', 'queued', 'dropped'));
    assert.ok(path('entered', 'uncertain', 'received'));
  });

  it('begin each step from the previous one without skipping any', () => {
    assert.deepEqual(
      STATES.filter((from) => canFollow(from, 'entered')),
      ['typed', 'entered'],
    );
    assert.deepEqual(
      STATES.filter((from) => from !== 'queued' && canFollow(from, 'delivered')),
      ['entered', 'delivered'],
    );
  });

  it('never hold a message that left the input box', () => {
    assert.ok(!canFollow('delivered', 'held') && !canFollow('received', 'held'));
  });

  it('never type a message again after Enter, unless the attempt was seen to fail', () => {
    for (const from of ['entered', 'delivered'] as const)
      assert.ok(!canFollow(from, 'typing') && !canFollow(from, 'typed') && canFollow(from, 'retrying'));
  });

  it('do not allow to drop a message that is being typed', () => {
    assert.deepEqual(
      STATES.filter((from) => canFollow(from, 'dropped')),
      ['queued', 'held', 'retrying', 'dead', 'uncertain'],
    );
  });

  it('end in final states, which every state can reach', () => {
    for (const state of FINAL_STATES) assert.ok(!canFollow(state, state));
    assert.deepEqual([FOLLOWERS.received, FOLLOWERS.dropped], [[], []]);
    for (const state of STATES)
      assert.ok(
        reachable(state).some((each) => FINAL_STATES.includes(each)),
        state,
      );
    assert.deepEqual([...reachable('queued')].sort(), [...STATES].sort());
  });

  function reachable(from: MessageState): MessageState[] {
    const seen = new Set<MessageState>([from]);
    for (const state of seen) for (const next of FOLLOWERS[state]) seen.add(next);
    return [...seen];
  }
});

describe('resumeAction', () => {
  it('follows the marker: not typed, type; typed, Enter only; entered, book-keeping only', () => {
    assert.deepEqual(
      [null, 'typing', 'typed', 'entered'].map((mark) => resumeAction('typing', mark as PaneMark)),
      ['type', 'clear-and-type', 'enter', 'book-keep'],
    );
  });

  it('trusts the marker more than the ledger, which is written later', () => {
    for (const ledger of ['queued', 'held', 'typing', 'typed', 'entered', 'delivered'] as const)
      assert.equal(resumeAction(ledger, 'entered'), 'book-keep');
    for (const ledger of ['queued', 'held', 'typing', 'typed'] as const)
      assert.equal(resumeAction(ledger, 'typed'), 'enter');
  });

  it('types a failed attempt again, after removing its marker', () => {
    assert.equal(resumeAction('retrying', 'entered'), 'clear-and-type');
  });

  it('returns uncertain for a possibly entered message without pane and marker, and for no other', () => {
    const actions = Object.fromEntries(STATES.map((state) => [state, resumeAction(state, null)]));
    assert.deepEqual(actions, {
      queued: 'type',
      held: 'type',
      typing: 'type',
      retrying: 'type',
      typed: 'uncertain',
      entered: 'uncertain',
      delivered: 'uncertain',
      received: 'nothing',
      dead: 'nothing',
      uncertain: 'nothing',
      dropped: 'nothing',
    });
  });

  it('does nothing with an ended message', () => {
    for (const state of FINAL_STATES) for (const mark of MARKS) assert.equal(resumeAction(state, mark), 'nothing');
  });
});

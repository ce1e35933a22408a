import assert from 'node:assert/strict';
import { canFollow, FOLLOWERS, resumeAction, type PaneMark } from '../../../../src/core/messages/messageState';
import { FINAL_STATES, messageStateSchema, type MessageState } from '../../../../src/core/models';

const STATES = messageStateSchema.options;
const MARKS: readonly PaneMark[] = [null, 'typing', 'typed', 'entered'];

describe("a message's states", () => {
  const path = (...states: MessageState[]) => states.slice(1).every((to, index) => canFollow(states[index]!, to));

  it('follow each other as designed', () => {
    assert.ok(path('queued', 'typing', 'typed', 'entered', 'delivered', 'received'));
    assert.ok(path('queued', 'held', 'held', 'typing', 'typed', 'held', 'typed', 'entered', 'entered', 'received'));
    assert.ok(path('typing', 'retrying', 'typing', 'retrying', 'dead', 'queued', 'dropped'));
    assert.ok(path('entered', 'uncertain', 'received'));
  });

  it('begin each step from the one before: none is skipped', () => {
    assert.deepEqual(
      STATES.filter((from) => canFollow(from, 'entered')),
      ['typed', 'entered'],
    );
    assert.deepEqual(
      STATES.filter((from) => from !== 'queued' && canFollow(from, 'delivered')),
      ['entered', 'delivered'],
    );
  });

  it('never hold a message after Enter: only proof is waited for', () => {
    assert.ok(!canFollow('entered', 'held') && !canFollow('delivered', 'held'));
  });

  it('never type a message again after Enter, unless the attempt was seen to fail', () => {
    for (const from of ['entered', 'delivered'] as const)
      assert.ok(!canFollow(from, 'typing') && !canFollow(from, 'typed') && canFollow(from, 'retrying'));
  });

  it('let nobody drop a message that is being typed', () => {
    assert.deepEqual(
      STATES.filter((from) => canFollow(from, 'dropped')),
      ['queued', 'held', 'retrying', 'dead', 'uncertain'],
    );
  });

  it('end where they should, and can end from everywhere', () => {
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

describe('after a crash', () => {
  it('the marker tells: not typed, type; typed, Enter only; entered, book-keeping only', () => {
    assert.deepEqual(
      [null, 'typing', 'typed', 'entered'].map((mark) => resumeAction('typing', mark as PaneMark)),
      ['type', 'clear-and-type', 'enter', 'book-keep'],
    );
  });

  it('the marker is believed before the ledger, which is written later', () => {
    for (const ledger of ['queued', 'held', 'typing', 'typed', 'entered', 'delivered'] as const)
      assert.equal(resumeAction(ledger, 'entered'), 'book-keep');
    for (const ledger of ['queued', 'held', 'typing', 'typed'] as const)
      assert.equal(resumeAction(ledger, 'typed'), 'enter');
  });

  it('an attempt that is known to have failed is typed again, once its marker is removed', () => {
    assert.equal(resumeAction('retrying', 'entered'), 'clear-and-type');
  });

  it('a pane that is gone with the marker makes uncertain what may have been entered, and nothing else', () => {
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

  it('what has ended is never touched', () => {
    for (const state of FINAL_STATES) for (const mark of MARKS) assert.equal(resumeAction(state, mark), 'nothing');
  });
});

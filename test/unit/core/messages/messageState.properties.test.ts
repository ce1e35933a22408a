import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MAX_ATTEMPTS } from '../../../../src/core/base/limits';
import {
  FINAL_STATES,
  canFollow,
  type MessageState,
  type PaneMark,
  resumeAction,
} from '../../../../src/core/messages/messageState';

/**
 * Models one lane: a queue with its ledger, one pane, and an executor that only follows `resumeAction`. A crash may
 * occur between any two of its steps, the pane may be replaced at any time, and the CLI may report late or never.
 */
type Step =
  | 'send'
  | 'work'
  | 'crash'
  | 'new-pane'
  | 'dialog'
  | 'dialog-answered'
  | 'person-types'
  | 'person-leaves'
  | 'chunk-lost'
  | 'damaged-at-the-door'
  | 'hook'
  | 'hook-unheard'
  | 'power-cut';

interface Message {
  readonly id: number;
  state: MessageState;
  attempts: number;
  /** The hook's durable record. */
  receipt: 'received' | 'refused' | null;
  /** True in a final state, and after delivery to an idle CLI whose hook report did not arrive. */
  ended: boolean;
}

class Lane {
  readonly messages: Message[] = [];
  readonly model: number[] = [];
  /** Prompts that the CLI took and has not reported yet: `[id, damaged]`. */
  private reports: { id: number; damaged: boolean }[] = [];
  private pane: { composer: { id: number; whole: boolean } | 'person' | null; mark: { id: number; phase: PaneMark } } =
    { composer: null, mark: { id: 0, phase: null } };
  private dialog = false;
  /** Number of next texts that lose a piece on the way into the input box, or between it and the prompt check. */
  private toLose = 0;
  private toDamage = 0;
  /** Ledger writes that this process makes before anything else; a crash discards them. */
  private todo: (() => void)[] = [];

  send(): void {
    this.messages.push({ id: this.messages.length + 1, state: 'queued', attempts: 0, receipt: null, ended: false });
  }

  crash(): void {
    this.todo = [];
  }

  newPane(): void {
    this.pane = { composer: null, mark: { id: 0, phase: null } };
    this.reports = [];
    this.dialog = false;
  }

  event(step: Step): void {
    switch (step) {
      case 'send':
        return this.send();
      case 'work':
        return this.work();
      case 'crash':
        return this.crash();
      case 'new-pane':
        return this.newPane();
      case 'dialog':
        this.dialog = true;
        return;
      case 'dialog-answered':
        this.dialog = false;
        return;
      case 'person-types':
        this.pane.composer ??= 'person';
        return;
      case 'person-leaves':
        if (this.pane.composer === 'person') this.pane.composer = null;
        return;
      case 'chunk-lost':
        this.toLose += 2;
        return;
      case 'damaged-at-the-door':
        this.toDamage += 2;
        return;
      case 'hook':
        return this.hook(true);
      case 'hook-unheard':
        return this.hook(false);
      case 'power-cut': // the model just got the prompt
        this.hook(false);
        this.crash();
        return this.newPane();
    }
  }

  /** Runs the CLI's hook for its oldest prompt: a damaged one is refused and reaches no model. */
  private hook(heard: boolean): void {
    const report = this.reports.shift();
    const message = this.messages.find(({ id }) => id === report?.id);
    if (!report || !message) return;
    if (heard || report.damaged) message.receipt = report.damaged ? 'refused' : 'received';
    if (!report.damaged) this.model.push(report.id);
  }

  private become(message: Message, state: MessageState): void {
    assert.ok(canFollow(message.state, state), `${message.state} → ${state}`);
    message.state = state;
    message.ended = FINAL_STATES.includes(state);
  }

  /** Runs one step of the executor on the lane's head. */
  work(): void {
    const write = this.todo.shift();
    if (write) return write();
    const head = this.messages.find(({ ended }) => !ended);
    if (!head) return;
    if (head.receipt === 'received') return this.become(head, 'received');

    const mark = this.pane.mark.id === head.id ? this.pane.mark.phase : null;
    const action = resumeAction(head.state, mark);
    if (action === 'book-keep') return this.bookKeep(head);
    if (action === 'uncertain') return this.become(head, 'uncertain');
    const ours = this.pane.composer !== null && this.pane.composer !== 'person';
    if (this.dialog || this.pane.composer === 'person') return this.become(head, 'held');
    if (action === 'enter') return ours ? this.enter(head) : this.become(head, 'held');
    if (ours || action === 'clear-and-type') {
      this.pane = { composer: null, mark: { id: 0, phase: null } };
      return;
    }
    this.type(head);
  }

  /** Runs step 1: writes the ledger, then text and marker at once, then reads back. */
  private type(head: Message): void {
    head.receipt = null;
    this.become(head, 'typing');
    this.todo.push(() => {
      if (this.dialog || this.pane.composer !== null) return;
      this.pane = { composer: { id: head.id, whole: this.toLose === 0 }, mark: { id: head.id, phase: 'typing' } };
      this.toLose = Math.max(0, this.toLose - 1);
      this.todo.push(() => {
        const seen = this.pane.composer;
        if (seen === null || seen === 'person' || seen.id !== head.id) return;
        if (!seen.whole) return this.fail(head);
        this.pane.mark = { id: head.id, phase: 'typed' };
      });
    });
  }

  /** Runs step 3: `typed` is in the ledger before the key, `entered` after it. */
  private enter(head: Message): void {
    this.become(head, 'typed');
    this.todo.push(() => {
      const seen = this.pane.composer;
      if (this.dialog || seen === null || seen === 'person' || seen.id !== head.id) return this.become(head, 'held');
      this.pane = { composer: null, mark: { id: head.id, phase: 'entered' } };
      this.reports.push({ id: head.id, damaged: this.toDamage > 0 });
      this.toDamage = Math.max(0, this.toDamage - 1);
      this.todo.push(() => this.become(head, 'entered'));
    });
  }

  private bookKeep(head: Message): void {
    if (head.state !== 'entered' && head.state !== 'delivered') {
      assert.notEqual(head.state, 'retrying', 'an attempt that failed is not waited for');
      // The crash came before the ledger write: the marker holds the missing state.
      head.state = 'entered';
    } else if (head.receipt === 'refused') this.fail(head);
    else if (head.state === 'entered') this.become(head, 'delivered');
    else if (!this.reports.some(({ id }) => id === head.id)) head.ended = true;
  }

  private fail(head: Message): void {
    head.attempts += 1;
    this.become(head, head.attempts >= MAX_ATTEMPTS ? 'dead' : 'retrying');
    if (this.pane.composer !== 'person') this.pane.composer = null;
  }
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 24, arbitrary: fc.constant<Step>('work') },
    { weight: 5, arbitrary: fc.constantFrom<Step>('send', 'hook') },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Step>(
        'hook-unheard',
        'power-cut',
        'crash',
        'new-pane',
        'dialog',
        'person-types',
        'chunk-lost',
        'damaged-at-the-door',
      ),
    },
    { weight: 2, arbitrary: fc.constantFrom<Step>('dialog-answered', 'person-leaves', 'crash') },
  ),
  { minLength: 20, maxLength: 200, size: 'max' },
);

describe('any sequence of events', () => {
  it('delivers each message once and in order, or reports that it failed', () => {
    const ends: Record<string, number> = {};
    fc.assert(
      fc.property(steps, (events) => {
        const lane = new Lane();
        for (const event of events) lane.event(event);
        // In the end the user answers and leaves, and the executor has time.
        for (let round = 0; round < 60 * (lane.messages.length + 1); round++)
          for (const event of ['dialog-answered', 'person-leaves', 'work', 'hook'] as const) lane.event(event);

        assert.deepEqual(
          [...lane.model].sort((a, b) => a - b),
          [...new Set(lane.model)].sort((a, b) => a - b),
          'nothing doubled',
        );
        assert.deepEqual(
          lane.model,
          [...lane.model].sort((a, b) => a - b),
          'nothing overtaken',
        );
        for (const { id, state, ended } of lane.messages) {
          assert.ok(ended, `message ${id} is stuck in ${state}`);
          if (state === 'received' || state === 'delivered')
            assert.ok(lane.model.includes(id), 'nothing is reported that did not happen');
          if (state === 'dead') assert.ok(!lane.model.includes(id), 'a dead letter was not read');
          ends[state] = (ends[state] ?? 0) + 1;
        }
      }),
      { numRuns: 4000 },
    );
    // The model would prove nothing if these cases never occurred.
    for (const state of ['received', 'delivered', 'dead', 'uncertain'])
      assert.ok((ends[state] ?? 0) > 20, `${state}: ${ends[state] ?? 0}`);
  }).timeout(60_000);
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canFollow, resumeAction, type PaneMark } from '../../../../src/core/messages/messageState';
import { FINAL_STATES, MAX_ATTEMPTS, type MessageState } from '../../../../src/core/models';

/**
 * A model of one lane: a queue with its ledger, one pane, and an executor that follows `resumeAction` alone. A crash may come between
 * any two of its steps, the pane may be replaced at any time, and the CLI may report late or never.
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
  /** True in a final state, and once it was delivered to an idle CLI whose hook was not heard. */
  ended: boolean;
}

class Lane {
  readonly messages: Message[] = [];
  readonly model: number[] = [];
  /** What the CLI took and has not reported yet: `[id, damaged]`. */
  private reports: { id: number; damaged: boolean }[] = [];
  private pane: { composer: { id: number; whole: boolean } | 'person' | null; mark: { id: number; phase: PaneMark } } =
    { composer: null, mark: { id: 0, phase: null } };
  private dialog = false;
  /** How many of the next texts lose a piece on the way into the composer, or between the composer and the door. */
  private toLose = 0;
  private toDamage = 0;
  /** Writes of the ledger that this process will make before it does anything else; a crash forgets them. */
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
      case 'power-cut': // the model had just got the prompt
        this.hook(false);
        this.crash();
        return this.newPane();
    }
  }

  /** The CLI's hook for the oldest prompt it took: a damaged one is refused and reaches no model. */
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

  /** One step of the executor on the lane's head. */
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

  /** Step 1: the ledger, then text and marker at once, then what was read back. */
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

  /** Step 3: `typed` is in the ledger before the key, `entered` after it. */
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
      // The crash came before the ledger's entry: the marker says what it would have been.
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

describe('whatever happens, in any order,', () => {
  it('each message reaches the model once and in order, or is said not to have', () => {
    const ends: Record<string, number> = {};
    fc.assert(
      fc.property(steps, (events) => {
        const lane = new Lane();
        for (const event of events) lane.event(event);
        // In the end the person answers, leaves, and the executor has time.
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
    // The model would prove nothing if these never happened.
    for (const state of ['received', 'delivered', 'dead', 'uncertain'])
      assert.ok((ends[state] ?? 0) > 20, `${state}: ${ends[state] ?? 0}`);
  }).timeout(60_000);
});

import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type { AgentProfile } from '../../../../src/core/agents/agentProfile';
import { agentRecordSchema, type AgentRecord } from '../../../../src/core/agents/agentRecord';
import type { AgentState } from '../../../../src/core/agents/agentState';
import type { AccountLimit } from '../../../../src/core/limits/accountLimit';
import type { Limit } from '../../../../src/core/limits/limit';
import { AccountLimits } from '../../../../src/orchestrator/limits/accountLimits';
import { silentLogger } from '../../../support/loggers';

const NOW = new Date(2026, 0, 1, 22, 0).getTime();
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const RESET = NOW + MINUTE;
const usage: Limit = { kind: 'usage-limit', text: 'limit reached', until: RESET };

/** The limits of one account with three agents, under a clock that the test moves. */
class Bed {
  readonly stored = new Map<string, AccountLimit>();
  readonly asked: string[] = [];
  readonly models = new Map<number, string>();
  readonly status = new Map<number, AgentState>([2, 3, 4].map((window) => [window, 'idle']));
  limits!: AccountLimits;

  constructor(readonly stopTime = '') {}

  /** Begins as the first leader does, or as the next one does with what Redis has. */
  async lead(): Promise<void> {
    this.limits?.dispose();
    this.limits = new AccountLimits({
      host: '',
      store: {
        all: async () => [...this.stored.values()],
        set: async (limit) => void this.stored.set(limit.account, limit),
        remove: async ({ account }) => void this.stored.delete(account),
      },
      notifier: {
        limited: async () => undefined,
        over: async () => undefined,
        goOn: async (window, key) =>
          void (this.asked.includes(key) ? 0 : this.asked.push(key) && this.got.push(window)),
      },
      agents: this,
      launcher: { profile: () => ({}) as AgentProfile },
      policy: 'wait',
      stopTime: this.stopTime,
      meter: { isSpent: false },
      pause: { isPaused: false },
      wake: () => undefined,
      clock: { now: () => Date.now(), sleep: async () => undefined },
      log: silentLogger,
      random: () => 0,
    });
    await this.limits.begin();
  }

  get here(): readonly AgentRecord[] {
    return [...this.status.keys()].map((window) => this.agent(window));
  }

  /** Windows that were asked to go on. */
  readonly got: number[] = [];

  agent(window: number): AgentRecord {
    return agentRecordSchema.parse({
      window: String(window),
      name: `agent${window}`,
      role: 'r',
      status: this.status.get(window),
      workspace: '/w',
      profile: 'claude',
      account: 'claude ~/.claude',
      model: this.models.get(window) ?? '',
      pane: `%${window}`,
    });
  }

  prompt(window: number, at = Date.now()): void {
    this.limits.onHook(this.agent(window), 'UserPromptSubmit', {}, at);
    this.status.set(window, 'busy');
  }

  answer(window: number, at = Date.now()): void {
    this.limits.onHook(this.agent(window), 'Stop', {}, at);
    this.status.set(window, 'idle');
  }

  refuse(window: number, limit = usage): void {
    this.limits.onHook(this.agent(window), 'StopFailure', {});
    this.status.set(window, 'limited');
    this.limits.onRefused(this.agent(window), limit);
  }

  /** A turn that is refused. */
  turn(window: number): void {
    this.prompt(window);
    this.refuse(window);
  }

  async pass(ms: number): Promise<void> {
    for (let done = 0; done < ms; done += SECOND) {
      mock.timers.tick(SECOND);
      for (let n = 0; n < 20; n++) await Promise.resolve();
    }
  }

  /** Phases of all limits, by what they close. */
  get phases(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.stored].map(([account, { phase }]) => [account, phase]));
  }

  get phase(): string {
    return this.stored.get('claude ~/.claude')?.phase ?? 'over';
  }

  get held(): readonly number[] {
    return [...this.status.keys()].filter((window) => this.limits.holds(this.agent(window)));
  }
}

describe('the limits of accounts', () => {
  let bed: Bed;

  beforeEach(async () => {
    mock.timers.enable({ apis: ['setInterval', 'Date'], now: NOW });
    bed = new Bed();
    await bed.lead();
  });
  afterEach(() => {
    bed.limits.dispose();
    mock.timers.reset();
  });

  it('end after one agent tried and the others followed', async () => {
    bed.turn(3);
    await bed.pass(MINUTE + 6 * SECOND);
    assert.deepEqual([bed.phase, bed.got, bed.held], ['trying', [3], [2, 4]]);
    await bed.pass(SECOND);
    bed.prompt(3);
    await bed.pass(SECOND);
    bed.answer(3);
    await bed.pass(10 * SECOND);
    assert.deepEqual([bed.phase, bed.held], ['over', []]);
  });

  it('open at once again when the report of a refusal is slower than the next prompt of its agent', async () => {
    bed.turn(3);
    await bed.pass(MINUTE + 6 * SECOND);
    bed.prompt(3);
    await bed.pass(SECOND);
    bed.answer(3);
    await bed.pass(SECOND);
    bed.prompt(4);
    await bed.pass(SECOND);
    bed.refuse(4); // of its turn before the reset
    assert.equal(bed.limits.isLimited(bed.agent(2)), true);
    bed.answer(4);
    assert.equal(bed.limits.isLimited(bed.agent(2)), false);
    await bed.pass(15 * SECOND);
    assert.deepEqual([bed.phase, bed.held], ['over', []]);
  });

  it('try again seconds after a refusal from before the reset that came late', async () => {
    bed.turn(3);
    await bed.pass(MINUTE + 6 * SECOND);
    bed.refuse(2);
    await bed.pass(7 * SECOND);
    assert.equal(bed.phase, 'trying');
  });

  it('open when the agent that tried was answered while no leader ran', async () => {
    bed.turn(3);
    await bed.pass(MINUTE + 6 * SECOND);
    assert.equal(bed.phase, 'trying');
    await bed.pass(SECOND);
    const at = Date.now();
    await bed.pass(10 * SECOND);
    await bed.lead();
    bed.prompt(3, at);
    bed.answer(3, at + SECOND);
    await bed.pass(10 * SECOND);
    assert.deepEqual([bed.phase, bed.held], ['over', []]);
  });

  it('let another agent try after a turn that was interrupted', async () => {
    bed.turn(3);
    bed.turn(4);
    await bed.pass(MINUTE + 6 * SECOND);
    await bed.pass(SECOND);
    bed.prompt(3);
    bed.status.set(3, 'idle'); // an interrupted turn reports no end
    await bed.pass(3 * MINUTE + 2 * SECOND);
    assert.deepEqual(
      [bed.got, bed.held],
      [
        [3, 4],
        [2, 3],
      ],
    );
  });

  it('end after a change of leader while agents without a place in the order have still to go on', async () => {
    bed.turn(3);
    bed.turn(4);
    await bed.pass(MINUTE + 6 * SECOND);
    bed.prompt(4); // the user continues it in its terminal
    await bed.pass(SECOND);
    bed.answer(4);
    await bed.pass(0);
    assert.equal(bed.limits.isLimited(bed.agent(2)), false);
    await bed.lead();
    await bed.pass(15 * SECOND);
    assert.deepEqual([bed.phase, bed.got], ['over', [3]]);
  });

  it('let no agent try by itself after the stop time', async () => {
    bed.limits.dispose();
    bed = new Bed('22:01');
    await bed.lead();
    bed.turn(3);
    await bed.pass(10 * MINUTE);
    assert.deepEqual([bed.phase, bed.got, bed.held], ['closed', [], [2, 3, 4]]);
    bed.limits.tryNow();
    await bed.pass(SECOND);
    assert.deepEqual([bed.phase, bed.got], ['trying', [3]]);
  });

  it('hold no agent of another model, when the limit concerns one model', async () => {
    bed.models.set(2, 'opus').set(3, 'claude-opus-4-8').set(4, 'sonnet');
    bed.turn(2);
    assert.deepEqual(bed.held, [2, 3, 4]);
    bed.answer(2);
    await bed.pass(2 * MINUTE);
    assert.equal(bed.phase, 'over');

    const text = 'Opus weekly limit reached';
    bed.prompt(4);
    bed.prompt(2);
    bed.refuse(2, { kind: 'usage-limit', text, until: Date.now() + 10 * MINUTE, model: 'opus' });
    await bed.pass(SECOND);
    assert.deepEqual(bed.phases, { 'claude ~/.claude, opus': 'closed' });
    assert.deepEqual(bed.held, [2, 3]);
    bed.answer(4);
    bed.prompt(4);
    bed.answer(4);
    await bed.pass(SECOND);
    assert.deepEqual(bed.held, [2, 3], 'the answer of another model ends nothing');

    bed.refuse(4, { kind: 'usage-limit', text: 'limit reached', until: Date.now() + 30 * MINUTE });
    assert.deepEqual(bed.held, [2, 3, 4]);
    await bed.pass(12 * MINUTE);
    assert.deepEqual(bed.held, [2, 3, 4], 'the limit of the account outlasts that of the model');
  });

  it('of one model hold agents whose model is not known', async () => {
    bed.models.set(2, 'opus').set(4, 'haiku');
    bed.prompt(2);
    bed.refuse(2, { ...usage, model: 'opus' });
    assert.deepEqual(bed.held, [2, 3]);
    await bed.pass(MINUTE + 30 * SECOND);
    assert.deepEqual(bed.got, [2]);
    bed.prompt(2);
    bed.answer(2);
    await bed.pass(30 * SECOND);
    assert.deepEqual(bed.phases, {});
    assert.deepEqual(bed.held, []);
  });

  it('are known after a change of the leader by the reports that came meanwhile', async () => {
    bed.turn(2);
    await bed.pass(MINUTE + 30 * SECOND);
    assert.equal(bed.phase, 'trying');
    const began = Date.now();
    mock.timers.tick(5 * SECOND);
    await bed.lead();
    // The turn began and ended well while no leader ran.
    bed.limits.onHook(bed.agent(2), 'UserPromptSubmit', {}, began + SECOND);
    bed.limits.onHook(bed.agent(2), 'Stop', {}, began + 2 * SECOND);
    await bed.pass(SECOND);
    assert.equal(bed.phase, 'opening');
  });
});

import * as assert from 'node:assert/strict';
import {
  afterContinued,
  afterRefusal,
  isHeld,
  isOver,
  mayTry,
  nextAttempt,
  openWindows,
  OPENING_GAP_MS,
  whileOpening,
  whileTrying,
  type AccountLimit,
} from '../../../../src/core/limits/accountLimit';
import type { Limit, LimitKind } from '../../../../src/core/limits/limit';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const limit = (kind: LimitKind, until: number | null = null): Limit => ({ kind, text: kind, until });

function refuse(before: AccountLimit | null, window: number, of: Limit, now = NOW, random = 0, at = now): AccountLimit {
  const isTrial = before?.trier === window;
  const refusal = { account: 'claude ~/.claude', host: '', window, limit: of, remedy: '', at, isTrial };
  return afterRefusal(before, refusal, now, random);
}

describe('the next attempt after a refusal', () => {
  it('comes a few seconds after the reset that the text names', () => {
    assert.equal(nextAttempt(limit('usage-limit', NOW + 5 * MINUTE), 0, NOW, 0), NOW + 5 * MINUTE + 5000);
    assert.equal(nextAttempt(limit('usage-limit', NOW + 5 * MINUTE), 3, NOW, 0.5), NOW + 5 * MINUTE + 10_000);
  });

  it('waits longer each time where the text names no reset, up to a bound', () => {
    const waits = (kind: LimitKind, until: number | null): (number | null)[] =>
      [0, 1, 2, 30].map((attempts) => {
        const at = nextAttempt(limit(kind, until), attempts, NOW, 0.999_999);
        return at === null ? null : Math.round((at - NOW) / 1000);
      });
    assert.deepEqual(waits('overloaded', null), [30, 60, 120, 600]);
    assert.deepEqual(waits('network', null), [30, 60, 120, 300]);
    assert.deepEqual(waits('rate-limit', null), [60, 120, 240, 900]);
    assert.deepEqual(waits('usage-limit', null), [300, 600, 1200, 1800]);
  });

  it('comes at once after a reset that is over already, and later each time when that was wrong', () => {
    const at = [0, 1, 2].map((attempts) => nextAttempt(limit('usage-limit', NOW - 1), attempts, NOW, 0));
    assert.deepEqual(at, [NOW + 5000, NOW + 5 * MINUTE, NOW + 10 * MINUTE]);
  });

  it('spreads attempts over the upper half of the wait', () => {
    assert.equal(nextAttempt(limit('overloaded'), 0, NOW, 0), NOW + 15_000);
  });

  it('is left to the user where only the user can end the limit', () => {
    for (const kind of ['logged-out', 'out-of-credit'] as const)
      assert.equal(nextAttempt(limit(kind, NOW + MINUTE), 0, NOW, 0), null);
  });
});

describe('the limit of an account', () => {
  const closed = refuse(null, 3, limit('usage-limit', NOW + MINUTE));

  it('holds every agent after the first refusal', () => {
    assert.deepEqual([closed.phase, closed.cut, closed.attempts, closed.since], ['closed', [3], 0, NOW]);
    for (const window of [0, 2, 3, 99]) assert.equal(isHeld(closed, window, NOW + 1), true);
  });

  it('collects agents that are refused at the same time, and takes the strictest refusal', () => {
    const later = refuse(closed, 4, limit('usage-limit', NOW + 9 * MINUTE), NOW + 1000);
    assert.deepEqual([later.cut, later.until, later.attempts], [[3, 4], NOW + 9 * MINUTE + 5000, 0]);
    const weaker = refuse(later, 5, limit('overloaded'), NOW + 2000);
    assert.deepEqual([weaker.cut, weaker.until, weaker.kind], [[3, 4, 5], later.until, 'usage-limit']);
    const forUser = refuse(weaker, 6, limit('logged-out'), NOW + 3000);
    assert.deepEqual([forUser.kind, forUser.until, forUser.cut.length], ['logged-out', null, 4]);
    assert.equal(refuse(forUser, 7, limit('usage-limit', NOW + MINUTE), NOW + 4000).until, null);
  });

  it('lets one agent try, and closes again with a longer wait when it is refused', () => {
    const trying = whileTrying(refuse(null, 3, limit('overloaded')), 3, NOW + MINUTE);
    assert.deepEqual(
      [3, 4].map((window) => isHeld(trying, window, NOW + MINUTE)),
      [false, true],
    );
    const again = refuse(trying, 3, limit('overloaded'), NOW + 2 * MINUTE, 0.999_999);
    assert.deepEqual(
      [again.phase, again.attempts, again.since, Math.round(((again.until ?? 0) - NOW - 2 * MINUTE) / 1000)],
      ['closed', 1, NOW, 60],
    );
  });

  it('waits only seconds after a refusal from before the reset that is reported after it', () => {
    const old = limit('usage-limit', NOW + MINUTE);
    const open = whileOpening(whileTrying(closed, 3, NOW + 2 * MINUTE), [3, 4], NOW + 2 * MINUTE);
    const late = refuse(open, 4, old, NOW + 3 * MINUTE);
    assert.deepEqual([late.phase, late.attempts, late.until], ['closed', 1, NOW + 3 * MINUTE + 5000]);
    const trial = refuse(whileTrying(late, 3, NOW + 4 * MINUTE), 3, old, NOW + 4 * MINUTE);
    assert.deepEqual([trial.phase, trial.attempts], ['closed', 2]);
    assert.ok((trial.until ?? 0) >= NOW + 14 * MINUTE, 'the reset in its text is wrong');
  });

  it('does not close again for a refusal that a new leader reads again', () => {
    const trying = whileTrying(closed, 3, NOW + 2 * MINUTE);
    const again = refuse(trying, 4, limit('usage-limit', NOW + MINUTE), NOW + 3 * MINUTE, 0, NOW + 1000);
    assert.deepEqual(again, { ...trying, cut: [3, 4] });
  });

  it('ends the attempts at the first stop time after its start', () => {
    const at = (day: number, hour: number, minute = 0): number => new Date(2026, 0, day, hour, minute).getTime();
    const evening = { since: at(1, 22) };
    const tries = (now: number, stopTime: string, limited = evening): boolean => mayTry(limited, now, stopTime);
    assert.deepEqual([tries(at(1, 23), '07:30'), tries(at(2, 7, 29), '07:30')], [true, true]);
    assert.deepEqual([tries(at(2, 7, 30), '07:30'), tries(at(2, 22), '07:30')], [false, false]);
    assert.deepEqual([tries(at(1, 22, 59), '23:00'), tries(at(1, 23), ' 23:00 ')], [true, false]);
    assert.equal(tries(at(2, 7), '7:05', { since: at(2, 6) }), true);
    assert.equal(tries(at(2, 7, 5), '7:05', { since: at(2, 6) }), false);
    for (const none of ['', 'never']) assert.equal(tries(at(9, 9), none), true, none);
  });

  it('opens for interrupted agents first, then for the others, one after the other', () => {
    const many = { ...whileTrying(closed, 3, NOW), cut: [7, 5] };
    const open = whileOpening(many, [0, 2, 3, 5, 7], NOW);
    assert.deepEqual(open.order, [5, 7, 0, 2]);
    assert.deepEqual(openWindows(open, NOW + OPENING_GAP_MS), [5, 7]);
    assert.equal(isHeld(open, 3, NOW), false, 'the agent that tried');
    assert.equal(isHeld(open, 99, NOW), false, 'an agent that was launched later');
    assert.equal(isHeld(open, 2, NOW + 2 * OPENING_GAP_MS), true);
    assert.equal(isOver(open, NOW + 4 * OPENING_GAP_MS - 1), false);
    assert.equal(isOver(open, NOW + 4 * OPENING_GAP_MS), true);
  });

  it('drops an interrupted turn that was continued', () => {
    assert.deepEqual(afterContinued(closed, 3).cut, []);
    assert.deepEqual(afterContinued(closed, 4).cut, [3]);
  });
});

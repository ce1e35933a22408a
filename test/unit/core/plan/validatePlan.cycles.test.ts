import assert from 'node:assert/strict';
import { validatePlan } from '../../../../src/core/plan/validatePlan';
import { agent } from '../../../support/planBuilders';

const check = (...agents: unknown[]) => validatePlan({ agents });
const codes = (...agents: unknown[]) => check(...agents).problems.map(({ code }) => code);

describe('cycles of a plan', () => {
  const chain = (relation: 'depends_on' | 'wait_for' | 'notifies', ...names: string[]) =>
    names.map((name, index) => agent(index + 2, name, { [relation]: [names[(index + 1) % names.length]] }));

  it('are reported for depends_on', () => {
    const { problems } = check(...chain('depends_on', 'a', 'b', 'c'));
    assert.deepEqual(
      problems.map(({ code, agents }) => [code, agents]),
      [['depends-on-cycle', ['a', 'b', 'c']]],
    );
    assert.match(problems[0]?.message ?? '', /a → b → c → a/);
  });

  it('are reported for wait_for', () => {
    assert.match(
      check(...chain('wait_for', 'a', 'b')).problems[0]?.message ?? '',
      /"wait_for" contains a cycle: a → b → a/,
    );
  });

  it('are allowed in notifies, which orders nothing', () =>
    assert.deepEqual(codes(...chain('notifies', 'a', 'b')), []));

  it('are found across both relations, with a description of each step', () => {
    const { problems } = check(agent(2, 'a', { depends_on: ['b'] }), agent(3, 'b', { wait_for: ['a'] }));
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['deadlock'],
    );
    assert.match(problems[0]?.message ?? '', /a → b → a \(a is launched after b; b waits for a to be done\)/);
  });

  it('are reported separately', () => {
    assert.deepEqual(
      codes(
        ...chain('wait_for', 'a', 'b'),
        ...chain('depends_on', 'c', 'd').map((each) => ({ ...each, window: each.window + 5 })),
      ),
      ['depends-on-cycle', 'wait-for-cycle'],
    );
  });

  it('are searched in a chain of thousands without a stack overflow', () => {
    const agents = Array.from({ length: 5000 }, (_, index) =>
      agent(index + 2, `a${index}`, { depends_on: [`a${(index + 1) % 5000}`] }),
    );
    const found = validatePlan({ agents }, { maxAgents: 5000 });
    assert.deepEqual([found.problems.length, found.problems[0]?.agents.length], [1, 5000]);
  });
});

import assert from 'node:assert/strict';
import { render } from '../../../../src/core/base/localizedText';
import { editToJsonChanges, draftOf, type DraftEdit } from '../../../../src/core/plan/planDraft';
import type { JsonChange } from '../../../../src/core/plan/renameAgent';
import { agent, TEAM } from '../../../support/planBuilders';

/** Applies the changes to a value, like a document. */
function changed(value: unknown, changes: readonly JsonChange[]): unknown {
  const copy = structuredClone(value);
  for (const { path, value: next } of changes) {
    let at = copy as Record<string | number, unknown>;
    for (const step of path.slice(0, -1)) at = at[step] as typeof at;
    const last = path.at(-1)!;
    if (next === undefined && Array.isArray(at)) at.splice(Number(last), 1);
    else if (next === undefined) delete at[last];
    else at[last] = next;
  }
  return copy;
}

/** Returns the problem codes that remain after the quick fix with this title. */
function afterRepair(value: unknown, title: RegExp): readonly string[] {
  const repair = draftOf(value)
    .problems.flatMap(({ repairs }) => repairs)
    .find((candidate) => title.test(render(candidate.title)));
  assert.ok(
    repair,
    `no repair like ${title} among ${draftOf(value)
      .problems.flatMap(({ repairs }) => repairs.map((one) => render(one.title)))
      .join(' | ')}`,
  );
  return draftOf(changed(value, repair.changes)).problems.map(({ code }) => code);
}

function edited(value: unknown, edit: DraftEdit): { agents: Record<string, unknown>[] } {
  const changes = editToJsonChanges(value, edit);
  assert.ok(changes);
  return changed(value, changes) as { agents: Record<string, unknown>[] };
}

describe('the draft of a plan', () => {
  const two = { agents: [agent(2, 'api'), agent(3, 'qa', { wait_for: ['API'], notifies: ['api'] })] };

  describe('marks the agents of each problem', () => {
    it('by index, also without a name and with duplicate names', () => {
      const { problems } = draftOf({ agents: [agent(2, 'dev'), { window: 3, role: 'x' }, agent(4, 'dev')] });
      assert.deepEqual(
        problems.map(({ code, at }) => [code, at]),
        [
          ['name-empty', [1]],
          ['name-doubled', [0, 2]],
        ],
      );
    });

    it('for any content', () => {
      for (const value of [
        null,
        5,
        'x',
        [],
        {},
        { agents: 'x' },
        { agents: [null, 7, [], { name: 5, window: 'x', role: {}, depends_on: 'a' }] },
      ]) {
        assert.equal(draftOf(value).plan, null);
        assert.ok(draftOf(value).problems.length > 0);
      }
    });
  });

  describe('fixes with one click:', () => {
    const repaired: [string, unknown, RegExp][] = [
      ['doubled windows', { agents: [agent(3, 'a'), agent(3, 'b'), agent(3, 'c')] }, /free windows \(b 2, c 4\)/],
      ['a reserved window', { agents: [agent(1, 'a')] }, /free windows/],
      ['a name with blanks', { agents: [agent(2, 'two words')] }, /two_words/],
      ['a reserved name', { agents: [agent(2, 'mother')] }, /mother_agent/],
      ['a doubled name', { agents: [agent(2, 'dev'), agent(3, 'DEV')] }, /DEV_2/],
      ['no name', { agents: [{ window: 2, role: 'x' }] }, /agent_1/],
      ['no role but a task', { agents: [{ window: 2, name: 'a', role: '', task: 'Build it\nwell' }] }, /first line/],
      [
        'an unknown name that is nearly one of the team',
        { agents: [agent(2, 'backend'), agent(3, 'qa', { wait_for: ['back_end'] })] },
        /Replace back_end by backend/,
      ],
      ['an unknown name', { agents: [agent(2, 'qa', { notifies: ['nobody'] })] }, /Remove nobody/],
      ['an agent in its own list', { agents: [agent(2, 'qa', { wait_for: ['qa'] })] }, /Remove qa/],
      [
        'a circle',
        { agents: [agent(2, 'a', { depends_on: ['b'] }), agent(3, 'b', { depends_on: ['a'] })] },
        /Launch a without waiting for b/,
      ],
      [
        'a deadlock',
        { agents: [agent(2, 'a', { depends_on: ['b'] }), agent(3, 'b', { wait_for: ['a'] })] },
        /Remove the wait of b for a/,
      ],
      ['a list that is a text', { agents: [agent(2, 'a'), { ...agent(3, 'b'), wait_for: 'a' }] }, /list \[a\]/],
      [
        'an unknown permission mode',
        { agents: [{ ...agent(2, 'a'), permission_mode: 'root' }] },
        /Remove "permission_mode"/,
      ],
      ['something that is no agent', { agents: [agent(2, 'a'), 5] }, /Remove it/],
    ];
    for (const [what, value, title] of repaired) it(what, () => assert.deepEqual(afterRepair(value, title), []));

    it('an invalid name, with any letters, together with all lists', () => {
      const value = {
        agents: [
          agent(2, '前端', { notifies: ['後端'] }),
          agent(3, '後端', { wait_for: ['前端'], depends_on: [' 前端 '] }),
          agent(4, 'qa', { notifies: ['後端', 'ÜBER uns'] }),
          agent(5, 'Über uns'),
        ],
      };
      const renamed = draftOf(value).problems.reduce<unknown>((now) => {
        const repair = draftOf(now).problems[0]?.repairs[0];
        return repair ? changed(now, repair.changes) : now;
      }, value);
      const { plan, problems } = draftOf(renamed);
      assert.deepEqual(problems, []);
      assert.deepEqual(
        plan?.agents.map(({ name, depends_on, notifies, wait_for }) => [name, depends_on, notifies, wait_for]),
        [
          ['agent_1', [], ['agent_2'], []],
          ['agent_2', ['agent_1'], [], ['agent_1']],
          ['qa', [], ['agent_2', 'Uber_uns'], []],
          ['Uber_uns', [], [], []],
        ],
      );
    });

    it('the second of two equal names, without changing the lists', () => {
      const value = { agents: [agent(2, 'dev'), agent(3, 'dev'), agent(4, 'qa', { wait_for: ['dev'] })] };
      const [repair] = draftOf(value).problems[0]?.repairs ?? [];
      assert.deepEqual(repair?.changes, [{ path: ['agents', 1, 'name'], value: 'dev_2' }]);
    });

    it('no problem that needs a decision of the user', () => {
      assert.deepEqual(
        draftOf({ agents: [{ window: 2, name: 'a', role: '' }] }).problems.map(({ repairs }) => repairs),
        [[]],
      );
    });

    it('each problem with a quick fix, at least in part', () => {
      const bad = {
        agents: [
          agent(3, 'a', { depends_on: ['b', 'zz'] }),
          agent(3, 'b', { depends_on: ['c'], wait_for: ['b'] }),
          agent(1, 'c', { depends_on: ['a'] }),
          { window: 'x', name: 'c', role: '' },
        ],
      };
      const before = draftOf(bad).problems;
      for (const { code, message, repairs } of before) {
        for (const { title, changes } of repairs) {
          const after = draftOf(changed(bad, changes)).problems;
          assert.ok(
            !after.some((problem) => problem.code === code && problem.message === message),
            `${render(title)}: ${message}`,
          );
        }
      }
    });
  });

  describe('can be edited', () => {
    it('in one member without other changes', () => {
      const next = edited(two, { kind: 'set', agent: 1, field: 'role', was: two.agents[1]!.role, value: 'Tests' });
      assert.deepEqual(next, { agents: [two.agents[0], { ...two.agents[1], role: 'Tests' }] });
    });

    it('with a rename that updates all lists', () => {
      const { agents } = edited(two, { kind: 'set', agent: 0, field: 'name', was: 'api', value: 'server' });
      assert.deepEqual(
        [agents[0]?.['name'], agents[1]?.['wait_for'], agents[1]?.['notifies']],
        ['server', ['server'], ['server']],
      );
    });

    it('with a rename to a taken name, which changes no list', () => {
      const { agents } = edited(two, { kind: 'set', agent: 0, field: 'name', was: 'api', value: 'qa' });
      assert.deepEqual([agents[0]?.['name'], agents[1]?.['wait_for']], ['qa', ['API']]);
    });

    it('by removing an agent, also from all lists', () => {
      const { agents } = edited(two, { kind: 'remove', agent: 0, was: 'api' });
      assert.deepEqual(agents, [{ ...two.agents[1], wait_for: [], notifies: [] }]);
    });

    it('by adding an agent with a free window and name and an empty role', () => {
      const next = edited({ agents: [agent(2, 'a'), agent(4, 'agent_3')] }, { kind: 'add' });
      assert.deepEqual([next.agents[2]?.['window'], next.agents[2]?.['name']], [3, 'agent_4']);
      assert.deepEqual(
        draftOf(next).problems.map(({ code }) => code),
        ['role-empty'],
      );
    });

    it('by emptying an optional member, which removes it', () => {
      const value = { agents: [{ ...agent(2, 'a'), model: 'opus', worktree: true }] };
      const without = edited(value, { kind: 'set', agent: 0, field: 'model', was: 'opus', value: '' });
      assert.ok(!('model' in without.agents[0]!));
      assert.ok(
        !(
          'worktree' in
          edited(without, { kind: 'set', agent: 0, field: 'worktree', was: true, value: false }).agents[0]!
        ),
      );
    });

    it('only where the user saw the present value', () => {
      assert.equal(
        editToJsonChanges(two, { kind: 'set', agent: 0, field: 'role', was: 'What was shown', value: 'x' }),
        null,
      );
      assert.equal(editToJsonChanges(two, { kind: 'set', agent: 7, field: 'role', was: '', value: 'x' }), null);
      assert.equal(editToJsonChanges(two, { kind: 'remove', agent: 0, was: 'qa' }), null);
      assert.equal(editToJsonChanges('not a plan', { kind: 'add' }), null);
    });
  });

  it('writes an edited check as a list, and removes an empty one', () => {
    const value = { agents: [agent(2, 'a', { check: ['npm', 'test'] })] };
    const set = (was: readonly string[], to: readonly string[]) =>
      edited(value, { kind: 'set', agent: 0, field: 'check', was, value: to }).agents[0]?.['check'];
    assert.deepEqual(set(['npm', 'test'], ['npm', 'run', 'check']), ['npm', 'run', 'check']);
    assert.equal(set(['npm', 'test'], []), undefined);
  });

  it('has a plan and no problem if it is valid', () =>
    assert.deepEqual([draftOf(TEAM).plan, draftOf(TEAM).problems], [TEAM, []]));
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { draftOf } from '../../../../src/core/plan/planDraft';
import { withFreeNames } from '../../../../src/core/plan/planRepairs';
import { validatePlan } from '../../../../src/core/plan/validatePlan';
import { agent } from '../../../support/planBuilders';

describe('the proposal for wrong names', () => {
  it('renames agents with invalid names and the lists that name them', () => {
    const { plan, problems, proposal } = validatePlan({
      agents: [agent(2, '前端'), agent(3, '后端', { wait_for: ['前端'], notifies: ['前端'] })],
    });
    assert.deepEqual([plan, problems.map(({ code }) => code)], [null, ['name-invalid', 'name-invalid']]);
    assert.deepEqual(proposal?.agents, [
      agent(2, 'agent_1', { role: 'Work of 前端' }),
      agent(3, 'agent_2', { role: 'Work of 后端', wait_for: ['agent_1'], notifies: ['agent_1'] }),
    ]);
  });

  it('leaves the name and the references to the first of several agents with one name', () => {
    const { proposal } = validatePlan({
      agents: [agent(2, 'Dev'), agent(3, 'dev'), agent(4, 'qa', { depends_on: ['dev'] })],
    });
    assert.deepEqual(proposal?.agents, [
      agent(2, 'Dev'),
      agent(3, 'dev_2', { role: 'Work of dev' }),
      agent(4, 'qa', { depends_on: ['Dev'] }),
    ]);
  });

  it('leaves the references to the first of several agents with one invalid name', () => {
    const { proposal } = validatePlan({
      agents: [agent(2, 'two words'), agent(3, 'two words'), agent(4, 'qa', { wait_for: ['two words'] })],
    });
    assert.deepEqual(
      proposal?.agents.map(({ name }) => name),
      ['two_words', 'two_words_2', 'qa'],
    );
    assert.deepEqual(proposal?.agents[2]?.wait_for, ['two_words']);
  });

  it('replaces reserved and empty names, and assigns free windows as well', () => {
    const { proposal } = validatePlan({ agents: [agent(2, 'mother'), agent(2, ''), agent(1, 'ok')] });
    assert.deepEqual(
      proposal?.agents.map(({ window, name }) => [window, name]),
      [
        [2, 'mother_agent'],
        [3, 'agent_2'],
        [4, 'ok'],
      ],
    );
  });

  it('is absent while another problem is left', () => {
    assert.equal(validatePlan({ agents: [agent(2, 'a b', { wait_for: ['nobody'] })] }).proposal, null);
    assert.equal(validatePlan({ agents: [agent(2, 'a b', { role: '' })] }).proposal, null);
  });

  it('equals what the quick fixes of the editor make of the same plan', () => {
    const value = {
      agents: [agent(2, '前端'), agent(3, '后端', { wait_for: ['前端'] }), agent(4, 'a'), agent(5, 'A')],
    };
    const fixed = structuredClone(value) as { agents: Record<string, unknown>[] };
    for (let repair = draftOf(fixed).problems[0]?.repairs[0]; repair; repair = draftOf(fixed).problems[0]?.repairs[0])
      for (const { path, value: next } of repair.changes) fixed.agents[Number(path[1])]![String(path[2])] = next;
    assert.deepEqual(validatePlan(fixed).plan, validatePlan(value).proposal);
  });

  it('has valid, different names for any names', () => {
    const anyName = fc.oneof(
      fc.constantFrom('', 'all', 'TACO', 'a', 'A', 'a_2', 'a 2', '前端', 'x'.repeat(60)),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(anyName, { maxLength: 12 }), (list) => {
        const agents = withFreeNames(list.map((name, index) => agent(index + 2, name)));
        assert.deepEqual(validatePlan({ agents }).problems, list.length === 0 ? validatePlan({ agents }).problems : []);
      }),
    );
  });
});

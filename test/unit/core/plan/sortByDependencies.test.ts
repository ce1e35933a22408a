import assert from 'node:assert/strict';
import { sortByDependencies } from '../../../../src/core/plan/sortByDependencies';
import { agent } from '../../../support/planBuilders';

describe('the order of agents that need each other', () => {
  const namesOf = (agents: readonly { readonly name: string }[]): readonly string[] => agents.map(({ name }) => name);
  const ui = agent(2, 'ui', { depends_on: ['api'] });
  const api = agent(3, 'api', { depends_on: ['database'] });
  const docs = agent(4, 'docs');

  it('places each after those that it needs, and else keeps the given order', () => {
    const database = agent(5, 'database');
    assert.deepEqual(namesOf(sortByDependencies([ui, api, docs, database])), ['docs', 'database', 'api', 'ui']);
  });

  it('counts a name outside the list as met', () => {
    assert.deepEqual(namesOf(sortByDependencies([ui, docs, api])), ['docs', 'api', 'ui']);
  });

  it('keeps the agents of a cycle', () => {
    const twin = agent(5, 'database', { depends_on: ['api'] });
    assert.deepEqual(namesOf(sortByDependencies([api, twin])), ['api', 'database']);
  });

  it('uses the needs that the caller names', () => {
    const order = sortByDependencies([ui, docs], ({ name }) => (name === 'ui' ? ['docs'] : []));
    assert.deepEqual(namesOf(order), ['docs', 'ui']);
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { planSchema } from '../../../../src/core/models';
import { planJsonSchema, planJsonSchemaText } from '../../../../src/core/plan/planJsonSchema';
import { agent, TEAM } from '../../../support/planBuilders';

describe("the plan's JSON Schema", () => {
  it('in media/ is up to date (else run `npm run schema`)', () => {
    assert.equal(readFileSync('media/plan.schema.json', 'utf8'), planJsonSchemaText());
  });

  it('names the base of the whole plan and refuses one that is no name of git', () => {
    const fromJson = z.fromJSONSchema(planJsonSchema());
    assert.equal(fromJson.safeParse({ ...TEAM, base: 'main' }).success, true);
    assert.equal(fromJson.safeParse({ ...TEAM, base: '--upload-pack=x' }).success, false);
  });

  it('accepts the same plans as the code', () => {
    const fromJson = z.fromJSONSchema(planJsonSchema());
    const plans: [unknown, boolean][] = [
      [TEAM, true],
      [{ agents: [{ window: 2, name: 'dev', role: 'x' }] }, true],
      [
        {
          agents: [
            { ...agent(2, 'dev'), permission_mode: 'plan', worktree: true, model: 'm', profile: 'p', task: 't' },
          ],
        },
        true,
      ],
      [{ agents: [] }, false],
      [{}, false],
      [{ agents: [agent(1, 'dev')] }, false],
      [{ agents: [{ ...agent(2, 'dev'), window: 2.5 }] }, false],
      [{ agents: [agent(2, 'two words')] }, false],
      [{ agents: [agent(2, 'dev', { role: '' })] }, false],
      [{ agents: [{ window: 2, name: 'dev' }] }, false],
      [{ agents: [{ ...agent(2, 'dev'), wait_for: 'a' }] }, false],
      [{ agents: [{ ...agent(2, 'dev'), permission_mode: 'root' }] }, false],
    ];
    for (const [plan, valid] of plans) {
      assert.equal(planSchema.safeParse(plan).success, valid, JSON.stringify(plan));
      assert.equal(fromJson.safeParse(plan).success, valid, JSON.stringify(plan));
    }
  });
});

import * as z from 'zod';
import { agentSpecSchema, planSchema } from '../models';

/**
 * Returns the JSON Schema (draft 2020-12) of a plan as it is written, without defaults. It describes one agent; only
 * `validatePlan` checks relations (duplicate windows, unknown names, cycles).
 */
export function planJsonSchema(): Record<string, unknown> {
  const written = planSchema.extend({
    base: agentSpecSchema.shape.base.describe('where the worktrees begin of agents without a `base` of their own'),
  });
  const { $schema, ...schema } = z.toJSONSchema(written, { io: 'input' });
  return { $schema, title: 'TACO plan', description: 'A team of coding agents; see docs/plan-format.md.', ...schema };
}

/** Returns the contents of `media/plan.schema.json`. */
export function planJsonSchemaText(): string {
  return `${JSON.stringify(planJsonSchema(), null, 2)}\n`;
}

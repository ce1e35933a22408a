import * as z from 'zod';
import { planSchema } from '../models';

/**
 * The JSON Schema (draft 2020-12) of a plan as it is written, defaults not yet filled in. It knows the shape of one agent; what concerns
 * several (doubled windows, unknown names, circles) only `validatePlan` knows.
 */
export function planJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(planSchema, { io: 'input' });
  return { $schema, title: 'TACO plan', description: 'A team of coding agents; see docs/plan-format.md.', ...schema };
}

/** The contents of `media/plan.schema.json`. */
export function planJsonSchemaText(): string {
  return `${JSON.stringify(planJsonSchema(), null, 2)}\n`;
}

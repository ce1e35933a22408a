import * as z from 'zod';
import { agentSpecSchema, planSchema } from '../models';

export const problemSchema = z.object({
  /** Stable code such as `window-doubled`; see `planProblems.ts`. */
  code: z.string(),
  /** One sentence that names the agents and the remedy. */
  message: z.string(),
  /** Names of the agents concerned. */
  agents: z.array(z.string()),
  /** The wrong member of the agent, if it is one: `window`, `depends_on`, … */
  field: z.string().optional(),
});
export type PlanProblem = z.infer<typeof problemSchema>;

/** Changes that the approval of a plan makes in a running team; see `planDiff.ts`. */
const planChangeSchema = z.object({
  added: z.array(agentSpecSchema),
  /** As they run now; approval ends their processes. */
  removed: z.array(agentSpecSchema),
  changed: z.array(
    z.object({
      before: agentSpecSchema,
      after: agentSpecSchema,
      /** Members of the spec that differ. */
      fields: z.array(z.string()),
      /**
       * - `told`: the agent gets a message; `links`: the agent notices nothing.
       * - `relaunched`: new process, same conversation; `anew`: new process and new conversation.
       */
      effect: z.enum(['told', 'relaunched', 'anew', 'links']),
    }),
  ),
  /** Names of unchanged agents. */
  kept: z.array(z.string()),
});
export type PlanChange = z.infer<typeof planChangeSchema>;

/** `plan:current`: the plan under review. */
export const planReviewSchema = z.object({
  status: z.enum(['invalid', 'proposed', 'approved', 'rejected']),
  plan: planSchema.nullable(),
  problems: z.array(problemSchema),
  /** True when the JSON had to be repaired before it could be read. */
  repaired: z.boolean(),
  /** A proposal with free windows and names, if these alone make the plan valid. */
  proposal: planSchema.nullable(),
  /**
   * The readable part of a plan with problems, as it was written, for manual fixes; absent when nothing could be read.
   */
  draft: z.unknown().optional(),
  attempt: z.number().int(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  /** Present when the plan changes a running team: the difference that approval makes. */
  change: planChangeSchema.optional(),
  /** Why its last approval failed, with what to do; `at` in milliseconds since the epoch. Absent: none has failed. */
  failure: z.object({ at: z.number(), text: z.string() }).optional(),
  /** Present once the plan is approved and before it is executed, so that a new leader can continue the approval. */
  approval: z
    .object({
      /** Id of the request. The ids of launches and messages of this approval derive from it. */
      id: z.string(),
      made: z.boolean(),
      /** The change to the team that ran at that time; absent when there was none. */
      change: planChangeSchema.optional(),
    })
    .optional(),
});
export type PlanReview = z.infer<typeof planReviewSchema>;

/** Input requests of agents: a permission, a question, the approval of a plan, or a dialog on the screen. */
import * as z from 'zod';
import { MAX_ANSWER_LENGTH, MAX_WINDOW } from '../base/limits';

/**
 * - `permission`: may it use `tool` with `input`; `question`: `input` holds the questions and their options;
 * - `plan`: `input` holds the plan of an agent in plan mode; `dialog`: a dialog that no hook reports.
 */
const inputRequestKindSchema = z.enum(['permission', 'question', 'plan', 'dialog']);

/** One request. It never changes while it is open, so an answer to its id answers exactly what was shown. */
export const inputRequestSchema = z.object({
  id: z.string().regex(/^need_[\w.-]{1,80}$/),
  window: z.int().min(0).max(MAX_WINDOW),
  kind: inputRequestKindSchema,
  /** The requesting tool; empty for a dialog. */
  tool: z.string().max(200),
  /** The tool's input as JSON; for a dialog its text, line by line. */
  input: z.string().max(200_000),
  /** True when `input` is only the beginning: the user must check the terminal. */
  cut: z.boolean(),
  /** Labels of choices besides a plain yes: stored rules, modes; for a dialog all its choices, top down. */
  choices: z.array(z.string().max(400)).max(40),
  /** Time of the request, milliseconds since the epoch. */
  at: z.number(),
});
export type InputRequest = z.infer<typeof inputRequestSchema>;

/** Sorts requests: the oldest first, those of one moment by id. */
export function byAge(a: Pick<InputRequest, 'id' | 'at'>, b: Pick<InputRequest, 'id' | 'at'>): number {
  return a.at - b.at || (a.id < b.id ? -1 : 1);
}

/** The user's answer. `choice` is an index into the request's `choices`. */
export const inputResponseSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('allow'), choice: z.int().min(0).max(39).exactOptional() }),
  /** `note` is sent to the agent. */
  z.object({ kind: z.literal('deny'), note: z.string().max(MAX_ANSWER_LENGTH) }),
  /** Question → answer in the user's words. */
  z.object({ kind: z.literal('answers'), answers: z.record(z.string().max(4000), z.string().max(MAX_ANSWER_LENGTH)) }),
  z.object({ kind: z.literal('pick'), choice: z.int().min(0).max(39) }),
]);
export type InputResponse = z.infer<typeof inputResponseSchema>;

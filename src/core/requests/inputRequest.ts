/** What an agent needs a person for: a permission, an answer to its question, the approval of its plan, or some dialog on its screen. */
import * as z from 'zod';

/**
 * - `permission`: may it use `tool` with `input`; `question`: `input` holds the questions and their options;
 * - `plan`: `input` holds the plan of an agent in plan mode; `dialog`: something on its screen that no hook tells of.
 */
export const inputRequestKindSchema = z.enum(['permission', 'question', 'plan', 'dialog']);
export type InputRequestKind = z.infer<typeof inputRequestKindSchema>;

/** One request, never changed once it is open: whoever answers its id answers exactly what was shown. */
export const inputRequestSchema = z.object({
  id: z.string().regex(/^need_[\w.-]{1,80}$/),
  window: z.int().min(0).max(9999),
  kind: inputRequestKindSchema,
  /** The tool that asks; empty for a dialog. */
  tool: z.string().max(200),
  /** The tool's input as JSON; of a dialog its text, line by line. */
  input: z.string().max(200_000),
  /** True when `input` is only the beginning: a person must look into the terminal. */
  cut: z.boolean(),
  /** What a person may choose beside a plain yes, in words: rules that are kept, modes; of a dialog all its choices, top down. */
  choices: z.array(z.string().max(400)).max(40),
  /** Since when, milliseconds since the epoch. */
  at: z.number(),
});
export type InputRequest = z.infer<typeof inputRequestSchema>;

/** A person's answer. `choice` is an index into the need's `choices`. */
export const inputResponseSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('allow'), choice: z.int().min(0).max(39).exactOptional() }),
  /** `note` is what the agent is told. */
  z.object({ kind: z.literal('deny'), note: z.string().max(8000) }),
  /** Question → answer, as the person put it. */
  z.object({ kind: z.literal('answers'), answers: z.record(z.string().max(4000), z.string().max(8000)) }),
  z.object({ kind: z.literal('pick'), choice: z.int().min(0).max(39) }),
]);
export type InputResponse = z.infer<typeof inputResponseSchema>;

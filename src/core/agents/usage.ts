/** Token usage of an agent's model, read from the CLI's transcript. Pure. */
import * as z from 'zod';

/** Tokens of a conversation, an agent or a team, and their cost at list price. */
export const usageSchema = z.object({
  /** Input tokens that no cache provided. */
  input: z.number(),
  output: z.number(),
  cacheRead: z.number(),
  cacheWrite: z.number(),
  /** US dollars at list price: an estimate. Subscriptions are billed differently. */
  cost: z.number(),
  /** True when a model's price is unknown; TACO then uses the highest known price. */
  guessed: z.boolean(),
});
export type Usage = z.infer<typeof usageSchema>;

export const NO_USAGE: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cost: 0, guessed: false };

/** Usage of one reply of the model. */
export interface ReplyUsage {
  /** Id of the reply: a transcript has a line for each block of a reply, and its numbers grow while it streams. */
  readonly id: string;
  readonly usage: Usage;
}

/** US dollars per million tokens. */
interface Price {
  readonly input: number;
  readonly output: number;
}

const DEAREST: Price = { input: 15, output: 75 };
/**
 * List prices by model name; the first match counts. Prices of cached input are multiples of the input price: read 0.1,
 * written for 5 minutes 1.25, for an hour 2.
 */
const PRICES: readonly (readonly [model: RegExp, price: Price])[] = [
  [/opus-4-(?:0|1|2025\d{4})|opus-4$|3-opus/, DEAREST],
  [/opus/, { input: 5, output: 25 }],
  [/sonnet/, { input: 3, output: 15 }],
  [/3-5-haiku/, { input: 0.8, output: 4 }],
  [/3-haiku/, { input: 0.25, output: 1.25 }],
  [/haiku/, { input: 1, output: 5 }],
];
const CACHE_READ = 0.1;
const CACHE_WRITE = 1.25;
const CACHE_WRITE_HOUR = 2;

const tokens = z.number().int().min(0).max(1e9).catch(0);
const lineSchema = z.object({
  message: z.object({
    id: z.string().min(1).max(200),
    model: z.string().max(200).catch(''),
    usage: z.object({
      input_tokens: tokens,
      output_tokens: tokens,
      cache_read_input_tokens: tokens,
      cache_creation_input_tokens: tokens,
      cache_creation: z.object({ ephemeral_1h_input_tokens: tokens }).optional().catch(undefined),
    }),
  }),
});

/** Returns the usage of a reply from a transcript line; null for every other or broken line. */
export function replyUsageOf(line: string): ReplyUsage | null {
  // Only lines with "usage" are parsed: most lines have none, and some are megabytes long.
  if (!line.includes('"usage"')) return null;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success || parsed.data.message.model === '<synthetic>') return null;
  const { id, model, usage } = parsed.data.message;
  const {
    input_tokens: input,
    output_tokens: output,
    cache_read_input_tokens: cacheRead,
    cache_creation_input_tokens: cacheWrite,
  } = usage;
  const known = PRICES.find(([name]) => name.test(model))?.[1];
  const price = known ?? DEAREST;
  const hour = Math.min(usage.cache_creation?.ephemeral_1h_input_tokens ?? 0, cacheWrite);
  const asInput = input + cacheRead * CACHE_READ + (cacheWrite - hour) * CACHE_WRITE + hour * CACHE_WRITE_HOUR;
  return {
    id,
    usage: {
      input,
      output,
      cacheRead,
      cacheWrite,
      cost: (asInput * price.input + output * price.output) / 1e6,
      guessed: known === undefined,
    },
  };
}

/** Returns the tokens that the model read for a reply: its conversation so far. */
export function contextOf({ input, cacheRead, cacheWrite }: Usage): number {
  return input + cacheRead + cacheWrite;
}

export function sumUsage(all: readonly Usage[]): Usage {
  return all.reduce(
    (sum, each) => ({
      input: sum.input + each.input,
      output: sum.output + each.output,
      cacheRead: sum.cacheRead + each.cacheRead,
      cacheWrite: sum.cacheWrite + each.cacheWrite,
      cost: sum.cost + each.cost,
      guessed: sum.guessed || each.guessed,
    }),
    NO_USAGE,
  );
}

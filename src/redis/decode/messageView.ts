import * as z from 'zod';
import { commandTypeSchema, prioritySchema, whenSchema } from '../../core/models';
import type { MessageView } from '../../core/team/snapshot';
import { messageStateSchema } from './schemas';

const stepSchema = z.object({ at: z.number(), state: messageStateSchema, reason: z.string() });

const ledgerSchema = z.object({
  id: z.string(),
  type: commandTypeSchema,
  target: z.string(),
  sender: z.string(),
  message: z.string(),
  priority: prioritySchema,
  when: whenSchema.optional(),
  state: messageStateSchema,
  reason: z.string(),
  since: z.coerce.number(),
  enqueuedAt: z.coerce.number(),
  attempts: z.coerce.number(),
  history: z.string(),
  ended: z.coerce.number().optional(),
});

/** Converts a ledger to the form that views show; returns null when the hash is not a ledger. */
export function toMessageView(ledger: Record<string, string>): MessageView | null {
  const { data } = ledgerSchema.safeParse(ledger);
  if (!data) return null;
  const { ended, history, when, ...rest } = data;
  return {
    ...rest,
    history: parseHistory(history),
    ...(when === undefined ? {} : { when }),
    ...(ended === undefined ? {} : { endedAt: ended }),
  };
}

/** Parses the ledger's history, one JSON object per line. Omits lines that cannot be parsed. */
export function parseHistory(lines: string): MessageView['history'] {
  return lines.split('\n').flatMap((line) => {
    try {
      return stepSchema.safeParse(JSON.parse(line)).data ?? [];
    } catch {
      return [];
    }
  });
}

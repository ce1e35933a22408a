import * as z from 'zod';
import { askedBy } from '../../core/agents/activity';
import type { CallSign } from '../../core/agents/conversationSign';

const lineSchema = z.object({
  message: z.object({
    content: z.array(
      z.union([
        z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.unknown() }),
        z.object({ type: z.literal('tool_result'), tool_use_id: z.string(), is_error: z.boolean().optional() }),
        z.object({ type: z.string() }),
      ]),
    ),
  }),
});

/** Returns the calls of tools, and their results, in one line of Claude Code's transcript; those of subagents count, too. */
export function readClaudeCalls(line: string): readonly CallSign[] {
  if (!/"tool_(?:use|result)"/.test(line)) return [];
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return [];
  }
  const parsed = lineSchema.safeParse(value);
  return (parsed.data?.message.content ?? []).flatMap((block): readonly CallSign[] => {
    if ('tool_use_id' in block) return [{ kind: 'result', id: block.tool_use_id, failed: block.is_error === true }];
    if (!('name' in block)) return [];
    return [{ kind: 'call', id: block.id, call: askedBy(block.name, JSON.stringify(block.input ?? {})) }];
  });
}

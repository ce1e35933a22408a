import { askedBy } from '../../core/agents/activity';
import type { ConversationSign } from '../../core/agents/conversationSign';

/** Every line with a sign has one of these words; most lines of a transcript have none and are not parsed. */
const HAS_SIGN = /"(?:queue-operation|queued_command|tool_use|end_turn)"|"type":"user"/;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads one line of Claude Code's transcript (measured on 2.1.197 and 2.1.332: docs/steering.md). A text typed while it
 * works is first a `queue-operation` `enqueue`. When the model gets it inside the turn, the conversation has an
 * attachment `queued_command`; when it begins a turn of its own, a `user` entry. `popAll` puts it back into the input
 * box.
 */
export function readClaudeConversation(line: string): ConversationSign | null {
  if (!HAS_SIGN.test(line)) return null;
  const entry = fieldsOf(parsed(line));
  if (entry === null || entry['isSidechain'] === true) return null;
  const at = Date.parse(String(entry['timestamp'])) || 0;
  switch (entry['type']) {
    case 'queue-operation':
      return queueSign(entry, at);
    case 'attachment': {
      const attachment = fieldsOf(entry['attachment']);
      const text = attachment?.['type'] === 'queued_command' ? textOf(attachment['prompt']) : null;
      return text === null ? null : { kind: 'steered', text, at };
    }
    case 'user': {
      const text = entry['isMeta'] === true ? null : textOf(fieldsOf(entry['message'])?.['content']);
      return text === null ? null : { kind: 'prompt', text, at };
    }
    case 'assistant':
      return replySign(fieldsOf(entry['message']));
    default:
      return null;
  }
}

function queueSign(entry: Fields, at: number): ConversationSign | null {
  const text = entry['content'];
  if (typeof text !== 'string') return null;
  if (entry['operation'] === 'enqueue') return { kind: 'queued', text, at };
  return entry['operation'] === 'popAll' ? { kind: 'returned', text, at } : null;
}

/** Claude Code writes one line for each block of a reply. */
function replySign(message: Fields | null): ConversationSign | null {
  for (const block of blocksOf(message?.['content'])) {
    if (block['type'] === 'tool_use' && typeof block['name'] === 'string')
      return { kind: 'call', does: askedBy(block['name'], JSON.stringify(block['input'] ?? {})).replace(/^Bash /, '') };
  }
  return message?.['stop_reason'] === 'end_turn' ? { kind: 'answer' } : null;
}

/** Returns the user's text; null for results of tools. */
function textOf(content: unknown): string | null {
  if (typeof content === 'string') return content;
  const texts = blocksOf(content).flatMap((block) =>
    block['type'] === 'text' && typeof block['text'] === 'string' ? [block['text']] : [],
  );
  return texts.length === 0 ? null : texts.join('\n');
}

function blocksOf(content: unknown): readonly Fields[] {
  return Array.isArray(content) ? content.map(fieldsOf).filter((block) => block !== null) : [];
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

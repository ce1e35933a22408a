/** Reads a conversation out of what the CLI sends to the model: judged is what the model is given, not what a screen shows. */
import type { ModelRequest } from '../support/messagesApi';

interface Block {
  readonly type: string;
  readonly [field: string]: unknown;
}
interface WireMessage {
  readonly role: string;
  readonly content: string | readonly Block[];
}

/** Blocks that the CLI itself puts beside the user's words, and what it says in a compaction. */
const CONTEXT = /^(?:<(?:system-reminder|local-command-caveat|command-name|command-message|local-command-stdout)>|\[Request interrupted by user|\[SUGGESTION MODE|CRITICAL: Respond with TEXT ONLY|This session is being continued from)/;
/** How a CLI hands over what was queued while it was at work: its own words around the text. */
const WHILE_WORKING = /^(?:<system-reminder>\n?)?The user sent (?:a new message|the following message|new messages) while you were working:\n([\s\S]*?)\n\nIMPORTANT: [\s\S]*$/;

function blocksOf(message: WireMessage): readonly Block[] {
  return typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
}

function messagesOf(request: ModelRequest): readonly WireMessage[] {
  return (request.body as { messages: readonly WireMessage[] }).messages;
}

/** Everything the user said in the conversation that one request carries, oldest first, without the CLI's own context. */
export function userTexts(request: ModelRequest): string[] {
  return messagesOf(request)
    .filter((message) => message.role === 'user')
    .flatMap(blocksOf)
    .filter((block) => block.type === 'text')
    .map((block) => String(block['text']))
    .flatMap((text) => {
      const queued = WHILE_WORKING.exec(text);
      if (queued) return [queued[1] ?? ''];
      return CONTEXT.test(text) ? [] : [text];
    });
}

/** True once the tool call whose input holds `tag` has an answer: the dialog about it is over. */
export function isAnswered(requests: readonly ModelRequest[], tag: string): boolean {
  return requests.some((request) => {
    const blocks = messagesOf(request).flatMap(blocksOf);
    const calls = blocks.filter((block) => block.type === 'tool_use' && JSON.stringify(block['input']).includes(tag)).map((block) => block['id']);
    return blocks.some((block) => block.type === 'tool_result' && calls.includes(block['tool_use_id']));
  });
}

/**
 * Reads a conversation from the CLI's calls to the model: the suite judges what the model gets, not what a screen
 * shows.
 */
import type { ModelRequest } from '../support/clis/messagesApi';
import { midTurnTexts } from '../support/clis/midTurnTexts';

interface Block {
  readonly type: string;
  readonly [field: string]: unknown;
}
interface WireMessage {
  readonly role: string;
  readonly content: string | readonly Block[];
}

/** Blocks that the CLI itself puts beside the user's words, and its own text in a compaction. */
const CONTEXT =
  /^(?:<(?:system-reminder|local-command-caveat|command-name|command-message|local-command-stdout)>|\[Request interrupted by user|\[SUGGESTION MODE|CRITICAL: Respond with TEXT ONLY|This session is being continued from)/;
function blocksOf(message: WireMessage): readonly Block[] {
  return typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
}

function messagesOf(request: ModelRequest): readonly WireMessage[] {
  return (request.body as { messages: readonly WireMessage[] }).messages;
}

/** Returns all texts of the user in the conversation of one request, oldest first, without the CLI's own context. */
export function userTexts(request: ModelRequest): string[] {
  return messagesOf(request)
    .filter((message) => message.role !== 'assistant')
    .flatMap((message) =>
      blocksOf(message).flatMap((block) => {
        const text = block.type === 'text' ? String(block['text']) : resultText(block);
        const midTurn = midTurnTexts(text);
        if (midTurn.length > 0) return midTurn;
        return block.type !== 'text' || message.role !== 'user' || CONTEXT.test(text) ? [] : [text];
      }),
    );
}

function resultText({ type, content }: Block): string {
  if (type !== 'tool_result') return '';
  return blocksOf({ role: 'user', content: (content ?? '') as WireMessage['content'] })
    .map(({ text }) => (typeof text === 'string' ? text : ''))
    .join('\n');
}

/** Returns the texts that each call adds to those of the call before, oldest first. */
export function newTexts(calls: readonly (readonly string[])[]): string[] {
  let before: readonly string[] = [];
  const given: string[] = [];
  for (const texts of calls) {
    const old = [...before];
    for (const text of texts) {
      // Claude Code ends a text with a line end when it joins two of the user's in a row.
      const at = old.findIndex((each) => each.trimEnd() === text.trimEnd());
      if (at >= 0) old.splice(at, 1);
      else given.push(text);
    }
    before = texts;
  }
  return given;
}

/** Returns inputs of the tool calls that have an answer in one request: the dialog about each has ended. */
export function answeredCalls(request: ModelRequest): string[] {
  const blocks = messagesOf(request).flatMap(blocksOf);
  const answered = new Set(blocks.filter((block) => block.type === 'tool_result').map((block) => block['tool_use_id']));
  return blocks
    .filter((block) => block.type === 'tool_use' && answered.has(block['id']))
    .map((block) => JSON.stringify(block['input']));
}

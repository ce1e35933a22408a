/**
 * A mock of the Messages API for the real CLI: only the model. It answers with the result of its `reply` function, and
 * records the exact texts that the model would have received.
 */
import { appendFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { midTurnTexts } from './midTurnTexts';
import { jsonOf, pathOf, sendJson, serveModel, thinkFor } from './modelServer';

const blockSchema = z.looseObject({ type: z.string() });
const messageSchema = z.looseObject({ role: z.string(), content: z.union([z.string(), z.array(blockSchema)]) });
const requestSchema = z.looseObject({
  model: z.string().default(''),
  stream: z.boolean().default(false),
  system: z.union([z.string(), z.array(blockSchema)]).optional(),
  tools: z.array(z.looseObject({ name: z.string() })).default([]),
  metadata: z.looseObject({ user_id: z.string().default('') }).optional(),
  messages: z.array(messageSchema),
});
type WireMessage = z.infer<typeof messageSchema>;

interface ToolResult {
  readonly id: string;
  readonly text: string;
  readonly isError: boolean;
}

/** One call of the CLI to the model. */
export interface ModelRequest {
  /** The CLI's own session id (`--session-id`); empty when the call contains none. */
  readonly sessionId: string;
  /** Whole system prompt, so that an appended role can be distinguished from another. */
  readonly system: string;
  /**
   * `turn`: the working agent; `side`: an internal call of the CLI (session title, summary), which starts with no text
   * of the user.
   */
  readonly kind: 'turn' | 'side';
  /** The user's exact texts since the model's last answer, without the CLI's own context blocks. */
  readonly prompts: readonly string[];
  /** Results of the tools since the model's last answer. */
  readonly toolResults: readonly ToolResult[];
  readonly model: string;
  readonly tools: readonly string[];
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The whole request body, for a test that needs more detail. */
  readonly body: unknown;
}

export interface Reply {
  readonly text?: string;
  /** Tool calls, run in this order by the real CLI (or asked about). */
  readonly tools?: readonly { readonly name: string; readonly input: Record<string, unknown> }[];
  /** Delay of the answer, milliseconds: the CLI shows itself busy. */
  readonly delayMs?: number;
  /** The API refuses the call instead. */
  readonly refusal?: Refusal;
  /** Token usage in the answer; a few tokens when absent. */
  readonly usage?: ReplyTokens;
}

/** An error of the API. */
export interface Refusal {
  readonly status: number;
  /** `rate_limit_error`, `overloaded_error`, `invalid_request_error`. */
  readonly type: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface ReplyTokens {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_input_tokens?: number;
  readonly cache_creation_input_tokens?: number;
}

const FEW_TOKENS: ReplyTokens = { input_tokens: 10, output_tokens: 5 };

export interface MessagesApiOptions {
  /** Returns the model's answer. Side calls use it as well; `sideReply` is the usual answer to those. */
  readonly reply: (request: ModelRequest) => Reply | Promise<Reply>;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** When given, each `turn` call with prompts is appended as a JSON line `{at, sessionId, prompts}`. */
  readonly logFile?: string;
}

export interface MessagesApi {
  /** `http://127.0.0.1:PORT`, for ANTHROPIC_BASE_URL. */
  readonly url: string;
  readonly port: number;
  /** Every call so far, oldest first. */
  readonly requests: readonly ModelRequest[];
  /** Returns the texts that the model got in turns, oldest first, of one conversation or of all. */
  received(sessionId?: string): string[];
  close(): Promise<void>;
}

/** A plain answer to a side call: a title for the session. */
export const sideReply: Reply = { text: '{"title":"A test session"}' };

export async function startMessagesApi(options: MessagesApiOptions): Promise<MessagesApi> {
  const requests: ModelRequest[] = [];
  const { url, port, close } = await serveModel(
    (incoming, outgoing) => handle(incoming, outgoing, options, requests),
    (message) => apiError('api_error', message),
    options.port,
  );
  return {
    url,
    port,
    requests,
    received: (sessionId) =>
      requests
        .filter((request) => request.kind === 'turn' && (sessionId === undefined || request.sessionId === sessionId))
        .flatMap((request) => request.prompts),
    close,
  };
}

async function handle(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  options: MessagesApiOptions,
  requests: ModelRequest[],
): Promise<void> {
  const path = pathOf(incoming);
  if (incoming.method !== 'POST' || (path !== '/v1/messages' && path !== '/v1/messages/count_tokens')) {
    return sendJson(outgoing, 404, apiError('not_found_error', 'not found'));
  }
  const body = await jsonOf(incoming);
  if (path.endsWith('count_tokens')) return sendJson(outgoing, 200, { input_tokens: 10 });
  const wire = requestSchema.parse(body);
  const request = read(wire, body);
  requests.push(request);
  if (options.logFile !== undefined && request.kind === 'turn' && request.prompts.length > 0) {
    const line = { at: request.at, sessionId: request.sessionId, prompts: request.prompts };
    appendFileSync(options.logFile, `${JSON.stringify(line)}\n`);
  }
  const reply = await options.reply(request);
  if (reply.delayMs !== undefined) await thinkFor(reply.delayMs);
  if (reply.refusal) {
    const { status, type, message, headers = {} } = reply.refusal;
    for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
    return sendJson(outgoing, status, apiError(type, message));
  }
  if (outgoing.destroyed) return; // the CLI was interrupted and closed the connection
  answer(outgoing, wire.model, wire.stream, reply, requests.length);
}

function read(wire: z.infer<typeof requestSchema>, body: unknown): ModelRequest {
  const lastAssistant = wire.messages.findLastIndex((message) => message.role === 'assistant');
  const blocks = wire.messages
    .slice(lastAssistant + 1)
    .filter((message) => message.role === 'user')
    .flatMap(blocksOf);
  const texts = wire.messages.slice(lastAssistant + 1).flatMap((message) =>
    blocksOf(message).flatMap((block) => {
      const text =
        block.type === 'tool_result' ? resultText(block) : typeof block['text'] === 'string' ? block['text'] : '';
      const midTurn = midTurnTexts(text);
      return midTurn.length > 0 || block.type !== 'text' || message.role !== 'user' ? midTurn : [text];
    }),
  );
  return {
    sessionId: sessionIdOf(wire.metadata?.user_id ?? ''),
    system: textOf(wire.system ?? ''),
    // The agent's own turns contain its tools; a request for a title or a summary contains none.
    kind: wire.tools.length > 0 ? 'turn' : 'side',
    prompts: texts.filter((text) => !isContext(text)),
    toolResults: blocks
      .filter((block) => block.type === 'tool_result')
      .map((block) => ({
        id: String(block['tool_use_id']),
        text: resultText(block),
        isError: block['is_error'] === true,
      })),
    model: wire.model,
    tools: wire.tools.map((tool) => tool.name),
    at: Date.now(),
    body,
  };
}

/** Returns true for blocks that the CLI itself puts beside the user's words. */
function isContext(text: string): boolean {
  return (
    /^<(system-reminder|local-command-caveat|command-name|local-command-stdout)>/.test(text) ||
    text.startsWith('[Request interrupted by user')
  );
}

function blocksOf(message: WireMessage): z.infer<typeof blockSchema>[] {
  return typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
}

function resultText(block: z.infer<typeof blockSchema>): string {
  return textOf((block['content'] as WireMessage['content'] | undefined) ?? '');
}

function textOf(content: WireMessage['content']): string {
  if (typeof content === 'string') return content;
  return content
    .filter((block) => block.type === 'text')
    .map((block) => String(block['text']))
    .join('\n');
}

function sessionIdOf(userId: string): string {
  try {
    return z.object({ session_id: z.string() }).parse(JSON.parse(userId)).session_id;
  } catch {
    return '';
  }
}

const apiError = (type: string, message: string) => ({ type: 'error', error: { type, message } });

/** Writes the reply as server-sent events, or as one JSON document when the CLI requested no stream. */
function answer(outgoing: ServerResponse, model: string, stream: boolean, reply: Reply, n: number): void {
  const content = [
    ...(reply.text === undefined ? [] : [{ type: 'text', text: reply.text }]),
    ...(reply.tools ?? []).map((tool, i) => ({
      type: 'tool_use',
      id: `toolu_${n}_${i}`,
      name: tool.name,
      input: tool.input,
    })),
  ];
  const stop = { stop_reason: reply.tools?.length ? 'tool_use' : 'end_turn', stop_sequence: null };
  const message = { id: `msg_${n}`, type: 'message', role: 'assistant', model };
  const usage = reply.usage ?? FEW_TOKENS;
  if (!stream) return sendJson(outgoing, 200, { ...message, content, ...stop, usage });

  outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
  const event = (type: string, data: object) =>
    outgoing.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  event('message_start', {
    message: { ...message, content: [], stop_reason: null, stop_sequence: null, usage: { ...usage, output_tokens: 1 } },
  });
  content.forEach((block, index) => {
    const isText = 'text' in block;
    event('content_block_start', {
      index,
      content_block: isText ? { type: 'text', text: '' } : { ...block, input: {} },
    });
    const delta = isText
      ? { type: 'text_delta', text: block.text }
      : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) };
    event('content_block_delta', { index, delta });
    event('content_block_stop', { index });
  });
  event('message_delta', { delta: stop, usage: { output_tokens: usage.output_tokens } });
  event('message_stop', {});
  outgoing.end();
}

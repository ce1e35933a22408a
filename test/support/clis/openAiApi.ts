/**
 * A mock of a model behind both of OpenAI's wire formats: `/v1/responses` and `/v1/chat/completions`, streamed or not,
 * for the real CLI. It answers with the result of its `reply` function and records what the model would have received.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { Reply } from './messagesApi';
import { jsonOf, pathOf, sendJson, serveModel, thinkFor } from './modelServer';

const partSchema = z.looseObject({ type: z.string().default('text'), text: z.string().optional() });
const contentSchema = z.union([z.string(), z.array(partSchema), z.null()]).optional();
/** `responses`: items of several types. */
const itemSchema = z.looseObject({
  type: z.string().default('message'),
  role: z.string().optional(),
  content: contentSchema,
  call_id: z.string().optional(),
  arguments: z.string().optional(),
});
const callSchema = z.looseObject({
  id: z.string(),
  function: z.looseObject({ name: z.string(), arguments: z.string().default('') }),
});
/** `chat/completions`. */
const messageSchema = z.looseObject({
  role: z.string(),
  content: contentSchema,
  tool_calls: z.array(callSchema).optional(),
  tool_call_id: z.string().optional(),
});
const requestSchema = z.looseObject({
  model: z.string().default(''),
  stream: z.boolean().default(false),
  tools: z.array(z.looseObject({})).default([]),
  input: z.array(itemSchema).optional(),
  messages: z.array(messageSchema).optional(),
});
type Wire = z.infer<typeof requestSchema>;

/** One call of the CLI to the model. */
export interface OpenAiCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
  /** Whole instructions: system and developer messages. */
  readonly system: string;
  /** All texts of the user in the conversation, oldest first, one entry for each text part. */
  readonly said: readonly string[];
  /** Those texts that came after the model's last answer. */
  readonly prompts: readonly string[];
  /** Arguments, as JSON, of the tool calls that have an answer. */
  readonly answered: readonly string[];
  /** True when a tool's result is the last entry. */
  readonly isAfterTool: boolean;
  readonly hasTools: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface OpenAiApi {
  /** `http://127.0.0.1:PORT`; the base URL of a client is this with `/v1`. */
  readonly url: string;
  /** Every call so far, oldest first. */
  readonly calls: readonly OpenAiCall[];
  close(): Promise<void>;
}

export async function startOpenAiApi(reply: (call: OpenAiCall) => Reply | Promise<Reply>): Promise<OpenAiApi> {
  const calls: OpenAiCall[] = [];
  const { url, close } = await serveModel(
    (incoming, outgoing) => handle(incoming, outgoing, reply, calls),
    (message) => ({ error: { message } }),
  );
  return { url, calls, close };
}

async function handle(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  reply: (call: OpenAiCall) => Reply | Promise<Reply>,
  calls: OpenAiCall[],
): Promise<void> {
  const path = pathOf(incoming);
  const isResponses = path.endsWith('/responses');
  if (incoming.method !== 'POST' || !(isResponses || path.endsWith('/chat/completions')))
    return sendJson(outgoing, 404, { error: { message: 'not found' } });
  const wire = requestSchema.parse(await jsonOf(incoming));
  const call: OpenAiCall = {
    path,
    headers: incoming.headers,
    body: wire,
    hasTools: wire.tools.length > 0,
    at: Date.now(),
    ...(isResponses ? readItems(wire) : readMessages(wire)),
  };
  calls.push(call);
  const answer = await reply(call);
  if (answer.delayMs !== undefined && answer.delayMs > 0) await thinkFor(answer.delayMs);
  if (outgoing.destroyed) return; // the CLI was interrupted and closed the connection
  if (isResponses) sendResponse(outgoing, wire, answer, calls.length);
  else sendCompletion(outgoing, wire, answer, calls.length);
}

type Read = Pick<OpenAiCall, 'system' | 'said' | 'prompts' | 'answered' | 'isAfterTool'>;

function texts(content: z.infer<typeof contentSchema>): string[] {
  if (typeof content === 'string') return [content];
  return (content ?? []).flatMap((part) => part.text ?? []);
}

function readItems({ input = [] }: Wire): Read {
  const ofRole = (role: string, items: Wire['input'] = input): string[] =>
    items.filter((item) => item.role === role).flatMap((item) => texts(item.content));
  const spoke = input.findLastIndex(({ role, type }) => role === 'assistant' || type === 'function_call');
  const answered = new Set(input.filter(({ type }) => type === 'function_call_output').map((item) => item.call_id));
  return {
    system: [...ofRole('system'), ...ofRole('developer')].join('\n'),
    said: ofRole('user'),
    prompts: ofRole('user', input.slice(spoke + 1)),
    answered: input
      .filter(({ type, call_id }) => type === 'function_call' && answered.has(call_id))
      .map((item) => item.arguments ?? ''),
    isAfterTool: input.at(-1)?.type === 'function_call_output',
  };
}

function readMessages({ messages = [] }: Wire): Read {
  const ofRole = (role: string, some: Wire['messages'] = messages): string[] =>
    some.filter((message) => message.role === role).flatMap((message) => texts(message.content));
  const spoke = messages.findLastIndex(({ role }) => role === 'assistant');
  const answered = new Set(messages.filter(({ role }) => role === 'tool').map((message) => message.tool_call_id));
  return {
    system: [...ofRole('system'), ...ofRole('developer')].join('\n'),
    said: ofRole('user'),
    prompts: ofRole('user', messages.slice(spoke + 1)),
    answered: messages
      .flatMap(({ tool_calls = [] }) => tool_calls)
      .filter(({ id }) => answered.has(id))
      .map((call) => call.function.arguments),
    isAfterTool: messages.at(-1)?.role === 'tool',
  };
}

const nameOf = (what: string, n: number, i = 0): string => `${what}_${process.pid}_${n}_${i}`;

function sendResponse(outgoing: ServerResponse, wire: Wire, reply: Reply, n: number): void {
  const output = [
    ...(reply.text === undefined
      ? []
      : [
          {
            type: 'message',
            id: nameOf('msg', n),
            status: 'completed',
            role: 'assistant',
            content: [{ type: 'output_text', text: reply.text, annotations: [] }],
          },
        ]),
    ...(reply.tools ?? []).map((tool, i) => ({
      type: 'function_call',
      id: nameOf('fc', n, i),
      status: 'completed',
      call_id: nameOf('call', n, i),
      name: tool.name,
      arguments: JSON.stringify(tool.input),
    })),
  ];
  const response = {
    id: nameOf('resp', n),
    object: 'response',
    created_at: 1,
    model: wire.model,
    status: 'completed',
    output,
    usage: {
      input_tokens: 10,
      input_tokens_details: null,
      output_tokens: 5,
      output_tokens_details: null,
      total_tokens: 15,
    },
  };
  if (!wire.stream) return sendJson(outgoing, 200, response);
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
  const event = (type: string, data: object) =>
    outgoing.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  event('response.created', { response: { ...response, status: 'in_progress', output: [], usage: null } });
  output.forEach((item, output_index) => {
    event('response.output_item.added', { output_index, item });
    event('response.output_item.done', { output_index, item });
  });
  event('response.completed', { response });
  outgoing.end();
}

function sendCompletion(outgoing: ServerResponse, wire: Wire, reply: Reply, n: number): void {
  const calls = (reply.tools ?? []).map((tool, index) => ({
    index,
    id: nameOf('call', n, index),
    type: 'function',
    function: { name: tool.name, arguments: JSON.stringify(tool.input) },
  }));
  const message = {
    role: 'assistant',
    content: reply.text ?? null,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  const finish_reason = calls.length > 0 ? 'tool_calls' : 'stop';
  const common = { id: nameOf('chatcmpl', n), created: 1, model: wire.model };
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
  if (!wire.stream)
    return sendJson(outgoing, 200, {
      ...common,
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason }],
      usage,
    });
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = (delta: object, reason: string | null, extra: object = {}) =>
    outgoing.write(
      `data: ${JSON.stringify({ ...common, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: reason }], ...extra })}\n\n`,
    );
  chunk(message, null);
  chunk({}, finish_reason, { usage });
  outgoing.end('data: [DONE]\n\n');
}

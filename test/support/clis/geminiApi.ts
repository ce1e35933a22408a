/**
 * A mock of Gemini's API, streamed and not, for the real CLI. It answers with the result of its `reply` function and
 * records what the model would have received.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { Reply } from './messagesApi';
import { jsonOf, pathOf, sendJson, serveModel, thinkFor } from './modelServer';

const partSchema = z.looseObject({
  text: z.string().optional(),
  functionCall: z
    .looseObject({ id: z.string().optional(), name: z.string(), args: z.looseObject({}).default({}) })
    .optional(),
  functionResponse: z.looseObject({ id: z.string().optional(), name: z.string() }).optional(),
});
const contentSchema = z.looseObject({ role: z.string().default('user'), parts: z.array(partSchema).default([]) });
const requestSchema = z.looseObject({
  contents: z.array(contentSchema).default([]),
  systemInstruction: contentSchema.optional(),
  tools: z
    .array(z.looseObject({ functionDeclarations: z.array(z.looseObject({ name: z.string() })).default([]) }))
    .default([]),
  generationConfig: z.looseObject({ responseMimeType: z.string().optional() }).optional(),
});
type Content = z.infer<typeof contentSchema>;

/** One call of the CLI to the model. */
export interface GeminiCall {
  readonly headers: IncomingHttpHeaders;
  readonly system: string;
  /** The user's texts in the conversation, oldest first, one entry for each part of a turn. */
  readonly said: readonly string[];
  /** Those texts that came after the model's last answer. */
  readonly prompts: readonly string[];
  /** Arguments, as JSON, of the tool calls that have an answer. */
  readonly answered: readonly string[];
  /** False for the CLI's internal calls: model choice, next speaker, summary. */
  readonly hasTools: boolean;
}

export interface GeminiApi {
  /** `http://127.0.0.1:PORT`, for GOOGLE_GEMINI_BASE_URL. */
  readonly url: string;
  /** Every call so far, oldest first. */
  readonly calls: readonly GeminiCall[];
  close(): Promise<void>;
}

export async function startGeminiApi(reply: (call: GeminiCall) => Reply): Promise<GeminiApi> {
  const calls: GeminiCall[] = [];
  const { url, close } = await serveModel(
    (incoming, outgoing) => handle(incoming, outgoing, reply, calls),
    (message) => ({ error: { code: 500, message } }),
  );
  return { url, calls, close };
}

async function handle(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  reply: (call: GeminiCall) => Reply,
  calls: GeminiCall[],
): Promise<void> {
  const path = pathOf(incoming);
  if (path.endsWith(':countTokens')) return sendJson(outgoing, 200, { totalTokens: 10 });
  if (incoming.method !== 'POST' || !/:(?:stream)?generateContent$/i.test(path))
    return sendJson(outgoing, 404, { error: { code: 404, message: 'not found' } });
  const wire = requestSchema.parse(await jsonOf(incoming));
  const call = read(wire, incoming.headers);
  calls.push(call);
  const answer = reply(call);
  if (answer.delayMs !== undefined && answer.delayMs > 0) await thinkFor(answer.delayMs);
  if (outgoing.destroyed) return; // the CLI was interrupted and closed the connection
  send(outgoing, path.includes(':stream'), answer, calls.length);
}

function read(
  { contents, systemInstruction, tools }: z.infer<typeof requestSchema>,
  headers: IncomingHttpHeaders,
): GeminiCall {
  const texts = (some: readonly Content[]): string[] =>
    some.filter(({ role }) => role === 'user').flatMap(({ parts }) => parts.flatMap(({ text }) => text ?? []));
  const spoke = contents.findLastIndex(({ role }) => role === 'model');
  const parts = contents.flatMap((content) => content.parts);
  const answered = new Set(parts.flatMap(({ functionResponse }) => functionResponse?.id ?? []));
  return {
    headers,
    system: (systemInstruction?.parts ?? []).map(({ text }) => text ?? '').join('\n'),
    said: texts(contents),
    prompts: texts(contents.slice(spoke + 1)),
    answered: parts.flatMap(({ functionCall }) =>
      functionCall && answered.has(functionCall.id ?? '') ? [JSON.stringify(functionCall.args)] : [],
    ),
    hasTools: tools.some(({ functionDeclarations }) => functionDeclarations.length > 0),
  };
}

function send(outgoing: ServerResponse, streamed: boolean, reply: Reply, n: number): void {
  const parts = [
    ...(reply.text === undefined ? [] : [{ text: reply.text }]),
    ...(reply.tools ?? []).map((tool, i) => ({
      functionCall: { id: `call_${process.pid}_${n}_${i}`, name: tool.name, args: tool.input },
    })),
  ];
  const response = {
    candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
  };
  if (!streamed) return sendJson(outgoing, 200, response);
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${JSON.stringify(response)}\r\n\r\n`);
}

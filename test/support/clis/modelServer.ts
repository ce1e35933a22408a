import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ModelServer {
  readonly port: number;
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Starts the HTTP server of a mock model, on this machine only. An error of `handle` becomes the API's own error 500.
 * @param port 0: any free one
 */
export async function serveModel(
  handle: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>,
  errorBody: (message: string) => unknown,
  port = 0,
): Promise<ModelServer> {
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch((error: unknown) => {
      if (!outgoing.headersSent) sendJson(outgoing, 500, errorBody(String(error)));
      else outgoing.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const listening = (server.address() as AddressInfo).port;
  return {
    port: listening,
    url: `http://127.0.0.1:${listening}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function sendJson(outgoing: ServerResponse, status: number, value: unknown): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

export function pathOf(incoming: IncomingMessage): string {
  return (incoming.url ?? '').split('?')[0] ?? '';
}

/** Returns the whole body, parsed as JSON. Throws when it is not JSON. */
export async function jsonOf(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
}

/**
 * Waits before an answer. It does not keep the process alive: a server that was closed meanwhile has no client to
 * answer.
 */
export async function thinkFor(ms: number): Promise<void> {
  await sleep(ms, undefined, { ref: false });
}

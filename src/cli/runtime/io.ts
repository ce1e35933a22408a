import type { TacoError } from '../../core/errors/tacoError';

/** The process as commands see it; tests replace it. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** The result of a command: one JSON document, the same as text, and the exit code. */
export interface CommandResult {
  readonly json: unknown;
  /** Without a line end; empty when there is nothing to print. */
  readonly text: string;
  /** Default 0. */
  readonly exitCode?: number;
}

/** Returns 2 for wrong usage, 3 when no project, session or Redis is available, else 1. */
export function exitCodeOf(error: TacoError): number {
  switch (error.code) {
    case 'usage':
      return 2;
    case 'no-project':
    case 'no-session':
    case 'redis-missing':
    case 'redis-unreachable':
      return 3;
    default:
      return 1;
  }
}

/** Resolves after all of the text is written: a pipe takes 64 KB at once, and the process ends right after. */
export function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  if (text === '') return Promise.resolve();
  return new Promise((resolve) => stream.write(text, () => resolve()));
}

/** Returns all of standard input, at most `limit` bytes; null when there is more. Waits for its end. */
export async function readAll(stream: NodeJS.ReadableStream, limit: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > limit) return null;
    chunks.push(buffer);
  }
  return Buffer.concat(chunks);
}

/** Prints the result to standard output in the requested form. */
export async function printOutcome(io: Io, outcome: CommandResult, json: boolean): Promise<number> {
  if (json) await write(io.stdout, `${JSON.stringify(outcome.json)}\n`);
  else if (outcome.text !== '') await write(io.stdout, `${outcome.text}\n`);
  return outcome.exitCode ?? 0;
}

/** Prints the error as `{"error":…}` to standard output, or as two lines to standard error. */
export async function printError(io: Io, error: TacoError, json: boolean): Promise<number> {
  if (json) await write(io.stdout, `${JSON.stringify({ error: error.toJSON() })}\n`);
  else await write(io.stderr, `taco: ${error.message}${error.hint === '' ? '' : `\n      ${error.hint}`}\n`);
  return exitCodeOf(error);
}

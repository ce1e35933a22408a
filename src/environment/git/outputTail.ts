import { StringDecoder } from 'node:string_decoder';

/** Bytes of a program's output that are retained for an error text. */
const MAX_TAIL_BYTES = 16 * 1024;

/** Retains the end of a program's output, whatever its size. */
export class OutputTail {
  private chunks: Buffer[] = [];
  private bytes = 0;

  add(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes < 2 * MAX_TAIL_BYTES) return;
    const end = Buffer.concat(this.chunks).subarray(-MAX_TAIL_BYTES);
    this.chunks = [Buffer.from(end)];
    this.bytes = end.length;
  }

  /** The end of the output as plain text without terminal control sequences. */
  get text(): string {
    return plainText(Buffer.concat(this.chunks).subarray(-MAX_TAIL_BYTES).toString('utf8'));
  }
}

/** Calls back with the last complete line of each chunk of output, as plain text. */
export class LastLine {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';

  constructor(private readonly onLine: (line: string) => void) {}

  add(chunk: Buffer): void {
    const lines = (this.rest + this.decoder.write(chunk)).split(/[\r\n]+/);
    // Limits the memory of a program that never ends a line.
    this.rest = (lines.pop() ?? '').slice(-MAX_TAIL_BYTES);
    const last = lines.map(plainText).findLast((line) => line.trim() !== '');
    if (last !== undefined) this.onLine(last.trim());
  }
}

/** Returns text without terminal control sequences and without control characters other than tab and line feed. */
export function plainText(text: string): string {
  return text
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-_]/g, '')
    .replace(/\r+\n/g, '\n')
    .replace(/\r/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}

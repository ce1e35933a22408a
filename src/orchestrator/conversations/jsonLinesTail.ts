import { open, type FileHandle } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';

const PIECE = 1 << 20;
/** A longer line is skipped, characters. */
const MAX_LINE_BYTES = 8 << 20;

/** Reads a growing JSON-lines file to its end, then continues from there. */
export class JsonLinesTail {
  private offset = 0;
  private rest = '';
  private passing = false;
  private decoder = new StringDecoder('utf8');

  constructor(private readonly path: string) {}

  /**
   * Passes the new complete lines to `onLine`; returns false when the file cannot be read. A file that became shorter is
   * read again from the start. Calls must not overlap.
   */
  async read(onLine: (line: string) => void): Promise<boolean> {
    let file: FileHandle;
    try {
      file = await open(this.path, 'r');
    } catch {
      return false;
    }
    try {
      const facts = await file.stat();
      if (!facts.isFile()) return false;
      if (facts.size < this.offset)
        Object.assign(this, { offset: 0, rest: '', passing: false, decoder: new StringDecoder('utf8') });
      const piece = Buffer.allocUnsafe(Math.max(1, Math.min(PIECE, facts.size - this.offset)));
      while (this.offset < facts.size) {
        const { bytesRead } = await file.read(piece, 0, piece.length, this.offset);
        if (bytesRead === 0) break;
        this.offset += bytesRead;
        this.take(this.decoder.write(piece.subarray(0, bytesRead)), onLine);
      }
      return true;
    } finally {
      await file.close();
    }
  }

  private take(text: string, onLine: (line: string) => void): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!this.passing) onLine(line);
      this.passing = false;
    }
    if (this.rest.length <= MAX_LINE_BYTES) return;
    this.rest = '';
    this.passing = true;
  }
}

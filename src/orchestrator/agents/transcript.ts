import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { NO_USAGE, replyUsageOf, sumUsage, type ReplyUsage, type Usage } from '../../core/agents/usage';

const PIECE = 1 << 20;
/** Replies that are told apart by their ids; the earlier ones are only added up. */
const REPLIES_KEPT = 2000;
/** A longer line is no reply and is skipped, characters. */
const MAX_LINE_BYTES = 8 << 20;

/** Reads a growing JSON-lines file to its end, then continues from there. */
class Tail {
  private offset = 0;
  private rest = '';
  private passing = false;
  private decoder = new StringDecoder('utf8');

  constructor(private readonly path: string) {}

  /**
   * Passes the new complete lines to `onLine`. A missing file has none; a file that became shorter is read again from
   * the start.
   */
  async read(onLine: (line: string) => void): Promise<void> {
    let file: FileHandle;
    try {
      file = await open(this.path, 'r');
    } catch {
      return;
    }
    try {
      const facts = await file.stat();
      if (!facts.isFile()) return;
      if (facts.size < this.offset)
        Object.assign(this, { offset: 0, rest: '', passing: false, decoder: new StringDecoder('utf8') });
      const piece = Buffer.allocUnsafe(Math.max(1, Math.min(PIECE, facts.size - this.offset)));
      while (this.offset < facts.size) {
        const { bytesRead } = await file.read(piece, 0, piece.length, this.offset);
        if (bytesRead === 0) return;
        this.offset += bytesRead;
        this.take(this.decoder.write(piece.subarray(0, bytesRead)), onLine);
      }
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

/**
 * The usage of a conversation, from its transcript and those of its sub-agents beside it. Each poll reads only new
 * lines.
 */
export class Transcript {
  private readonly tails = new Map<string, Tail>();
  /** Usage by reply id, of the latest replies: the last line of a reply counts, and a sub-agent's transcript may repeat its parent's. */
  private readonly replies = new Map<string, Usage>();

  /** Sum of the replies before those. */
  private earlier: Usage = NO_USAGE;

  /** @param path as the CLI's hooks report it, `….jsonl` */
  constructor(private readonly path: string) {}

  private take({ id, usage }: ReplyUsage): void {
    this.replies.set(id, usage);
    if (this.replies.size <= REPLIES_KEPT) return;
    // Only lines that follow each other closely are of one reply.
    const [oldest = ''] = this.replies.keys();
    this.earlier = sumUsage([this.earlier, this.replies.get(oldest) ?? NO_USAGE]);
    this.replies.delete(oldest);
  }

  async usage(): Promise<Usage> {
    const below = join(this.path.replace(/\.jsonl$/, ''), 'subagents');
    const others = (await readdir(below).catch(() => [] as string[]))
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => join(below, name));
    for (const path of [this.path, ...others]) {
      const tail = this.tails.get(path) ?? new Tail(path);
      this.tails.set(path, tail);
      await tail.read((line) => {
        const reply = replyUsageOf(line);
        if (reply) this.take(reply);
      });
    }
    return sumUsage([this.earlier, ...this.replies.values()]);
  }
}

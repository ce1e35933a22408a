import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { contextOf, NO_USAGE, replyUsageOf, sumUsage, type ReplyUsage, type Usage } from '../../core/agents/usage';
import { JsonLinesTail } from '../conversations/jsonLinesTail';

/** Replies that are distinguished by their ids; the earlier ones are only added up. */
const MAX_REPLIES = 2000;

/**
 * The usage of a conversation, from its transcript and those of its sub-agents beside it. Each poll reads only new
 * lines.
 */
export class Transcript {
  private readonly tails = new Map<string, JsonLinesTail>();
  /** Usage by reply id, of the latest replies: the last line of a reply counts, and a sub-agent's transcript may repeat its parent's. */
  private readonly replies = new Map<string, Usage>();

  /** Sum of the replies before those. */
  private earlier: Usage = NO_USAGE;
  private latest: number | undefined;

  /** @param path as the CLI's hooks report it, `….jsonl` */
  constructor(private readonly path: string) {}

  private take({ id, usage }: ReplyUsage): void {
    this.replies.set(id, usage);
    if (this.replies.size <= MAX_REPLIES) return;
    // Only lines that follow each other closely are of one reply.
    const [oldest = ''] = this.replies.keys();
    this.earlier = sumUsage([this.earlier, this.replies.get(oldest) ?? NO_USAGE]);
    this.replies.delete(oldest);
  }

  /** Tokens that the model read for its last reply of those read so far; undefined: there is none. */
  get context(): number | undefined {
    return this.latest;
  }

  async usage(): Promise<Usage> {
    const below = join(this.path.replace(/\.jsonl$/, ''), 'subagents');
    const others = (await readdir(below).catch(() => [] as string[]))
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => join(below, name));
    for (const path of [this.path, ...others]) {
      const tail = this.tails.get(path) ?? new JsonLinesTail(path);
      this.tails.set(path, tail);
      await tail.read((line) => {
        const reply = replyUsageOf(line);
        if (!reply) return;
        this.take(reply);
        if (path === this.path) this.latest = contextOf(reply.usage);
      });
    }
    return sumUsage([this.earlier, ...this.replies.values()]);
  }
}

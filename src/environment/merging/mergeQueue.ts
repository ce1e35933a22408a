import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';

const entrySchema = z.object({
  /** Of the request. */
  id: z.string(),
  agents: z.array(z.string()),
  ticket: z.string(),
});
/** One request to merge that no run has begun. */
export type QueuedMerge = Readonly<z.infer<typeof entrySchema>>;

/** Requests that wait behind a run of the merge lane, oldest first, on disk: the next leader finds them. */
export class MergeQueue {
  constructor(private readonly path: string) {}

  async list(): Promise<readonly QueuedMerge[]> {
    try {
      return z.array(entrySchema).safeParse(JSON.parse(await readFile(this.path, 'utf8'))).data ?? [];
    } catch {
      return [];
    }
  }

  /** Adds a request at the end; one that waits already keeps its place. */
  async add(entry: QueuedMerge): Promise<void> {
    const all = await this.list();
    if (!all.some(({ id }) => id === entry.id)) await this.write([...all, entry]);
  }

  /** Removes a request that was begun or refused. */
  async remove(id: string): Promise<void> {
    const all = await this.list();
    if (all.some((entry) => entry.id === id)) await this.write(all.filter((entry) => entry.id !== id));
  }

  async clear(): Promise<void> {
    await this.write([]);
  }

  private async write(entries: readonly QueuedMerge[]): Promise<void> {
    await writeFileAtomic(this.path, JSON.stringify(entries));
  }
}

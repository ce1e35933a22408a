import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';

/** Ids that are kept; the oldest ones go first. */
const MAX_IDS = 5000;
const idsSchema = z.array(z.string());

/** The news of pull requests that agents got, on disk: the next leader does not send them again. */
export class SentNews {
  constructor(private readonly path: string) {}

  async list(): Promise<readonly string[]> {
    try {
      return idsSchema.safeParse(JSON.parse(await readFile(this.path, 'utf8'))).data ?? [];
    } catch {
      return [];
    }
  }

  async add(id: string): Promise<void> {
    await writeFileAtomic(this.path, JSON.stringify([...(await this.list()), id].slice(-MAX_IDS)));
  }
}

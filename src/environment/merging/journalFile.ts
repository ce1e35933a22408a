import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';
import { mergeJournalSchema, type MergeJournal } from '../../core/proof/mergeJournal';

/** Ended runs that are kept for those who asked for them; the next run may begin at once. */
const MAX_ENDED = 20;

/** Reads and writes the journal of the merge lane; readers see the old text or the new one, whole. */
export class JournalFile {
  private readonly ended: string;

  constructor(private readonly path: string) {
    this.ended = path.replace(/(?:\.json)?$/, '-ended.json');
  }

  /** Returns the last run; null when there is none, or it cannot be read. */
  async read(): Promise<MergeJournal | null> {
    return mergeJournalSchema.safeParse(await jsonOf(this.path)).data ?? null;
  }

  /** Returns the run with this ticket, also when later ones have begun; null when there is none, or it is forgotten. */
  async find(ticket: string): Promise<MergeJournal | null> {
    const last = await this.read();
    return last?.ticket === ticket ? last : ((await this.past()).find((run) => run.ticket === ticket) ?? null);
  }

  /** Returns the runs that are kept, newest first. */
  async all(): Promise<readonly MergeJournal[]> {
    const [last, past] = [await this.read(), await this.past()];
    return last ? [last, ...past.filter(({ id }) => id !== last.id)] : past;
  }

  async write(journal: MergeJournal): Promise<void> {
    if (journal.endedAt !== null && journal.ticket !== '') {
      const others = (await this.past()).filter(({ id }) => id !== journal.id);
      await writeFileAtomic(this.ended, JSON.stringify([journal, ...others].slice(0, MAX_ENDED)));
    }
    await writeFileAtomic(this.path, JSON.stringify(journal, null, 2));
  }

  private async past(): Promise<readonly MergeJournal[]> {
    return z.array(mergeJournalSchema).safeParse(await jsonOf(this.ended)).data ?? [];
  }
}

async function jsonOf(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    return null;
  }
}

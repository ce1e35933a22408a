import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';
import { mergeJournalSchema, type MergeJournal } from '../../core/proof/mergeJournal';

/** Reads and writes the journal of the merge lane; readers see the old text or the new one, whole. */
export class JournalFile {
  constructor(private readonly path: string) {}

  /** Returns the last run; null when there is none, or it cannot be read. */
  async read(): Promise<MergeJournal | null> {
    try {
      return mergeJournalSchema.safeParse(JSON.parse(await readFile(this.path, 'utf8'))).data ?? null;
    } catch {
      return null;
    }
  }

  async write(journal: MergeJournal): Promise<void> {
    await writeFileAtomic(this.path, JSON.stringify(journal, null, 2));
  }
}
